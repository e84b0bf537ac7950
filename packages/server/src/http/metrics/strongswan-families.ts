import { mappingsOf, type Identity } from '../../domain/vpn/vpn-connection.ts';
import type { MetricFamily, Series } from './series-text.ts';
import type { MeasuredTunnel } from './tunnel-families.ts';

/**
 * The same under the names of three exporters of strongSwan that dashboards are made for: `strongswan_…` of
 * torilabs/ipsec-prometheus-exporter, `ipsec_…` of sergeymakinen/ipsec_exporter and of dennisstritzke/ipsec_exporter. Where those
 * tell of each SA, a tunnel is told of as a whole: its SAs come and go, its totals go on.
 */

const isEstablished = ({ observation: { sas } }: MeasuredTunnel) => sas?.ikeEstablished === true;
const isConnected = ({ observation: { sas } }: MeasuredTunnel) => sas?.connected === true;

const mostSelectors = 8;

/** Ranges on both sides, as far as a label holds them. */
function selectorsOf({ connection }: MeasuredTunnel): { local_ts: string; remote_ts: string } {
  if (connection.mode === 'route') return { local_ts: '0.0.0.0/0', remote_ts: '0.0.0.0/0' };
  const mappings = mappingsOf(connection);
  const listed = (side: 'local' | 'remote') =>
    [...new Set(mappings.map((mapping) => mapping[side]))].slice(0, mostSelectors).join(';');
  return { local_ts: listed('local'), remote_ts: listed('remote') };
}

const uidOf = ({ connection }: MeasuredTunnel) => String(connection.ifId);

function torilabsIke(tunnel: MeasuredTunnel) {
  return { ike_name: tunnel.connection.id, ike_id: uidOf(tunnel) };
}

function torilabsSa(tunnel: MeasuredTunnel) {
  return { ...torilabsIke(tunnel), child_name: tunnel.connection.id, child_id: uidOf(tunnel), ...selectorsOf(tunnel) };
}

const identityOf = ({ value }: Identity, address: string) => value ?? address;

function makinenIke(tunnel: MeasuredTunnel) {
  const { connection, gateway, peer } = tunnel;
  const [localHost, remoteHost] = [gateway?.publicAddress ?? '', peer?.address ?? ''];
  const { localIdentity, remoteIdentity, version } = connection.ike;
  return {
    ...{ name: connection.id, uid: uidOf(tunnel), version: String(version) },
    ...{ local_host: localHost, local_id: identityOf(localIdentity, localHost) },
    ...{ remote_host: remoteHost, remote_id: identityOf(remoteIdentity, remoteHost) },
    ...{ remote_identity: '', vips: '' },
  };
}

function makinenChild(tunnel: MeasuredTunnel) {
  const { id } = tunnel.connection;
  const ofIke = { ike_sa_name: id, ike_sa_uid: uidOf(tunnel), name: id, uid: uidOf(tunnel) };
  return { ...ofIke, mode: 'TUNNEL', protocol: 'ESP', ...selectorsOf(tunnel) };
}

const stritzke = ({ connection }: MeasuredTunnel) => ({ tunnel: connection.id, tunnel_instance: '1' });

type LabelsOf = (tunnel: MeasuredTunnel) => Series['labels'];
type ValueOf = (tunnel: MeasuredTunnel) => number | null;

function family(
  name: string,
  help: string,
  labelsOf: LabelsOf,
  valueOf: ValueOf,
  type: 'counter' | 'gauge' = 'gauge',
): MetricFamily<MeasuredTunnel> {
  const series = (tunnel: MeasuredTunnel): readonly Series[] => {
    const value = valueOf(tunnel);
    return value === null ? [] : [{ labels: labelsOf(tunnel), value }];
  };
  return { name, help, type, series };
}

type Counted = 'inBytes' | 'inPackets' | 'outBytes' | 'outPackets';
const total =
  (field: Counted): ValueOf =>
  ({ observation: { traffic } }) =>
    traffic?.[field] ?? null;
const secondsSince =
  (field: 'lastInAt' | 'lastOutAt', now: () => number): ValueOf =>
  ({ observation: { traffic } }) => {
    const at = traffic?.[field] ?? null;
    return at === null ? null : Math.max(0, Math.round((now() - at) / 1000));
  };

/** 0: the tunnel is up; 1: its IKE_SA alone; 2: it is down; 3: nothing is known. */
function status(tunnel: MeasuredTunnel): number {
  if (tunnel.observation.sas === null) return 3;
  if (isConnected(tunnel)) return 0;
  return isEstablished(tunnel) ? 1 : 2;
}

const established = 2;
const connecting = 1;
const installed = 3;

/** @param now milliseconds since the epoch. */
export function strongswanFamilies(now: () => number): readonly MetricFamily<MeasuredTunnel>[] {
  return [
    family('strongswan_ike_version', 'Version of this IKE.', torilabsIke, ({ connection }) => connection.ike.version),
    family('strongswan_ike_status', '1: established, 2: down.', torilabsIke, (tunnel) =>
      isEstablished(tunnel) ? 1 : 2,
    ),
    family('strongswan_ike_children_size', 'CHILD_SAs that are installed.', torilabsIke, ({ observation }) =>
      observation.sas === null ? null : Object.values(observation.sas.children).filter(Boolean).length,
    ),
    family('strongswan_sa_status', '0: installed, 2: down.', torilabsSa, (tunnel) => (isConnected(tunnel) ? 0 : 2)),
    family('strongswan_sa_inbound_bytes', 'Bytes that came in.', torilabsSa, total('inBytes')),
    family('strongswan_sa_inbound_packets', 'Packets that came in.', torilabsSa, total('inPackets')),
    family('strongswan_sa_last_inbound_seconds', 'Since the last one.', torilabsSa, secondsSince('lastInAt', now)),
    family('strongswan_sa_outbound_bytes', 'Bytes that went out.', torilabsSa, total('outBytes')),
    family('strongswan_sa_outbound_packets', 'Packets that went out.', torilabsSa, total('outPackets')),
    family('strongswan_sa_last_outbound_seconds', 'Since the last one.', torilabsSa, secondsSince('lastOutAt', now)),
    family('ipsec_ike_sa_state', '1: connecting, 2: established.', makinenIke, (tunnel) =>
      isEstablished(tunnel) ? established : connecting,
    ),
    family('ipsec_child_sa_state', '3: installed.', makinenChild, (tunnel) => (isConnected(tunnel) ? installed : null)),
    family('ipsec_child_sa_bytes_in', 'Bytes that came in.', makinenChild, total('inBytes'), 'counter'),
    family('ipsec_child_sa_packets_in', 'Packets that came in.', makinenChild, total('inPackets'), 'counter'),
    family('ipsec_child_sa_bytes_out', 'Bytes that went out.', makinenChild, total('outBytes'), 'counter'),
    family('ipsec_child_sa_packets_out', 'Packets that went out.', makinenChild, total('outPackets'), 'counter'),
    family('ipsec_up', 'Always 1: the numbers could be read.', stritzke, () => 1),
    family('ipsec_status', '0: up, 1: IKE_SA alone, 2: down, 3: not known.', stritzke, status),
    family('ipsec_in_bytes', 'Bytes that came in.', stritzke, total('inBytes'), 'counter'),
    family('ipsec_in_packets', 'Packets that came in.', stritzke, total('inPackets'), 'counter'),
    family('ipsec_out_bytes', 'Bytes that went out.', stritzke, total('outBytes'), 'counter'),
    family('ipsec_out_packets', 'Packets that went out.', stritzke, total('outPackets'), 'counter'),
  ];
}

/** How many IKE_SAs there are, which those exporters tell of as a whole. */
export function strongswanCounts(establishedIkeSas: number): string {
  const count = (name: string) => `# TYPE ${name} gauge\n${name} ${establishedIkeSas}\n`;
  return count('strongswan_ike_count') + count('ipsec_ike_sas');
}
