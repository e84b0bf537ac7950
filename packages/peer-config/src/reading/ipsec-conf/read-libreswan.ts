import { chooseSecret, type Secret } from '../choose-secret.ts';
import { cipherOf, groupOfName, hashOf, isAeadCipher } from '../algorithm-words.ts';
import { byDefault, said } from '../found-tunnel.ts';
import type { FoundProposal, FoundSelectors, FoundTunnel, Note, PeerFile, Said, Saying } from '../found-tunnel.ts';
import { readSwanBoolean, readSwanSeconds } from '../swan-values.ts';
import type { Parameter } from './conf-sections.ts';
import { readConns } from './read-conns.ts';
import { readAddress, readAuto, readIdentity, readRanges, sayOr, type Conn } from './conn-values.ts';
import { readSecret } from './read-strongswan-conf.ts';

/** Libreswan's ipsec.conf(5), versions 3.32 to 5, and lines of ipsec.secrets(5) in the same file. */
export function readLibreswan(text: string, deviceAddress: string | null): PeerFile {
  return readConns(text, deviceAddress, { dialect: 'libreswan', readSecret, readConn });
}

function readConn(
  nothing: FoundTunnel,
  conn: Conn,
  local: 'left' | 'right',
  secrets: readonly Secret[],
  notes: Note[],
): FoundTunnel {
  const remote = local === 'left' ? 'right' : 'left';
  const [localAddress, remoteAddress] = [readAddress(conn.get(local)), readAddress(conn.get(remote))];
  const localIdentity = readIdentity(conn.get(`${local}id`), localAddress, true);
  const remoteIdentity = readIdentity(conn.get(`${remote}id`), remoteAddress, false);
  const ike = conn.get('ike');
  const ikeProposals = ike === undefined ? null : said(readProposals(ike.value), ike.line);
  return {
    ...nothing,
    ...{ localAddress, remoteAddress, localIdentity, remoteIdentity, ikeProposals },
    ikeVersions: readVersions(conn),
    authentication: readAuthentication(conn),
    key: chooseSecret(secrets, localIdentity, remoteIdentity),
    aggressive: sayOr(conn.get('aggressive') ?? conn.get('aggrmode'), false, readSwanBoolean),
    ikeLifetime: readLifetime(conn, ['ikelifetime'], 28_800),
    espProposals: readEspProposals(conn, ikeProposals),
    espLifetime: readLifetime(conn, ['salifetime', 'ipsec-lifetime', 'keylife', 'lifetime'], 28_800),
    encapsulation: readEncapsulation(conn),
    selectors: readSelectors(conn, local, remote, notes),
    dpd: readDpd(conn),
    natTraversal: sayOr(conn.get('encapsulation') ?? conn.get('forceencaps'), 'detected', readNat),
    begins: sayOr(conn.get('auto'), 'never', readAuto),
  };
}

/** IKEv2 unless it is forbidden; `ikev2` is the older word, `keyexchange` the newer. */
function readVersions(conn: Conn): FoundTunnel['ikeVersions'] {
  const [older, newer] = [conn.get('ikev2'), conn.get('keyexchange')];
  if (older !== undefined) return said(['never', 'no'].includes(older.value) ? [1] : [2], older.line);
  return sayOr(newer, [2], (value) => (value === 'ikev1' ? [1] : [2]));
}

function readAuthentication(conn: Conn): Said<'psk' | 'other'> {
  const parameter = conn.get('authby') ?? conn.get('leftauth') ?? conn.get('rightauth');
  const words = (parameter?.value ?? 'rsasig').split(/[\s,|]+/);
  const isPsk = words.some((word) => word === 'secret' || word === 'psk');
  return { value: isPsk ? 'psk' : 'other', line: parameter?.line ?? null };
}

function readNat(value: string): 'detected' | 'forced' | 'off' {
  if (value === 'no') return 'off';
  return value === 'yes' ? 'forced' : 'detected';
}

/** `aes_gcm256-sha2_256;dh19,aes256+aes128-sha2_512+sha2_256;dh20`: what is left out is anything that the daemon knows. */
function readProposals(text: string): FoundProposal[] {
  return text.split(',').flatMap((part) => {
    const word = part.trim().toLowerCase();
    return word === '' ? [] : [readProposal(word)];
  });
}

function readProposal(text: string): FoundProposal {
  const [algorithms = '', behind = ''] = text.split(';');
  const [encryption, ...rest] = algorithms.split('-');
  const words = [...rest.flatMap((word) => word.split('+')), ...behind.split('+')].filter((word) => word !== '');
  const groups = words.flatMap((word) => groupOf(word) ?? []);
  const hashes = words.flatMap((word) => (groupOf(word) === null && word !== 'null' ? [hashOf(word) ?? word] : []));
  const ciphers = (encryption ?? '').split('+').flatMap(readCipher);
  return {
    encryption: ciphers,
    integrity: ciphers.every(isAeadCipher) ? [] : orAnything(hashes),
    prf: orAnything(hashes),
    groups: orAnything(groups),
  };
}

/** Without a key length: 128 and 256 bits. */
function readCipher(word: string): string[] {
  if (word === 'aes' || word === 'aes_cbc') return ['aes128', 'aes256'];
  if (word === 'aes_gcm' || word === 'aes_gcm_c') return ['aes128gcm16', 'aes256gcm16'];
  const spelt = word
    .replace('aes_gcm_a', 'aes_gcm8_')
    .replace('aes_gcm_b', 'aes_gcm12_')
    .replace('aes_gcm_c', 'aes_gcm');
  const gcm = /^aes_gcm(8_|12_|16_)?_?(128|192|256)$/.exec(spelt);
  if (gcm !== null) return [`aes${gcm[2] ?? ''}gcm${(gcm[1] ?? '16_').slice(0, -1)}`];
  return [cipherOf(word) ?? word];
}

function groupOf(word: string): number | null {
  const match = /^dh([0-9]{1,2})$/.exec(word);
  return match === null ? groupOfName(word) : Number(match[1]);
}

function orAnything<T>(list: readonly T[]): readonly T[] | null {
  return list.length === 0 ? null : list;
}

/** `pfs=yes`, the default, takes the group of the IKE_SA unless a proposal names one. */
function readEspProposals(conn: Conn, ike: FoundTunnel['ikeProposals']): FoundTunnel['espProposals'] {
  const parameter = conn.get('esp') ?? conn.get('phase2alg');
  const pfs = conn.get('pfs');
  const hasPfs = pfs === undefined || readSwanBoolean(pfs.value);
  const ikeGroups =
    ike?.value.some(({ groups }) => groups === null) === false ? ike.value.flatMap(({ groups }) => groups ?? []) : null;
  const anything: FoundProposal = { encryption: null, integrity: null, prf: null, groups: null };
  const proposals = parameter === undefined ? [anything] : readProposals(parameter.value);
  const value = proposals.map((proposal) => ({
    ...proposal,
    groups: hasPfs ? (proposal.groups ?? ikeGroups) : [null],
  }));
  return { value, line: parameter?.line ?? pfs?.line ?? null };
}

function readLifetime(conn: Conn, names: readonly string[], fallback: number): FoundTunnel['ikeLifetime'] {
  const parameter = names.map((name) => conn.get(name)).find((one) => one !== undefined);
  return sayOr(parameter, { from: fallback, to: fallback }, (value) => {
    const seconds = readSwanSeconds(value);
    return seconds === null ? null : { from: seconds, to: seconds };
  });
}

function readEncapsulation(conn: Conn): FoundTunnel['encapsulation'] {
  const ah = [conn.get('phase2'), conn.get('ah')].find(
    (parameter) => parameter !== undefined && parameter.value !== 'esp',
  );
  if (ah !== undefined) return said('ah', ah.line);
  return sayOr(conn.get('type'), 'tunnel', (value) => (value === 'tunnel' ? 'tunnel' : 'transport'));
}

function readDpd(conn: Conn): FoundTunnel['dpd'] {
  const delay = conn.get('dpddelay');
  return delay === undefined ? byDefault(false) : said(readSwanSeconds(delay.value) !== 0, delay.line);
}

/** `subnets` makes a CHILD_SA of each pair, `subnet` is a single one. */
function readSelectors(conn: Conn, local: string, remote: string, notes: Note[]): Saying<readonly FoundSelectors[]> {
  const side = (name: string): Parameter | undefined => conn.get(`${name}subnets`) ?? conn.get(`${name}subnet`);
  const [own, other] = [side(local), side(remote)];
  if (own === undefined || other === undefined) return null;
  const [locals, remotes] = [readRanges(own, notes), readRanges(other, notes)];
  if (locals === null || remotes === null || locals.length * remotes.length > mostPairs) return null;
  return said(
    locals.flatMap((range) => remotes.map((against) => ({ locals: [range], remotes: [against], line: own.line }))),
    own.line,
  );
}

const mostPairs = 10_000;
