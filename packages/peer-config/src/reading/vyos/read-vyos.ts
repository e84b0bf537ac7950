import { boundTunnels } from '../bounds.ts';
import { chooseSecret, secretOf, type Secret } from '../choose-secret.ts';
import { cipherOf, hashOf, isAeadCipher } from '../algorithm-words.ts';
import { FoundKey } from '../found-key.ts';
import { byDefault, nothingSaid, said } from '../found-tunnel.ts';
import type { FoundProposal, FoundSelectors, FoundTunnel, Note, PeerFile, Said, Saying } from '../found-tunnel.ts';
import { lazily } from '../lazily.ts';
import { identityOfAddress, readRange, readSwanAddress, readSwanIdentity } from '../swan-values.ts';
import { leafAt, namesAt, nodeAt, readSetLines, type SetNode } from './set-lines.ts';

/** VyOS 1.3 to 1.5, whose daemon is strongSwan; defaults are those of its command definitions (vyos-1x, vpn_ipsec.xml.in). */
export function readVyos(text: string): PeerFile {
  const root = readSetLines(text);
  const ipsec = nodeAt(root, 'vpn', 'ipsec');
  const peers = nodeAt(ipsec, 'site-to-site', 'peer');
  const notes: Note[] = [];
  const secrets = readSecrets(ipsec);
  const named = [...(peers?.children ?? [])].map(([name, peer]) => ({ name, peer, line: peer.line }));
  const tunnels = boundTunnels(named)
    .filter(({ peer }) => !peer.children.has('disable'))
    .map(({ name, peer }) => readPeer(name, peer, { root, ipsec, secrets, notes }));
  return { dialect: 'vyos', tunnels, notes };
}

interface Around {
  readonly root: SetNode;
  readonly ipsec: SetNode | undefined;
  readonly secrets: readonly Secret[];
  readonly notes: Note[];
}

function readPeer(name: string, peer: SetNode, { root, ipsec, secrets, notes }: Around): FoundTunnel {
  const ike = nodeAt(ipsec, 'ike-group', leafAt(peer, 'ike-group')?.value ?? '');
  const localAddress = readLocalAddress(peer);
  const remoteAddress = readRemoteAddress(name, peer);
  const localIdentity = readLocalIdentity(peer, localAddress);
  const remoteId = leafAt(peer, 'authentication', 'remote-id');
  const remoteIdentity = remoteId === undefined ? null : said(readSwanIdentity(remoteId.value), remoteId.line);
  const mode = leafAt(peer, 'authentication', 'mode');
  const dpd = nodeAt(ike, 'dead-peer-detection');
  const encap = nodeAt(peer, 'force-udp-encapsulation');
  const known: Omit<FoundTunnel, 'key' | 'routes'> = {
    ...nothingSaid(name, peer.line),
    ...{ localAddress, remoteAddress, localIdentity, remoteIdentity },
    ikeVersions: readVersions(ike),
    authentication: mode === undefined ? null : said(mode.value === 'pre-shared-secret' ? 'psk' : 'other', mode.line),
    aggressive: sayOr(leafAt(ike, 'mode'), false, (value) => value === 'aggressive'),
    ikeProposals:
      ike === undefined
        ? null
        : readProposals(ike, (proposal) => [groupNumber(leafAt(proposal, 'dh-group')?.value ?? '2')]),
    ikeLifetime: ike === undefined ? null : sayOr(leafAt(ike, 'lifetime'), softSpan(28_800), readSoftSpan),
    dpd: dpd === undefined ? byDefault(false) : said(true, dpd.line),
    natTraversal: encap === undefined ? byDefault('detected') : said('forced', encap.line),
    begins: sayOr(leafAt(peer, 'connection-type'), 'at-once', readConnectionType),
    ...readChildren(peer, ipsec, ike, notes),
  };
  return lazily<FoundTunnel, 'key' | 'routes'>(known, {
    key: () =>
      readOwnKey(peer) ?? chooseSecret(secrets, localIdentity, remoteIdentity ?? identityOfAddress(remoteAddress)),
    routes: () => readRoutes(root, peer),
  });
}

type ChildSayings = Pick<FoundTunnel, 'espProposals' | 'espLifetime' | 'encapsulation' | 'selectors'>;

/** A tunnel interface takes everything; else each `tunnel N` is a CHILD_SA. */
function readChildren(
  peer: SetNode,
  ipsec: SetNode | undefined,
  ike: SetNode | undefined,
  notes: Note[],
): ChildSayings {
  const tunnels = [...(nodeAt(peer, 'tunnel')?.children.values() ?? [])].filter(
    ({ children }) => !children.has('disable'),
  );
  const vti = nodeAt(peer, 'vti');
  const group =
    [vti, ...tunnels].map((one) => leafAt(one, 'esp-group')).find((one) => one !== undefined) ??
    leafAt(peer, 'default-esp-group');
  const esp = nodeAt(ipsec, 'esp-group', group?.value ?? '');
  const selectors = vti === undefined || tunnels.length > 0 ? readTunnels(peer, tunnels, notes) : readVti(vti);
  return {
    espProposals: esp === undefined ? null : readProposals(esp, () => pfsGroups(esp, ike)),
    espLifetime:
      esp === undefined ? null : sayOr(leafAt(esp, 'lifetime'), hardSpan(3600), (value) => hardSpan(Number(value))),
    encapsulation: esp === undefined ? null : sayOr(leafAt(esp, 'mode'), 'tunnel', readMode),
    selectors,
  };
}

function readTunnels(peer: SetNode, tunnels: readonly SetNode[], notes: Note[]): Saying<readonly FoundSelectors[]> {
  const found = tunnels.map((tunnel): FoundSelectors | null => {
    if (tunnel.children.has('protocol')) {
      notes.push({ line: tunnel.line, text: 'the protocol and port of a selector were left out of account' });
    }
    return selectorsOf(namesAt(tunnel, 'local', 'prefix'), namesAt(tunnel, 'remote', 'prefix'), tunnel.line);
  });
  return found.includes(null)
    ? null
    : said(
        found.filter((one) => one !== null),
        tunnels[0]?.line ?? peer.line,
      );
}

function readVti(vti: SetNode): Saying<readonly FoundSelectors[]> {
  const selector = nodeAt(vti, 'traffic-selector');
  const [locals, remotes] = [namesAt(selector, 'local', 'prefix'), namesAt(selector, 'remote', 'prefix')];
  const found = selectorsOf(orEverything(locals), orEverything(remotes), vti.line);
  return found === null ? null : said([found], vti.line);
}

function orEverything(prefixes: readonly string[]): readonly string[] {
  return prefixes.length === 0 ? ['0.0.0.0/0'] : prefixes;
}

function selectorsOf(locals: readonly string[], remotes: readonly string[], line: number): FoundSelectors | null {
  const read = (prefixes: readonly string[]) =>
    prefixes.flatMap((prefix) => readRange(prefix === 'any' ? '0.0.0.0/0' : prefix) ?? []);
  const [own, other] = [read(locals), read(remotes)];
  return own.length === 0 || other.length === 0 ? null : { locals: own, remotes: other, line };
}

/** vyos-1x, template.py: encryption and hash have defaults; for AEAD ciphers the hash names the PRF. */
function readProposals(
  group: SetNode,
  groupsOf: (proposal: SetNode) => readonly (number | null)[],
): Said<readonly FoundProposal[]> | null {
  const node = nodeAt(group, 'proposal');
  if (node === undefined) return null;
  const value = [...node.children.values()].map((proposal): FoundProposal => {
    const cipher = leafAt(proposal, 'encryption')?.value ?? 'aes128';
    const hash = leafAt(proposal, 'hash')?.value ?? 'sha1';
    const prf = leafAt(proposal, 'prf')?.value.replace(/^prf/, '') ?? hash;
    const encryption = [cipherOf(cipher) ?? cipher];
    const integrity = encryption.every(isAeadCipher) ? [] : [hashOf(hash) ?? hash];
    return { encryption, integrity, prf: [hashOf(prf) ?? prf], groups: groupsOf(proposal) };
  });
  return said(value, node.line);
}

function readMode(value: string): 'transport' | 'tunnel' {
  return value === 'transport' ? 'transport' : 'tunnel';
}

function groupNumber(text: string): number {
  return Number(text.replace(/^dh-group/, ''));
}

/** `enable`, the default: the group of the first IKE proposal. */
function pfsGroups(esp: SetNode, ike: SetNode | undefined): readonly (number | null)[] {
  const pfs = leafAt(esp, 'pfs')?.value ?? 'enable';
  if (pfs === 'disable') return [null];
  if (pfs.startsWith('dh-group')) return [groupNumber(pfs)];
  const [first] = nodeAt(ike, 'proposal')?.children.values() ?? [];
  return [groupNumber(leafAt(first, 'dh-group')?.value ?? '2')];
}

function readVersions(ike: SetNode | undefined): FoundTunnel['ikeVersions'] {
  return sayOr(leafAt(ike, 'key-exchange'), [1, 2], (value) => (value === 'ikev1' ? [1] : [2]));
}

function readConnectionType(value: string): 'at-once' | 'with-traffic' | 'never' {
  if (value === 'initiate') return 'at-once';
  return value === 'trap' || value === 'respond' ? 'with-traffic' : 'never';
}

function readLocalAddress(peer: SetNode): FoundTunnel['localAddress'] {
  return sayOr(leafAt(peer, 'local-address'), { kind: 'any' }, (value) => readSwanAddress([value]));
}

/** In version 1.3 the name of a peer is its address. */
function readRemoteAddress(name: string, peer: SetNode): FoundTunnel['remoteAddress'] {
  const node = nodeAt(peer, 'remote-address');
  if (node === undefined)
    return sayOr({ value: name, line: peer.line }, { kind: 'any' }, (value) => readSwanAddress([value]));
  const address = readSwanAddress([...node.children.keys()]);
  return address === null ? null : said(address, node.line);
}

function readLocalIdentity(peer: SetNode, address: FoundTunnel['localAddress']): FoundTunnel['localIdentity'] {
  const id = leafAt(peer, 'authentication', 'local-id') ?? leafAt(peer, 'authentication', 'id');
  return id === undefined ? identityOfAddress(address) : said(readSwanIdentity(id.value), id.line);
}

/** Version 1.3 keeps the key at the peer. */
function readOwnKey(peer: SetNode): FoundTunnel['key'] {
  const own = leafAt(peer, 'authentication', 'pre-shared-secret');
  return own === undefined ? null : said(keyOf(own.value), own.line);
}

function readSecrets(ipsec: SetNode | undefined): Secret[] {
  return [...(nodeAt(ipsec, 'authentication', 'psk')?.children.values() ?? [])].flatMap((psk) => {
    const secret = leafAt(psk, 'secret');
    if (secret === undefined) return [];
    const isBase64 = leafAt(psk, 'secret-type')?.value === 'base64';
    const key = isBase64 ? FoundKey.ofBytes(Uint8Array.from(Buffer.from(secret.value, 'base64'))) : keyOf(secret.value);
    return [secretOf(key, namesAt(psk, 'id').map(readSwanIdentity), secret.line)];
  });
}

/** `strip-private` writes stars. */
function keyOf(text: string): FoundKey {
  return /^\*+$/.test(text) ? FoundKey.unreadable : FoundKey.ofText(text);
}

function readRoutes(root: SetNode, peer: SetNode): FoundTunnel['routes'] {
  const bind = leafAt(peer, 'vti', 'bind');
  if (bind === undefined) return null;
  const routes = nodeAt(root, 'protocols', 'static', 'route') ?? nodeAt(root, 'protocols', 'static', 'interface-route');
  const hops = nextHopsThrough(root, bind.value);
  const into = [...(routes?.children ?? [])].filter(([, route]) => {
    const interfaces = [...namesAt(route, 'interface'), ...namesAt(route, 'next-hop-interface')];
    return (
      interfaces.includes(bind.value) || namesAt(route, 'next-hop').some((hop) => hops.some((net) => isIn(net, hop)))
    );
  });
  return said(
    into.flatMap(([range]) => readRange(range) ?? []),
    bind.line,
  );
}

function nextHopsThrough(root: SetNode, name: string): string[] {
  return namesAt(root, 'interfaces', 'vti', name, 'address');
}

/** In the same network as an address of the interface. */
function isIn(network: string, hop: string): boolean {
  const length = network.split('/')[1] ?? '32';
  return readRange(network) !== null && readRange(network) === readRange(`${hop}/${length}`);
}

function softSpan(seconds: number) {
  return { from: seconds, to: Math.ceil(seconds * 1.1) };
}

function readSoftSpan(value: string) {
  return /^[0-9]{1,9}$/.test(value) ? softSpan(Number(value)) : null;
}

function hardSpan(seconds: number) {
  return { from: Math.floor(seconds * 0.9), to: seconds };
}

function sayOr<T>(
  leaf: { value: string; line: number } | undefined,
  fallback: T,
  read: (text: string) => T | null,
): Saying<T> {
  if (leaf === undefined) return byDefault(fallback);
  const value = read(leaf.value);
  return value === null ? null : said(value, leaf.line);
}
