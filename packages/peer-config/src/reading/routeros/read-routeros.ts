import { cipherOf, groupOfName, hashOf, isAeadCipher } from '../algorithm-words.ts';
import { boundTunnels } from '../bounds.ts';
import { FoundKey } from '../found-key.ts';
import { nothingSaid, said } from '../found-tunnel.ts';
import type {
  FoundIdentity,
  FoundProposal,
  FoundSelectors,
  FoundTunnel,
  Note,
  PeerFile,
  Saying,
} from '../found-tunnel.ts';
import { addressIdentity, identityOfAddress, readRange, readSwanAddress } from '../swan-values.ts';
import { readMenuLines, type MenuCommand } from './menu-lines.ts';

/** MikroTik RouterOS 6.44 to 7; defaults are those of its manual's page IPsec. */
export function readRouterOs(text: string): PeerFile {
  const commands = readMenuLines(text);
  const notes: Note[] = [];
  const around: Around = {
    profiles: byName(commands, 'ip ipsec profile'),
    proposals: byName(commands, 'ip ipsec proposal'),
    identities: Map.groupBy(itemsOf(commands, 'ip ipsec identity'), ({ values }) => values.get('peer') ?? ''),
    policies: Map.groupBy(itemsOf(commands, 'ip ipsec policy'), ({ values }) => values.get('peer') ?? ''),
  };
  const peers = new Map(itemsOf(commands, 'ip ipsec peer').map((peer) => [peer.values.get('name') ?? '', peer]));
  const tunnels = boundTunnels([...peers.values()]).map((peer) => readPeer(peer, around));
  return { dialect: 'routeros', tunnels, notes };
}

interface Item {
  readonly line: number;
  readonly values: ReadonlyMap<string, string>;
}

interface Around {
  readonly profiles: ReadonlyMap<string, Item>;
  readonly proposals: ReadonlyMap<string, Item>;
  readonly identities: ReadonlyMap<string, readonly Item[]>;
  readonly policies: ReadonlyMap<string, readonly Item[]>;
}

function readPeer(peer: Item, { profiles, proposals, identities, policies }: Around): FoundTunnel {
  const name = peer.values.get('name') ?? '';
  const profile = profiles.get(peer.values.get('profile') ?? 'default') ?? {
    line: peer.line,
    values: new Map<string, string>(),
  };
  const identity = identities.get(name)?.[0];
  const own = (policies.get(name) ?? []).filter(({ values }) => values.get('template') !== 'yes');
  const localAddress = readAddress(peer, 'local-address');
  const mode = peer.values.get('exchange-mode') ?? 'main';
  const modeLine = peer.values.has('exchange-mode') ? peer.line : null;
  return {
    ...nothingSaid(name, peer.line),
    localAddress,
    remoteAddress: readAddress(peer, 'address'),
    ikeVersions: { value: [mode === 'ike2' ? 2 : 1], line: modeLine },
    aggressive: { value: mode === 'aggressive', line: modeLine },
    ...readIdentity(identity, localAddress),
    ikeProposals: readProfile(profile),
    ikeLifetime: readLifetime(profile, 86_400),
    dpd: sayOr(profile, 'dpd-interval', true, (value) => value !== 'disable-dpd'),
    natTraversal: sayOr(profile, 'nat-traversal', 'detected', (value) => (value === 'no' ? 'off' : 'detected')),
    begins: sayOr(peer, 'passive', 'at-once', (value) => (value === 'yes' ? 'never' : 'at-once')),
    ...readPolicies(own, proposals, peer),
  };
}

/** Defaults: SHA-1, AES with 128 bits, groups 14 and 2; `prf-algorithm=auto` is the hash. */
function readProfile(profile: Item): FoundTunnel['ikeProposals'] {
  const list = (key: string, fallback: string) => (profile.values.get(key) ?? fallback).split(',');
  const hash = profile.values.get('hash-algorithm') ?? 'sha1';
  const prf = profile.values.get('prf-algorithm') ?? 'auto';
  const integrity = [hashOf(hash) ?? hash];
  const proposal: FoundProposal = {
    encryption: list('enc-algorithm', 'aes-128').map((word) => cipherOf(word) ?? word),
    integrity,
    prf: prf === 'auto' ? integrity : [hashOf(prf) ?? prf],
    groups: list('dh-group', 'modp2048,modp1024').map((word) => groupOfName(word) ?? -1),
  };
  return said([proposal], profile.line);
}

type ChildSayings = Pick<FoundTunnel, 'espProposals' | 'espLifetime' | 'encapsulation' | 'selectors'>;

function readPolicies(policies: readonly Item[], proposals: ReadonlyMap<string, Item>, peer: Item): ChildSayings {
  const [first] = policies;
  if (first === undefined) {
    return { espProposals: null, espLifetime: null, encapsulation: null, selectors: said([], peer.line) };
  }
  const proposal = proposals.get(first.values.get('proposal') ?? 'default') ?? {
    line: first.line,
    values: new Map<string, string>(),
  };
  const isAh = first.values.get('ipsec-protocols') === 'ah';
  const isTunnel = first.values.get('tunnel') === 'yes';
  const selectors = policies.map(readSelectors);
  return {
    espProposals: isAh ? null : readProposal(proposal),
    espLifetime: readLifetime(proposal, 1800),
    encapsulation: said(isAh ? 'ah' : isTunnel ? 'tunnel' : 'transport', first.line),
    selectors: selectors.includes(null)
      ? null
      : said(
          selectors.filter((one) => one !== null),
          first.line,
        ),
  };
}

/** Each algorithm that is listed goes with each other; AEAD ciphers with none. */
function readProposal(proposal: Item): FoundTunnel['espProposals'] {
  const list = (key: string, fallback: string) =>
    (proposal.values.get(key) ?? fallback).split(',').filter((word) => word !== '');
  const pfs = proposal.values.get('pfs-group') ?? 'modp1024';
  const groups = pfs === 'none' ? [null] : [groupOfName(pfs) ?? -1];
  const ciphers = list('enc-algorithms', 'aes-256-cbc,aes-192-cbc,aes-128-cbc').map((word) => cipherOf(word) ?? word);
  const integrity = list('auth-algorithms', 'sha1').map((word) => hashOf(word) ?? word);
  const kinds = [ciphers.filter(isAeadCipher), ciphers.filter((cipher) => !isAeadCipher(cipher))];
  const value = kinds
    .filter((kind) => kind.length > 0)
    .map((encryption): FoundProposal => ({ encryption, integrity, prf: [], groups }));
  return said(value, proposal.line);
}

function readSelectors({ values, line }: Item): FoundSelectors | null {
  const [local, remote] = ['src-address', 'dst-address'].map((key) => readRange(values.get(key) ?? '0.0.0.0/0'));
  return local == null || remote == null ? null : { locals: [local], remotes: [remote], line };
}

type IdentitySayings = Pick<FoundTunnel, 'authentication' | 'key' | 'localIdentity' | 'remoteIdentity'>;

function readIdentity(identity: Item | undefined, local: FoundTunnel['localAddress']): IdentitySayings {
  if (identity === undefined) return { authentication: null, key: null, localIdentity: null, remoteIdentity: null };
  const secret = identity.values.get('secret');
  return {
    authentication: sayOr(identity, 'auth-method', 'psk', (value) => (value === 'pre-shared-key' ? 'psk' : 'other')),
    key: secret === undefined || secret === '' ? null : said(FoundKey.ofText(secret), identity.line),
    localIdentity: sayOr(identity, 'my-id', null, readId) ?? identityOfAddress(local),
    // What `auto` accepts is not documented for keys.
    remoteIdentity: sayOr(identity, 'remote-id', null, (value) =>
      value === 'ignore' ? { kind: 'any' } : readId(value),
    ),
  };
}

/** `fqdn:NAME`, `address:A`, `key-id:TEXT`, `user-fqdn:TEXT`; `auto` depends on the rest. */
function readId(text: string): FoundIdentity | null {
  if (text === 'auto') return null;
  const colon = text.indexOf(':');
  const [kind, value] = [text.slice(0, colon), text.slice(colon + 1)];
  if (kind === 'fqdn') return { kind: 'fqdn', name: value };
  return kind === 'address' && readRange(value) !== null ? addressIdentity(value) : { kind: 'other', text };
}

function readAddress(peer: Item, key: string): FoundTunnel['localAddress'] {
  const text = peer.values.get(key) ?? '';
  if (text === '' || text === '::' || text === '::/0')
    return { value: { kind: 'any' }, line: text === '' ? null : peer.line };
  const address = readSwanAddress([text]);
  return address === null ? null : said(address, peer.line);
}

/** `1d`, `8h30m`, `00:30:00`, `1d02:00:00`. */
function readLifetime(item: Item, fallback: number): FoundTunnel['ikeLifetime'] {
  return sayOr(item, 'lifetime', { from: fallback, to: fallback }, (text) => {
    const match = /^(?:([0-9]{1,4})w)?(?:([0-9]{1,5})d)?(?:([0-9]{1,6})h)?(?:([0-9]{1,7})m)?(?:([0-9]{1,9})s?)?$/.exec(
      text,
    );
    const clock = /^(?:([0-9]{1,5})d)?([0-9]{1,5}):([0-9]{2})(?::([0-9]{2}))?$/.exec(text);
    const [parts, units] = match === null ? [clock, [86_400, 3600, 60, 1]] : [match, [604_800, 86_400, 3600, 60, 1]];
    if (parts === null || text === '') return null;
    const seconds = units.reduce((sum, unit, at) => sum + unit * Number(parts[at + 1] ?? 0), 0);
    return { from: seconds, to: seconds };
  });
}

/** Items of a menu: what was added and is not disabled. */
function itemsOf(commands: readonly MenuCommand[], menu: string): Item[] {
  return commands.filter(
    (command) => command.menu === menu && command.verb === 'add' && command.values.get('disabled') !== 'yes',
  );
}

/** Items by name; `default` is there from the beginning, and `set` changes items. */
function byName(commands: readonly MenuCommand[], menu: string): ReadonlyMap<string, Item> {
  const items = new Map<string, { line: number; readonly values: Map<string, string> }>([
    ['default', { line: 1, values: new Map() }],
  ]);
  for (const { menu: place, verb, values, targets, find, line } of commands) {
    if (place !== menu) continue;
    if (verb === 'add') items.set(values.get('name') ?? '', { line, values: new Map(values) });
    if (verb !== 'set') continue;
    const name =
      find === null ? (targets[0] ?? '') : find.get('default') === 'yes' ? 'default' : (find.get('name') ?? '');
    const known = items.get(name === '0' ? 'default' : name);
    if (known === undefined) continue;
    known.line = line;
    for (const [key, value] of values) known.values.set(key, value);
  }
  return items;
}

function sayOr<T>(item: Item, key: string, fallback: T, read: (text: string) => T | null): Saying<NonNullable<T>> {
  const text = item.values.get(key);
  const value = text === undefined ? fallback : read(text);
  return value == null ? null : { value, line: text === undefined ? null : item.line };
}
