import { cidrContains, everything, isIpAddress, parseIpAddress, type Cidr } from '@landbridge/net';
import { maskLength } from '../address-forms.ts';
import { boundTunnels } from '../bounds.ts';
import { byDefault, nothingSaid, said } from '../found-tunnel.ts';
import type { FoundIdentity, FoundTunnel, Note, PeerFile, Saying } from '../found-tunnel.ts';
import { lazily } from '../lazily.ts';
import { addressIdentity, identityOfAddress, readRange } from '../swan-values.ts';
import { argumentsOf, commandsOf, readCommandTree, type Command } from './command-tree.ts';
import { readAccessList } from './ios-access-list.ts';
import { fits, keyOf, readIkev2Key, readIkev2Profile } from './ios-ikev2.ts';
import { readIsakmpPolicies, readTransformSets, spanSaid } from './ios-proposals.ts';

/** Cisco IOS and IOS XE, `show running-config`: crypto maps, and tunnel interfaces with an IPsec profile; IKEv1 and IKEv2. */
export function readCiscoIos(text: string): PeerFile {
  const commands = readCommandTree(text);
  const notes: Note[] = [];
  const maps = commandsOf(commands, 'crypto', 'map').filter(({ words }) => words[4] === 'ipsec-isakmp');
  const interfaces = commandsOf(commands, 'interface').filter(
    ({ below }) => argumentsOf(below, 'tunnel', 'protection', 'ipsec', 'profile') !== undefined,
  );
  // What is there twice is one and the same.
  const byName = new Map([...maps, ...interfaces].map((command) => [command.words.slice(0, 4).join(' '), command]));
  const found = boundTunnels([...byName.values()]);
  const tunnels = found.map((command) =>
    command.words[0] === 'interface' ? readTunnelInterface(command, commands) : readCryptoMap(command, commands, notes),
  );
  return { dialect: 'cisco-ios', tunnels, notes };
}

function readCryptoMap(map: Command, commands: readonly Command[], notes: Note[]): FoundTunnel {
  const name = `${map.words[2] ?? ''} ${map.words[3] ?? ''}`;
  const peers = commandsOf(map.below, 'set', 'peer');
  const ends = { localAddress: addressOfMap(map.words[2] ?? '', commands), remoteAddress: readPeers(peers) };
  const known: Omit<FoundTunnel, 'key' | 'selectors'> = {
    ...nothingSaid(name, map.line),
    ...ends,
    ...readIke(map.below, commands, ends),
    ...readTransformSets(commands, map.below),
    espLifetime: readEspLifetime(map.below, commands),
    natTraversal: readNat(commands),
    begins: byDefault('with-traffic'),
  };
  return lazily<FoundTunnel, 'key' | 'selectors'>(known, {
    key: () => readKey(map.below, commands, ends),
    selectors: () => readMatch(map, commands, notes),
  });
}

function readMatch(map: Command, commands: readonly Command[], notes: Note[]): FoundTunnel['selectors'] {
  const list = argumentsOf(map.below, 'match', 'address');
  const selectors = list === undefined ? null : readAccessList(list.words[0] ?? '', commands, notes);
  return selectors === null ? null : said(selectors, list?.line ?? map.line);
}

function readTunnelInterface(tunnel: Command, commands: readonly Command[]): FoundTunnel {
  const name = tunnel.words.slice(1).join('');
  const { below } = tunnel;
  const ends = { localAddress: addressOfSource(below, commands), remoteAddress: readDestination(below) };
  const profileName = argumentsOf(below, 'tunnel', 'protection', 'ipsec', 'profile')?.words[0];
  const profile = commandsOf(commands, 'crypto', 'ipsec', 'profile', profileName ?? '')[0];
  const mode = argumentsOf(below, 'tunnel', 'mode');
  const isIpsec = mode?.words[0] === 'ipsec';
  const transforms = readTransformSets(commands, profile?.below ?? []);
  const known: Omit<FoundTunnel, 'key' | 'routes'> = {
    ...nothingSaid(name, tunnel.line),
    ...ends,
    ...readIke(profile?.below ?? [], commands, ends),
    ...transforms,
    // Without `tunnel mode` the packets are GRE's.
    encapsulation: isIpsec ? transforms.encapsulation : said('gre', mode?.line ?? tunnel.line),
    espLifetime: readEspLifetime(profile?.below ?? [], commands),
    selectors: isIpsec ? said([{ locals: [everything], remotes: [everything], line: mode.line }], mode.line) : null,
    natTraversal: readNat(commands),
    begins: byDefault('at-once'),
  };
  return lazily<FoundTunnel, 'key' | 'routes'>(known, {
    key: () => readKey(profile?.below ?? [], commands, ends),
    routes: () => readRoutes(name, below, commands),
  });
}

type Ends = Pick<FoundTunnel, 'localAddress' | 'remoteAddress'>;

/** IKEv2 where there is an `ikev2-profile`, else IKEv1. */
function readIke(
  below: readonly Command[],
  commands: readonly Command[],
  ends: Ends,
): Partial<Omit<FoundTunnel, 'key'>> {
  const name = argumentsOf(below, 'set', 'ikev2-profile');
  if (name === undefined) return readIsakmp(below, commands, ends);
  const profile = commandsOf(commands, 'crypto', 'ikev2', 'profile', name.words[0] ?? '')[0];
  return profile === undefined ? { ikeVersions: said([2], name.line) } : readIkev2Profile(profile, commands, ends);
}

/** Of the profile that is used, or for the peer's address. */
function readKey(below: readonly Command[], commands: readonly Command[], { remoteAddress }: Ends): FoundTunnel['key'] {
  const ikev2 = argumentsOf(below, 'set', 'ikev2-profile')?.words[0];
  if (ikev2 !== undefined) {
    const profile = commandsOf(commands, 'crypto', 'ikev2', 'profile', ikev2)[0];
    return readIkev2Key(profile?.below ?? [], commands, remoteAddress);
  }
  const isakmp = argumentsOf(below, 'set', 'isakmp-profile')?.words[0];
  const profile = commandsOf(commands, 'crypto', 'isakmp', 'profile', isakmp ?? '')[0];
  return readIsakmpKey(profile, commands, remoteAddress);
}

function readIsakmp(
  below: readonly Command[],
  commands: readonly Command[],
  ends: Ends,
): Partial<Omit<FoundTunnel, 'key'>> {
  const name = argumentsOf(below, 'set', 'isakmp-profile')?.words[0];
  const profile = commandsOf(commands, 'crypto', 'isakmp', 'profile', name ?? '')[0];
  const keepalive =
    argumentsOf(profile?.below ?? [], 'keepalive') ?? argumentsOf(commands, 'crypto', 'isakmp', 'keepalive');
  const aggressive = commandsOf(profile?.below ?? [], 'initiate', 'mode', 'aggressive')[0];
  return {
    ikeVersions: byDefault([1]),
    ...readIsakmpPolicies(commands),
    aggressive: aggressive === undefined ? byDefault(false) : said(true, aggressive.line),
    localIdentity: readSelfIdentity(profile, commands, ends.localAddress),
    // A key is chosen by the peer's address; who has it is who it says.
    remoteIdentity: byDefault<FoundIdentity>({ kind: 'any' }),
    dpd: keepalive === undefined ? byDefault(false) : said(true, keepalive.line),
  };
}

/** Of a keyring, or `crypto isakmp key`, for the peer's address. */
function readIsakmpKey(
  profile: Command | undefined,
  commands: readonly Command[],
  remote: FoundTunnel['remoteAddress'],
): FoundTunnel['key'] {
  const name = argumentsOf(profile?.below ?? [], 'keyring')?.words[0];
  const keyring = commandsOf(commands, 'crypto', 'keyring', name ?? '')[0];
  const inKeyring = commandsOf(keyring?.below ?? [], 'pre-shared-key', 'address').find(({ words }) =>
    fits(words.slice(2, words.indexOf('key')), remote),
  );
  if (inKeyring !== undefined)
    return said(keyOf(inKeyring.words.slice(inKeyring.words.indexOf('key') + 1)), inKeyring.line);
  const global = commandsOf(commands, 'crypto', 'isakmp', 'key').find(({ words }) => {
    const address = words.indexOf('address');
    return (
      address !== -1 &&
      fits(
        words.slice(address + 1).filter((word) => word !== 'no-xauth'),
        remote,
      )
    );
  });
  return global === undefined ? null : said(keyOf(global.words.slice(3, global.words.indexOf('address'))), global.line);
}

function readSelfIdentity(
  profile: Command | undefined,
  commands: readonly Command[],
  local: FoundTunnel['localAddress'],
): Saying<FoundIdentity> {
  const own = argumentsOf(profile?.below ?? [], 'self-identity');
  const global = argumentsOf(commands, 'crypto', 'isakmp', 'identity');
  const words = own ?? global;
  if (words === undefined || words.words[0] === 'address') return identityOfAddress(local);
  if (words.words[0] === 'fqdn' && words.words[1] !== undefined)
    return said({ kind: 'fqdn', name: words.words[1] }, words.line);
  return null;
}

function readPeers(peers: readonly Command[]): FoundTunnel['remoteAddress'] {
  const ranges = peers.map(({ words }) => readRange(words[2] ?? ''));
  const [first] = peers;
  return first === undefined || ranges.includes(null)
    ? null
    : said({ kind: 'these', ranges: ranges.filter((r) => r !== null) }, first.line);
}

function readDestination(below: readonly Command[]): FoundTunnel['remoteAddress'] {
  const destination = argumentsOf(below, 'tunnel', 'destination');
  const range = destination === undefined ? null : readRange(destination.words[0] ?? '');
  return destination === undefined || range === null
    ? null
    : said({ kind: 'these', ranges: [range] }, destination.line);
}

/** Of the interface that the map is on, or that `local-address` names. */
function addressOfMap(name: string, commands: readonly Command[]): FoundTunnel['localAddress'] {
  const named = argumentsOf(commands, 'crypto', 'map', name, 'local-address');
  if (named !== undefined) return addressOf(named.words.join(''), commands);
  const [only, ...others] = interfacesWith(name, commands);
  return only === undefined || others.length > 0 ? null : addressOf(only.words.slice(1).join(''), commands);
}

const withMaps = new WeakMap<readonly Command[], ReadonlyMap<string, readonly Command[]>>();

/** Interfaces that a crypto map is on. */
function interfacesWith(map: string, commands: readonly Command[]): readonly Command[] {
  const known =
    withMaps.get(commands) ??
    Map.groupBy(commandsOf(commands, 'interface'), ({ below }) => argumentsOf(below, 'crypto', 'map')?.words[0] ?? '');
  withMaps.set(commands, known);
  return known.get(map) ?? [];
}

function addressOfSource(below: readonly Command[], commands: readonly Command[]): FoundTunnel['localAddress'] {
  const source = argumentsOf(below, 'tunnel', 'source');
  if (source === undefined) return null;
  const text = source.words.join('');
  const range = isIpAddress(text) ? readRange(text) : null;
  return range === null ? addressOf(text, commands) : said({ kind: 'these', ranges: [range] }, source.line);
}

function addressOf(name: string, commands: readonly Command[]): FoundTunnel['localAddress'] {
  const found = interfaceCalled(name, commands);
  const address = argumentsOf(found?.below ?? [], 'ip', 'address');
  const identity = isIpAddress(address?.words[0] ?? '') ? addressIdentity(address?.words[0] ?? '') : null;
  return address === undefined || identity?.kind !== 'address'
    ? null
    : said({ kind: 'these', ranges: [identity.range] }, address.line);
}

/** `GigabitEthernet1`, or with a blank before the number. */
function interfaceCalled(name: string, commands: readonly Command[]): Command | undefined {
  const digits = name.search(/[0-9]/);
  const spaced = digits === -1 ? [name] : [name.slice(0, digits), name.slice(digits)];
  return commandsOf(commands, 'interface', name)[0] ?? commandsOf(commands, 'interface', ...spaced)[0];
}

function readEspLifetime(below: readonly Command[], commands: readonly Command[]): FoundTunnel['espLifetime'] {
  const lifetime =
    argumentsOf(below, 'set', 'security-association', 'lifetime', 'seconds') ??
    argumentsOf(commands, 'crypto', 'ipsec', 'security-association', 'lifetime', 'seconds');
  return lifetime === undefined
    ? byDefault({ from: 3600, to: 3600 })
    : spanSaid(Number(lifetime.words[0]), lifetime.line);
}

function readNat(commands: readonly Command[]): FoundTunnel['natTraversal'] {
  const off = commandsOf(commands, 'no', 'crypto', 'ipsec', 'nat-transparency', 'udp-encapsulation')[0];
  return off === undefined ? byDefault('detected') : said('off', off.line);
}

/** Static routes into the interface, or to a next hop in its network. */
function readRoutes(name: string, below: readonly Command[], commands: readonly Command[]): FoundTunnel['routes'] {
  const [address = '', mask = ''] = argumentsOf(below, 'ip', 'address')?.words ?? [];
  const length = maskLength(mask);
  const network = length === null ? null : readRange(`${address}/${length}`);
  const routes = commandsOf(commands, 'ip', 'route').filter(({ words }) => leadsInto(words.slice(4), name, network));
  const ranges = routes.map(({ words }) => {
    const bits = maskLength(words[3] ?? '');
    return bits === null ? null : readRange(`${words[2] ?? ''}/${bits}`);
  });
  return said(
    ranges.filter((range) => range !== null),
    routes[0]?.line ?? 1,
  );
}

function leadsInto([first = '', second = '']: readonly string[], name: string, network: Cidr | null): boolean {
  if (first === name || `${first}${second}` === name) return true;
  return network !== null && isIpAddress(first) && !first.includes(':') && cidrContains(network, parseIpAddress(first));
}
