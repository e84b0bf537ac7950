import { everything, isIpAddress, type Cidr } from '@landbridge/net';
import { cipherOf, hashOf, isAeadCipher } from '../algorithm-words.ts';
import { boundTunnels } from '../bounds.ts';
import { FoundKey } from '../found-key.ts';
import { byDefault, nothingSaid, said } from '../found-tunnel.ts';
import type {
  FoundIdentity,
  FoundProposal,
  FoundSelectors,
  FoundTunnel,
  Note,
  PeerFile,
  Saying,
} from '../found-tunnel.ts';
import { cidrsOfRange, maskLength } from '../address-forms.ts';
import { lazily } from '../lazily.ts';
import { addressIdentity, identityOfAddress, readRange } from '../swan-values.ts';
import { readConfigTables, type Entry, type Tables } from './config-tables.ts';

/** FortiOS 6 and 7, `show` or `show full-configuration`; defaults are those of its CLI reference. */
export function readFortigate(text: string): PeerFile {
  const { tables, notes } = readConfigTables(text);
  const phases2 = [...entriesOf(tables, 'vpn ipsec phase2-interface'), ...entriesOf(tables, 'vpn ipsec phase2')];
  const byPhase1 = Map.groupBy(phases2, (phase2) => word(phase2, 'phase1name')?.value ?? '');
  const phases1 = [...entriesOf(tables, 'vpn ipsec phase1-interface'), ...entriesOf(tables, 'vpn ipsec phase1')];
  const tunnels = boundTunnels(phases1).map((phase1) =>
    readPhase1(phase1, byPhase1.get(phase1.name) ?? [], tables, notes),
  );
  return { dialect: 'fortigate', tunnels, notes };
}

function readPhase1(phase1: Entry, phases2: readonly Entry[], tables: Tables, notes: Note[]): FoundTunnel {
  const localAddress = readLocalAddress(phase1, tables);
  const mode = word(phase1, 'mode');
  const known: Omit<FoundTunnel, 'routes' | 'selectors'> = {
    ...nothingSaid(phase1.name, phase1.line),
    localAddress,
    remoteAddress: readRemoteAddress(phase1),
    localIdentity: readLocalIdentity(phase1, localAddress),
    remoteIdentity: readRemoteIdentity(phase1),
    ikeVersions: sayOr(word(phase1, 'ike-version'), [1], (value) => [value === '2' ? 2 : 1]),
    authentication: sayOr(word(phase1, 'authmethod'), 'psk', (value) => (value === 'psk' ? 'psk' : 'other')),
    key: readKey(phase1),
    aggressive: sayOr(mode, false, (value) => value === 'aggressive'),
    ikeProposals: readProposals(phase1, readGroups(phase1)),
    ikeLifetime: readSeconds(word(phase1, 'keylife'), 86_400),
    dpd: sayOr(word(phase1, 'dpd'), true, (value) => value !== 'disable'),
    natTraversal: sayOr(word(phase1, 'nattraversal'), 'detected', readNat),
    begins: readBegins(phase1, phases2),
    ...readPhases2(phase1, phases2, notes),
  };
  return lazily<FoundTunnel, 'routes' | 'selectors'>(known, {
    routes: () => readRoutes(phase1.name, tables),
    selectors: () => readAllSelectors(phase1, phases2, tables),
  });
}

type ChildSayings = Pick<FoundTunnel, 'espProposals' | 'espLifetime' | 'encapsulation'>;

function readPhases2(phase1: Entry, phases2: readonly Entry[], notes: Note[]): ChildSayings {
  const [first] = phases2;
  if (first === undefined) {
    notes.push({ line: phase1.line, text: 'a phase 1 without a phase 2 carries nothing' });
    return { espProposals: null, espLifetime: null, encapsulation: null };
  }
  const pfs = word(first, 'pfs');
  return {
    espProposals: readProposals(
      first,
      pfs?.value === 'disable' ? { value: [null], line: pfs.line } : readGroups(first),
    ),
    espLifetime: readSeconds(word(first, 'keylifeseconds'), 43_200),
    encapsulation: sayOr(word(first, 'encapsulation'), 'tunnel', (value) =>
      value === 'transport-mode' ? 'transport' : 'tunnel',
    ),
  };
}

function readAllSelectors(phase1: Entry, phases2: readonly Entry[], tables: Tables): FoundTunnel['selectors'] {
  const selectors = phases2.map((phase2) => readSelectors(phase2, tables));
  if (selectors.includes(null)) return null;
  return said(
    selectors.filter((one) => one !== null),
    phases2[0]?.line ?? phase1.line,
  );
}

/** `aes128-sha256 aes256gcm-prfsha384`. Not written: what it is depends on the version. */
function readProposals(
  entry: Entry,
  groups: { value: readonly (number | null)[]; line: number | null },
): FoundTunnel['ikeProposals'] {
  const proposal = entry.values.get('proposal');
  if (proposal === undefined) {
    const anything: FoundProposal = { encryption: null, integrity: null, prf: null, groups: groups.value };
    return { value: [anything], line: groups.line };
  }
  const value = proposal.words.map((text): FoundProposal => {
    const [cipher = '', hash = ''] = text.split('-');
    const encryption = [cipherOf(cipher) ?? cipher];
    const isAead = encryption.every(isAeadCipher);
    const name = hash.replace(/^prf/, '');
    const hashes = name === '' || name === 'null' ? [] : [hashOf(name) ?? name];
    return {
      encryption,
      integrity: isAead ? [] : hashes,
      prf: isAead && hashes.length === 0 ? null : hashes,
      groups: groups.value,
    };
  });
  return said(value, proposal.line);
}

const someGroup = Array.from({ length: 32 }, (_, at) => at + 1);

/** By default 14 and 5 up to version 7.4, others later; `show` leaves the default out. */
function readGroups(entry: Entry): { value: readonly number[]; line: number | null } {
  const groups = entry.values.get('dhgrp');
  return groups === undefined
    ? { value: someGroup, line: null }
    : { value: groups.words.map(Number), line: groups.line };
}

function readKey(phase1: Entry): FoundTunnel['key'] {
  const secret = phase1.values.get('psksecret');
  if (secret === undefined) return null;
  const [first = '', ...rest] = secret.words;
  return said(first === 'ENC' && rest.length > 0 ? FoundKey.unreadable : FoundKey.ofText(first), secret.line);
}

/** `local-gw`, or the address of the interface. */
function readLocalAddress(phase1: Entry, tables: Tables): FoundTunnel['localAddress'] {
  const own = word(phase1, 'local-gw');
  const port = word(phase1, 'interface');
  const portEntry = tables.get('system interface')?.get(port?.value ?? '');
  const address = own !== undefined && own.value !== '0.0.0.0' ? own : portEntry && word(portEntry, 'ip');
  const range = address === undefined || address.value === '0.0.0.0' ? null : readRange(address.value);
  return address === undefined || range === null ? null : said({ kind: 'these', ranges: [range] }, address.line);
}

function readRemoteAddress(phase1: Entry): FoundTunnel['remoteAddress'] {
  const type = word(phase1, 'type');
  if (type?.value === 'dynamic') return said({ kind: 'any' }, type.line);
  const remote = word(phase1, 'remote-gw');
  const range = remote === undefined ? null : readRange(remote.value);
  return remote === undefined || range === null ? null : said({ kind: 'these', ranges: [range] }, remote.line);
}

function readLocalIdentity(phase1: Entry, address: FoundTunnel['localAddress']): Saying<FoundIdentity> {
  const id = word(phase1, 'localid');
  if (id !== undefined && id.value !== '')
    return said(identityOf(id.value, word(phase1, 'localid-type')?.value ?? 'auto'), id.line);
  return identityOfAddress(address);
}

function identityOf(text: string, type: string): FoundIdentity {
  if (type === 'fqdn') return { kind: 'fqdn', name: text };
  if (type === 'address' || (type === 'auto' && isIpAddress(text) && !text.includes(':'))) return addressIdentity(text);
  if (type === 'auto' && !text.includes('@')) return { kind: 'fqdn', name: text };
  return { kind: 'other', text };
}

/** `peertype any`, the default, takes whoever has the key. */
function readRemoteIdentity(phase1: Entry): Saying<FoundIdentity> {
  const [type, id] = [word(phase1, 'peertype'), word(phase1, 'peerid')];
  if (type?.value !== 'one' || id === undefined) return { value: { kind: 'any' }, line: type?.line ?? null };
  return said(identityOf(id.value, 'auto'), id.line);
}

function readNat(value: string): 'detected' | 'forced' | 'off' {
  if (value === 'disable') return 'off';
  return value === 'forced' ? 'forced' : 'detected';
}

function readBegins(phase1: Entry, phases2: readonly Entry[]): FoundTunnel['begins'] {
  const passive = word(phase1, 'passive-mode');
  if (passive?.value === 'enable') return said('never', passive.line);
  const negotiates = phases2.map((phase2) => word(phase2, 'auto-negotiate')).find((one) => one?.value === 'enable');
  return negotiates === undefined ? byDefault('with-traffic') : said('at-once', negotiates.line);
}

/** Static routes with the interface of the tunnel. */
function readRoutes(device: string, tables: Tables): FoundTunnel['routes'] {
  const table = tables.get('router static');
  if (table === undefined) return null;
  const into = [...table.values()].filter(
    (route) => word(route, 'device')?.value === device && word(route, 'status')?.value !== 'disable',
  );
  const ranges = into.map((route) => {
    const dst = route.values.get('dst');
    if (dst !== undefined) return subnetOf(dst.words);
    return route.values.has('dstaddr') ? null : readRange('0.0.0.0/0');
  });
  const [first] = table.values();
  return ranges.includes(null)
    ? null
    : said(
        ranges.filter((range) => range !== null),
        into[0]?.line ?? first?.line ?? 1,
      );
}

function readSelectors(phase2: Entry, tables: Tables): FoundSelectors | null {
  const [locals, remotes] = [readSide(phase2, 'src', tables), readSide(phase2, 'dst', tables)];
  return locals === null || remotes === null ? null : { locals, remotes, line: phase2.line };
}

function readSide(phase2: Entry, side: 'src' | 'dst', tables: Tables): readonly Cidr[] | null {
  const type = word(phase2, `${side}-addr-type`)?.value ?? 'subnet';
  if (type === 'name') return addressesOf(word(phase2, `${side}-name`)?.value ?? '', tables, 0);
  if (type === 'range' || type === 'ip') {
    const start = word(phase2, `${side}-start-ip`)?.value ?? '';
    return cidrsOfRange(start, type === 'ip' ? start : (word(phase2, `${side}-end-ip`)?.value ?? ''));
  }
  const subnet = phase2.values.get(`${side}-subnet`);
  const range = subnet === undefined ? readRange('0.0.0.0/0') : subnetOf(subnet.words);
  return range === null ? null : [range];
}

const deepestGroup = 2;

/** Of an address object or a group of them; null: one of them is no subnet. */
function addressesOf(name: string, tables: Tables, depth: number): readonly Cidr[] | null {
  if (name === 'all') return [everything];
  const address = tables.get('firewall address')?.get(name);
  if (address !== undefined) return rangesOf(address);
  const members = tables.get('firewall addrgrp')?.get(name)?.values.get('member')?.words;
  if (members === undefined || depth === deepestGroup || members.length > mostMembers) return null;
  const found = members.map((member) => addressesOf(member, tables, depth + 1));
  return found.includes(null) ? null : found.flatMap((ranges) => ranges ?? []);
}

function rangesOf(address: Entry): readonly Cidr[] | null {
  const subnet = address.values.get('subnet');
  const start = word(address, 'start-ip')?.value;
  if (start !== undefined) return cidrsOfRange(start, word(address, 'end-ip')?.value ?? start);
  const range = subnet === undefined ? null : subnetOf(subnet.words);
  return range === null ? null : [range];
}

const mostMembers = 20;

/** `10.0.1.0 255.255.255.0` or `10.0.1.0/24`. */
function subnetOf(words: readonly string[]): Cidr | null {
  const [address = '', mask] = words;
  if (mask === undefined) return readRange(address);
  const length = maskLength(mask);
  return length === null ? null : readRange(`${address}/${length}`);
}

function entriesOf(tables: Tables, name: string): Entry[] {
  return [...(tables.get(name)?.values() ?? [])];
}

interface Word {
  readonly value: string;
  readonly line: number;
}

function word(entry: Entry, key: string): Word | undefined {
  const value = entry.values.get(key);
  return value === undefined ? undefined : { value: value.words[0] ?? '', line: value.line };
}

function readSeconds(setting: Word | undefined, fallback: number): FoundTunnel['ikeLifetime'] {
  return sayOr(setting, { from: fallback, to: fallback }, (value) =>
    /^[0-9]{1,9}$/.test(value) ? { from: Number(value), to: Number(value) } : null,
  );
}

function sayOr<T>(setting: Word | undefined, fallback: T, read: (text: string) => T | null): Saying<T> {
  if (setting === undefined) return byDefault(fallback);
  const value = read(setting.value);
  return value === null ? null : said(value, setting.line);
}
