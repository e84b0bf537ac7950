import { byDefault, nothingSaid, said } from '../found-tunnel.ts';
import { boundTunnels } from '../bounds.ts';
import { chooseSecret, secretOf, type Secret } from '../choose-secret.ts';
import type { FoundLifetime, FoundSelectors, FoundTunnel, Note, PeerFile, Said, Saying } from '../found-tunnel.ts';
import { defaultEspProposals, defaultIkeProposals, readSwanProposals } from '../swan-proposal.ts';
import {
  identityOfAddress,
  readRange,
  readSwanAddress,
  readSwanBoolean,
  readSwanIdentity,
  readSwanKey,
  readSwanSeconds,
} from '../swan-values.ts';
import { View } from './resolve-references.ts';
import { readSettingsTree, type Setting } from './settings-tree.ts';

/** strongSwan's swanctl.conf(5); defaults are the ones that it names. */
export function readSwanctl(text: string): PeerFile {
  const { root, notes } = readSettingsTree(text);
  const file = View.of(root);
  const connections = file.section('connections');
  const secrets = readSecrets(file.section('secrets'));
  const conns = connections.sectionNames().map((name) => {
    const conn = connections.section(name);
    return { name, conn, line: conn.line };
  });
  const tunnels = boundTunnels(conns).map(({ name, conn }) => readConnection(name, conn, secrets, notes));
  return { dialect: 'swanctl', tunnels, notes };
}

function readConnection(name: string, conn: View, secrets: readonly Secret[], notes: Note[]): FoundTunnel {
  const children = conn.section('children');
  const childViews = children.sectionNames().map((child) => children.section(child));
  const [local, remote] = [authRound(conn, 'local'), authRound(conn, 'remote')];
  const localAddress = sayOr(conn.setting('local_addrs'), '%any', (text) => readSwanAddress(splitList(text)));
  const remoteAddress = sayOr(conn.setting('remote_addrs'), '%any', (text) => readSwanAddress(splitList(text)));
  const localIdentity = say(local.setting('id'), readSwanIdentity) ?? identityOfAddress(localAddress);
  const remoteIdentity = sayOr(remote.setting('id'), '%any', readSwanIdentity);
  return {
    ...nothingSaid(name, conn.line),
    ...{ localAddress, remoteAddress, localIdentity, remoteIdentity },
    ikeVersions: sayOr(conn.setting('version'), '0', readVersions),
    authentication: readAuthentication(local, remote),
    key: chooseSecret(secrets, localIdentity, remoteIdentity),
    aggressive: sayOr(conn.setting('aggressive'), 'no', readSwanBoolean),
    ikeProposals: sayOr(conn.setting('proposals'), 'default', (value) => readSwanProposals(value, defaultIkeProposals)),
    ikeLifetime: readIkeLifetime(conn),
    dpd: sayOr(conn.setting('dpd_delay'), '0', (value) => readSwanSeconds(value) !== 0),
    natTraversal: sayOr(conn.setting('encap'), 'no', (value) => (readSwanBoolean(value) ? 'forced' : 'detected')),
    ...readChildren(childViews, notes),
  };
}

type ChildSayings = Pick<FoundTunnel, 'espProposals' | 'espLifetime' | 'encapsulation' | 'selectors' | 'begins'>;

/** What children disagree about is said by the first; their selectors are put together. */
function readChildren(children: readonly View[], notes: Note[]): ChildSayings {
  const [first] = children;
  if (first === undefined) {
    return { espProposals: null, espLifetime: null, encapsulation: null, selectors: byDefault([]), begins: null };
  }
  const selectors = children.map((child) => readSelectors(child, notes));
  const ah = first.setting('ah_proposals');
  return {
    espProposals: sayOr(first.setting('esp_proposals'), 'default', (value) =>
      readSwanProposals(value, defaultEspProposals),
    ),
    espLifetime: readChildLifetime(first),
    encapsulation:
      ah === undefined
        ? sayOr(first.setting('mode'), 'tunnel', (value) => (value === 'tunnel' ? 'tunnel' : 'transport'))
        : said('ah', ah.line),
    selectors: selectors.includes(null)
      ? null
      : said(
          selectors.filter((one) => one !== null),
          first.line,
        ),
    begins: sayOr(first.setting('start_action'), 'none', readStartAction),
  };
}

function readSelectors(child: View, notes: Note[]): FoundSelectors | null {
  const [local, remote] = [child.setting('local_ts'), child.setting('remote_ts')];
  if (local === undefined || remote === undefined) return null;
  const [locals, remotes] = [readTrafficSelectors(local, notes), readTrafficSelectors(remote, notes)];
  return locals.length === 0 || remotes.length === 0 ? null : { locals, remotes, line: local.line };
}

function readTrafficSelectors({ value, line }: Setting, notes: Note[]) {
  return splitList(value).flatMap((word) => {
    const bracket = word.indexOf('[');
    if (bracket !== -1) notes.push({ line, text: 'the protocol and port of a selector were left out of account' });
    return readRange(bracket === -1 ? word : word.slice(0, bracket)) ?? [];
  });
}

function readStartAction(value: string): 'at-once' | 'with-traffic' | 'never' {
  if (value.includes('start')) return 'at-once';
  return value.includes('trap') || value === 'route' ? 'with-traffic' : 'never';
}

function readVersions(value: string): readonly (1 | 2)[] {
  if (value === '1') return [1];
  return value === '2' ? [2] : [1, 2];
}

/** From when keys are renewed to when they die; a tenth more, unless the file says so. */
function readChildLifetime(child: View): Saying<FoundLifetime> {
  const [rekey, life] = [child.setting('rekey_time'), child.setting('life_time')];
  const rekeySeconds = rekey && readSwanSeconds(rekey.value);
  const lifeSeconds = life && readSwanSeconds(life.value);
  if (rekeySeconds === null || lifeSeconds === null) return null;
  const line = rekey?.line ?? life?.line ?? null;
  if (rekeySeconds !== undefined) return { value: spanOf(rekeySeconds, lifeSeconds ?? rekeySeconds * 1.1), line };
  if (lifeSeconds !== undefined) return { value: spanOf(lifeSeconds * 0.9, lifeSeconds), line };
  return byDefault(spanOf(3600, 3960));
}

/** IKEv1, or whoever says so, authenticates anew instead. */
function readIkeLifetime(conn: View): Saying<FoundLifetime> {
  const setting = conn.setting('rekey_time') ?? conn.setting('reauth_time');
  const seconds = setting === undefined ? 14_400 : readSwanSeconds(setting.value);
  if (seconds === null || seconds === 0) return null;
  return { value: spanOf(seconds, seconds * 1.1), line: setting?.line ?? null };
}

function spanOf(from: number, to: number): FoundLifetime {
  return { from: Math.floor(Math.min(from, to)), to: Math.ceil(to) };
}

/** The first authentication round of a side: `local`, `local-1`, `localmain`. */
function authRound(conn: View, side: 'local' | 'remote'): View {
  const name = conn.sectionNames().find((section) => section.startsWith(side)) ?? side;
  return conn.section(name);
}

function readAuthentication(local: View, remote: View): Said<'psk' | 'other'> {
  const sides = [local.setting('auth'), remote.setting('auth')];
  const other = sides.find((side) => side?.value !== 'psk');
  const line = (other ?? sides[0])?.line ?? null;
  return { value: sides.every((side) => side?.value === 'psk') ? 'psk' : 'other', line };
}

function readSecrets(secrets: View): Secret[] {
  return secrets.sectionNames().flatMap((name) => {
    const section = secrets.section(name);
    const secret = section.setting('secret');
    if (!name.startsWith('ike') || secret === undefined) return [];
    const owners = idSettings(section).map(readSwanIdentity);
    return [secretOf(readSwanKey(secret.value), owners, secret.line)];
  });
}

/** `id` with any suffix. */
function idSettings(section: View): string[] {
  const keys = section.settingKeys().filter((key) => key.startsWith('id'));
  return keys.flatMap((key) => section.setting(key)?.value ?? []);
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

function say<T>(setting: Setting | undefined, read: (text: string) => T | null): Saying<T> {
  if (setting === undefined) return null;
  const value = read(setting.value);
  return value === null ? null : said(value, setting.line);
}

function sayOr<T>(setting: Setting | undefined, fallback: string, read: (text: string) => T | null): Saying<T> {
  if (setting !== undefined) return say(setting, read);
  const value = read(fallback);
  return value === null ? null : byDefault(value);
}
