import { chooseSecret, secretOf, type Secret } from '../choose-secret.ts';
import { byDefault, said } from '../found-tunnel.ts';
import type { FoundProposal, FoundSelectors, FoundTunnel, Note, PeerFile, Said, Saying } from '../found-tunnel.ts';
import { defaultEspProposals, defaultIkeProposals, readSwanProposals } from '../swan-proposal.ts';
import { readSwanBoolean, readSwanIdentity, readSwanKey, readSwanSeconds } from '../swan-values.ts';
import type { SecretLine } from './conf-sections.ts';
import { readConns } from './read-conns.ts';
import { readAddress, readAuto, readIdentity, readRanges, say, sayOr, type Conn } from './conn-values.ts';

/** strongSwan's ipsec.conf(5), and lines of ipsec.secrets(5) in the same file. */
export function readStrongswanConf(text: string, deviceAddress: string | null): PeerFile {
  return readConns(text, deviceAddress, { dialect: 'strongswan-ipsec-conf', readSecret, readConn });
}

export function readSecret({ line, owners, secret }: SecretLine): Secret {
  return secretOf(readSwanKey(secret), owners.map(readSwanIdentity), line);
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
  const dpd = conn.get('dpdaction');
  return {
    ...nothing,
    ...{ localAddress, remoteAddress, localIdentity, remoteIdentity },
    ikeVersions: sayOr(conn.get('keyexchange'), [1, 2], readVersions),
    authentication: readAuthentication(conn, local, remote),
    key: chooseSecret(secrets, localIdentity, remoteIdentity),
    aggressive: sayOr(conn.get('aggressive'), false, readSwanBoolean),
    ikeProposals: readProposals(conn, 'ike', 'aes128-sha256-modp3072', defaultIkeProposals),
    ikeLifetime: readLifetime(conn, ['ikelifetime'], 10_800),
    espProposals: readProposals(conn, 'esp', 'aes128-sha256', defaultEspProposals),
    espLifetime: readLifetime(conn, ['lifetime', 'keylife'], 3600),
    encapsulation: readEncapsulation(conn),
    selectors: readSelectors(conn, local, remote, notes),
    dpd: dpd === undefined ? byDefault(false) : said(dpd.value !== 'none', dpd.line),
    natTraversal: sayOr(conn.get('forceencaps'), 'detected', (value) =>
      readSwanBoolean(value) ? 'forced' : 'detected',
    ),
    begins: sayOr(conn.get('auto'), 'never', readAuto),
  };
}

function readVersions(value: string): readonly (1 | 2)[] {
  if (value === 'ikev1') return [1];
  return value === 'ikev2' ? [2] : [1, 2];
}

/** Without `!` the daemon's own proposals are offered and taken as well. */
function readProposals(
  conn: Conn,
  name: 'ike' | 'esp',
  fallback: string,
  defaults: readonly FoundProposal[],
): Said<readonly FoundProposal[]> {
  const parameter = conn.get(name);
  const text = parameter?.value ?? fallback;
  const isStrict = text.endsWith('!');
  const own = readSwanProposals(isStrict ? text.slice(0, -1) : text, defaults);
  return { value: isStrict ? own : [...own, ...defaults], line: parameter?.line ?? null };
}

function readLifetime(conn: Conn, names: readonly string[], fallback: number): FoundTunnel['ikeLifetime'] {
  const parameter = names.map((name) => conn.get(name)).find((one) => one !== undefined);
  const margin = readSwanSeconds(conn.get('margintime')?.value ?? conn.get('rekeymargin')?.value ?? '9m') ?? 0;
  return sayOr(parameter, { from: fallback - 2 * margin, to: fallback }, (value) => {
    const seconds = readSwanSeconds(value);
    return seconds === null ? null : { from: Math.max(0, seconds - 2 * margin), to: seconds };
  });
}

function readEncapsulation(conn: Conn): FoundTunnel['encapsulation'] {
  const ah = conn.get('ah');
  if (ah !== undefined) return said('ah', ah.line);
  return sayOr(conn.get('type'), 'tunnel', (value) => (value === 'tunnel' ? 'tunnel' : 'transport'));
}

function readAuthentication(conn: Conn, local: string, remote: string): Said<'psk' | 'other'> {
  const authBy = conn.get('authby') ?? conn.get('auth');
  const sides = [conn.get(`${local}auth`) ?? authBy, conn.get(`${remote}auth`) ?? authBy];
  const isPsk = sides.every((side) => side !== undefined && ['psk', 'secret'].includes(side.value));
  return { value: isPsk ? 'psk' : 'other', line: sides[0]?.line ?? sides[1]?.line ?? null };
}

function readSelectors(conn: Conn, local: string, remote: string, notes: Note[]): Saying<readonly FoundSelectors[]> {
  const [own, other] = [conn.get(`${local}subnet`), conn.get(`${remote}subnet`)];
  if (own === undefined || other === undefined) return null;
  return say(own, () => {
    const [locals, remotes] = [readRanges(own, notes), readRanges(other, notes)];
    return locals === null || remotes === null ? null : [{ locals, remotes, line: own.line }];
  });
}
