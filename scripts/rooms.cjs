/**
 * The rooms of the house, and what each may import: what is not listed is an error (`npm run directions`). The table "Rooms" of
 * docs/ARCHITECTURE.md is compared with this one (rooms.test.ts).
 */
const server = 'packages/server/src/';

/** What a room is called in the table, where it is, and which rooms it may import beside itself. */
const rooms = [
  { name: 'net', path: 'packages/net/src/', may: [] },
  { name: 'peer-config', path: 'packages/peer-config/src/', may: ['net'] },
  { name: 'vici', path: 'packages/vici/src/', may: [] },
  { name: 'catalogue', path: 'packages/catalogue/src/', may: [] },
  { name: 'client', path: 'packages/client/src/', may: ['catalogue'] },
  { name: 'testbed', path: 'packages/testbed/src/', may: [] },
  { name: 'domain', path: `${server}domain/`, may: ['net'] },
  { name: 'plan', path: `${server}plan/`, may: ['domain', 'net'] },
  { name: 'diagnosis', path: `${server}diagnosis/`, may: ['plan', 'domain', 'net'] },
  { name: 'image', path: `${server}image/`, may: ['domain', 'net'] },
  { name: 'derive', path: `${server}derive/`, may: ['image', 'domain', 'net'] },
  { name: 'planner', path: `${server}planner/`, may: ['image', 'derive', 'domain', 'plan', 'net'] },
  {
    name: 'planning',
    path: `${server}planning/`,
    may: ['planner', 'image', 'derive', 'domain', 'plan', 'platform'],
  },
  { name: 'store', path: `${server}store/`, may: ['image', 'domain', 'platform', 'net'] },
  { name: 'writer', path: `${server}writer/`, may: ['store', 'image', 'domain', 'platform'] },
  {
    name: 'services',
    path: `${server}services/`,
    may: ['image', 'derive', 'diagnosis', 'domain', 'plan', 'platform', 'peer-config', 'net'],
  },
  {
    name: 'api',
    path: `${server}api/`,
    may: ['services', 'derive', 'domain', 'platform', 'peer-config', 'catalogue', 'client', 'net'],
  },
  { name: 'http', path: `${server}http/`, may: ['api', 'services', 'domain', 'store', 'platform', 'catalogue'] },
  {
    name: 'server/console',
    path: `${server}console/`,
    may: ['http', 'api', 'services', 'image', 'domain', 'platform', 'catalogue'],
  },
  {
    name: 'notify',
    path: `${server}notify/`,
    may: ['store', 'services', 'image', 'domain', 'platform'],
  },
  { name: 'agent', path: `${server}agent/`, may: ['gateway', 'drivers', 'plan', 'domain', 'platform', 'net'] },
  { name: 'gateway', path: `${server}gateway/`, may: ['drivers', 'diagnosis', 'plan', 'domain', 'platform', 'vici'] },
  { name: 'captures', path: `${server}captures/`, may: ['drivers', 'plan', 'domain', 'platform', 'net'] },
  {
    name: 'peer-questions',
    path: `${server}peer-questions/`,
    may: ['drivers', 'plan', 'domain', 'platform'],
  },
  { name: 'path-proofs', path: `${server}path-proofs/`, may: ['drivers', 'plan', 'domain', 'platform', 'net'] },
  { name: 'drivers', path: `${server}drivers/`, may: ['plan', 'domain', 'platform', 'vici', 'net'] },
  { name: 'history', path: `${server}history/`, may: ['domain', 'platform'] },
  { name: 'seam', path: `${server}seam/`, may: ['plan', 'domain', 'platform'] },
  { name: 'recorder', path: `${server}recorder/`, may: ['diagnosis', 'domain', 'platform'] },
  { name: 'platform', path: `${server}platform/`, may: ['domain'] },
  { name: 'config', path: `${server}config/`, may: ['domain', 'net'] },
  { name: 'conditions', path: `${server}conditions/`, may: ['config', 'plan', 'domain', 'platform'] },
  {
    name: 'hold',
    path: `${server}hold/`,
    may: ['http', 'config', 'drivers', 'store', 'writer', 'image', 'plan', 'domain', 'platform'],
  },
  { name: 'backup', path: `${server}backup/`, may: ['drivers', 'store', 'platform'] },
  { name: 'processes', path: `${server}processes/`, may: ['server'] },
  { name: 'main.ts', path: `${server}main.ts`, may: ['server'] },
  { name: 'peer-config/testing', path: 'packages/peer-config/testing/', may: ['peer-config', 'net'] },
  {
    name: 'server/testing',
    path: 'packages/server/testing/',
    may: ['server', 'testbed', 'catalogue', 'client', 'vici', 'net'],
  },
  { name: 'vici/testing', path: 'packages/vici/testing/', may: ['vici', 'testbed'] },
  { name: 'cli', path: 'packages/cli/src/', may: ['server', 'catalogue', 'client', 'lab'] },
  { name: 'console', path: 'packages/console/src/', may: ['catalogue', 'net'] },
  {
    name: 'console/testing',
    path: 'packages/console/testing/',
    may: ['console', 'server', 'server/testing', 'testbed'],
  },
  { name: 'lab', path: 'lab/src/', may: ['catalogue', 'client', 'net', 'vici', 'testbed'] },
  {
    name: 'lab/test',
    path: 'lab/test/',
    may: [
      'lab',
      'catalogue',
      'client',
      'net',
      'vici',
      'testbed',
      'server/testing',
      'console/testing',
      'domain',
      'derive',
    ],
  },
  { name: 'vmlab', path: 'vmlab/', may: ['lab', 'client', 'testbed'] },
  {
    name: 'bench',
    path: 'bench/',
    may: ['lab', 'catalogue', 'client', 'server', 'testbed', 'console/testing'],
  },
];

/** All rooms of packages/server/src at once. */
const groups = { server };

/** What tests of a room may import beside what the room may. */
const tests = [
  { of: server, may: ['server', 'server/testing', 'testbed', 'client', 'vici', 'net'] },
  { of: 'packages/peer-config/src/', may: ['peer-config/testing'] },
  { of: 'packages/vici/src/', may: ['vici/testing', 'testbed'] },
  { of: 'packages/cli/src/', may: ['server/testing'] },
];

/** Edges that shall go: files by regular expression. */
const exceptions = [
  {
    from: `${server}(services|hold)/`,
    to: `${server}planner/plan-for\\.ts`,
    why: 'which plans there are: the image says so itself once plans come in parts',
  },
];

const pathsOf = (name) => {
  const path = groups[name] ?? rooms.find((room) => room.name === name)?.path;
  if (path === undefined) throw new Error(`there is no room ${name}`);
  return path;
};

const escaped = (path) => path.replaceAll('.', '\\.');
const anyOf = (names) => `^(${names.map((name) => escaped(pathsOf(name))).join('|')})`;

/** The rules of dependency-cruiser: an import is right when one of them fits. */
const allowed = [
  ...rooms.map(({ name, path, may }) => ({
    from: { path: `^${escaped(path)}` },
    to: { path: anyOf([name, ...may]) },
  })),
  ...tests.map(({ of, may }) => ({ from: { path: `^${escaped(of)}.*\\.test\\.ts$` }, to: { path: anyOf(may) } })),
  ...exceptions.map(({ from, to, why }) => ({ comment: why, from: { path: `^${from}` }, to: { path: `^${to}$` } })),
  // Libraries and Node are no rooms.
  { from: {}, to: { pathNot: '^(?!.*node_modules/)(packages|lab|vmlab|bench|scripts)/' } },
];

module.exports = { rooms, exceptions, allowed };
