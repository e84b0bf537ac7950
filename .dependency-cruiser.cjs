/** Imports go one way (docs/ARCHITECTURE.md, "Rooms"). */
const server = (room) => `^packages/server/src/${room}/`;
const forbid = (name, from, to, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from },
  to: { path: to },
});
const anyOf = (...rooms) => rooms.map((room) => server(room));

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    forbid(
      'net-is-pure',
      '^packages/net/src/(?!.*\\.test\\.ts$)',
      '^(packages/(?!net/)|lab/|node:)',
      'net knows nobody',
    ),
    forbid('vici-knows-nothing-of-us', '^packages/vici/', '^(packages/(?!vici/)|lab/)', 'vici is a client library'),
    forbid(
      'client-knows-nothing-of-us',
      '^packages/client/',
      '^(packages/(?!client/)|lab/)',
      'client is a client library',
    ),
    forbid(
      'domain-is-pure',
      server('domain'),
      [...anyOf('api', 'services', 'store', 'planner', 'agent', 'drivers', 'monitor', 'config'), '^packages/vici/'],
      'domain has no I/O',
    ),
    forbid(
      'planner-is-pure',
      server('planner') + '(?!.*\\.test\\.ts$)',
      [...anyOf('api', 'services', 'store', 'agent', 'drivers', 'monitor', 'platform', 'config'), '^packages/vici/'],
      'the same rows give the same plan',
    ),
    forbid(
      'store-is-below',
      server('store'),
      anyOf('api', 'services', 'agent', 'drivers', 'monitor'),
      'services use the store',
    ),
    forbid(
      'services-never-act',
      server('services'),
      anyOf('api', 'agent', 'drivers', 'monitor'),
      'a service never runs a command',
    ),
    forbid(
      'api-never-acts',
      server('api') + '(?!.*\\.test\\.ts$)',
      anyOf('agent', 'drivers', 'monitor'),
      'a request never touches the kernel',
    ),
    forbid(
      'drivers-never-decide',
      server('(drivers|monitor)'),
      anyOf('api', 'services', 'store', 'agent', 'config'),
      'the plan is what crosses',
    ),
    forbid(
      'agent-never-decides',
      server('agent'),
      anyOf('api', 'services', 'store', 'config'),
      'the plan is what crosses',
    ),
    forbid(
      'plan-is-the-contract',
      server('plan'),
      anyOf(
        'api',
        'services',
        'store',
        'image',
        'derive',
        'planner',
        'planning',
        'agent',
        'drivers',
        'monitor',
        'platform',
        'config',
      ),
      'both sides read it',
    ),
    forbid(
      'acting-never-plans',
      server('(agent|drivers|monitor)'),
      anyOf('planner', 'planning', 'derive', 'image', 'store', 'services'),
      'the plan is what crosses',
    ),
    forbid(
      'settings-are-handed-in',
      anyOf('api', 'services', 'store'),
      server('config'),
      'main reads the configuration',
    ),
    forbid('lab-uses-the-public-api', '^lab/src/', '^packages/server/', 'the lab talks to the public API only'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^packages/uxfrm' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.js'],
    },
  },
};
