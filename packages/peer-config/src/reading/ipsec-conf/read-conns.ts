import { boundTunnels } from '../bounds.ts';
import type { Secret } from '../choose-secret.ts';
import { nothingSaid } from '../found-tunnel.ts';
import type { Dialect, FoundTunnel, Note, PeerFile } from '../found-tunnel.ts';
import { InheritedSection, readConfFile, type SecretLine } from './conf-sections.ts';
import { localSide, type Conn } from './conn-values.ts';
import { oneTunnelEachPeer } from './same-peer.ts';

/** What one of the two daemons makes of a section. */
interface Reading {
  readonly dialect: Dialect;
  readonly readSecret: (line: SecretLine) => Secret;
  readonly readConn: (
    nothing: FoundTunnel,
    conn: Conn,
    local: 'left' | 'right',
    secrets: readonly Secret[],
    notes: Note[],
  ) => FoundTunnel;
}

/** The tunnels of an ipsec.conf(5): each `conn` but those that others only take from. */
export function readConns(text: string, deviceAddress: string | null, reading: Reading): PeerFile {
  const { sections, secrets, notes } = readConfFile(text);
  const conns = sections.filter(({ type }) => type === 'conn');
  const byName = new Map(conns.map((conn) => [conn.name, conn]));
  const referred = new Set(conns.flatMap(({ also }) => also));
  const found: Note[] = [...notes];
  const keys = secrets.map(reading.readSecret);
  const own = conns.filter(
    ({ name, parameters }) => name !== '%default' && (!referred.has(name) || parameters.has('auto')),
  );
  const tunnels = boundTunnels(own)
    .map((section) => ({ section, conn: new InheritedSection(section, byName) }))
    .filter(({ conn }) => conn.has('right') || conn.has('left'))
    .map(({ section, conn }) => {
      const side = localSide(conn, deviceAddress);
      return reading.readConn(nothingSaid(section.name, section.line), conn, side, keys, found);
    });
  return { dialect: reading.dialect, tunnels: oneTunnelEachPeer(tunnels), notes: found };
}
