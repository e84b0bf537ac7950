import { findingSeverities, type FindingSeverity } from '@landbridge/catalogue/findings/finding-entry';
import { findingRegistry } from '@landbridge/catalogue/findings/finding-registry';
import type { DropCount } from '../../domain/operator/dropped-packets.ts';
import type { Finding } from '../../domain/diagnosis/finding.ts';
import type { TrafficObservation, TunnelObservation } from '../../domain/operator/observation.ts';
import type { CustomerGateway } from '../../domain/vpn/customer-gateway.ts';
import type { VpnConnection } from '../../domain/vpn/vpn-connection.ts';
import type { VpnGateway } from '../../domain/vpn/vpn-gateway.ts';
import type { TrafficTotals } from './gateway-totals.ts';
import type { MetricFamily, Series } from './series-text.ts';

/** A tunnel as it is known now. */
export interface MeasuredTunnel {
  readonly connection: VpnConnection;
  readonly gateway: VpnGateway | undefined;
  readonly peer: CustomerGateway | undefined;
  readonly observation: TunnelObservation;
  /** In one word (diagnosis/tunnel-state.ts). */
  readonly state: string;
  /** For how long nothing has proven that packets pass both ways; null: nothing ever has. */
  readonly proofAgeMs: number | null;
  readonly findings: readonly Finding[];
}

export interface MeasuredGateway {
  readonly gateway: VpnGateway;
  readonly totals: TrafficTotals;
}

export function severityOf({ code }: Finding): FindingSeverity {
  return findingRegistry[code].severity;
}

function ofTunnel(
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  read: (tunnel: MeasuredTunnel) => number | null,
): MetricFamily<MeasuredTunnel> {
  const series = (tunnel: MeasuredTunnel): readonly Series[] => {
    const value = read(tunnel);
    return value === null ? [] : [{ labels: { id: tunnel.connection.id }, value }];
  };
  return { name: `landbridge_tunnel_${name}`, help, type, series };
}

const ofTraffic = (name: string, help: string, field: Exclude<keyof TrafficObservation, 'lastInAt' | 'lastOutAt'>) =>
  ofTunnel(name, 'counter', help, ({ observation: { traffic } }) => traffic?.[field] ?? null);

const probesOf = ({ observation }: MeasuredTunnel) => observation.usability?.healthCheck?.probes ?? null;

/** One series for each tunnel, where it is known; of findings one for each severity that there is. */
export const tunnelFamilies: readonly MetricFamily<MeasuredTunnel>[] = [
  {
    name: 'landbridge_tunnel_info',
    help: 'Always 1: what a tunnel is called, and between whom it is.',
    type: 'gauge',
    series: ({ connection, peer }) => {
      const { id, name, vpnGatewayId: gateway, accountId: account } = connection;
      return [{ labels: { id, name, gateway, peer: peer?.address ?? '', account }, value: 1 }];
    },
  },
  ofTunnel('up', 'gauge', '1: packets are proven to pass.', ({ state }) => Number(state === 'up')),
  ofTunnel('connected', 'gauge', '1: it has all of its CHILD_SAs.', ({ observation: { sas } }) =>
    sas === null ? null : Number(sas.connected),
  ),
  {
    name: 'landbridge_tunnel_state',
    help: 'Always 1, with the state as a label: one series for each tunnel at a time.',
    type: 'gauge',
    series: ({ connection, state }) => [{ labels: { id: connection.id, state }, value: 1 }],
  },
  ofTunnel(
    'proof_age_seconds',
    'gauge',
    'Since something last proved that packets pass; none where nothing ever has.',
    ({ proofAgeMs }) => (proofAgeMs === null ? null : proofAgeMs / 1000),
  ),
  ofTraffic('in_bytes_total', 'What came out of the tunnel, without what ESP adds.', 'inBytes'),
  ofTraffic('in_packets_total', 'Packets that came out of the tunnel.', 'inPackets'),
  ofTraffic('out_bytes_total', 'What went into the tunnel, without what ESP adds.', 'outBytes'),
  ofTraffic('out_packets_total', 'Packets that went into the tunnel.', 'outPackets'),
  ofTraffic('rekeys_total', 'CHILD_SAs that were renewed.', 'rekeys'),
  ofTunnel('probe_loss_ratio', 'gauge', 'Of the probes of the last minute: 0 to 1.', (tunnel) => {
    const probes = probesOf(tunnel);
    return probes === null || probes.sent === 0 ? null : probes.lost / probes.sent;
  }),
  ofTunnel('probe_delay_seconds', 'gauge', 'Mean time to the answer, of the probes of the last minute.', (tunnel) => {
    const delayMs = probesOf(tunnel)?.meanDelayMs ?? null;
    return delayMs === null ? null : delayMs / 1000;
  }),
  {
    name: 'landbridge_tunnel_findings',
    help: 'What is wrong with a tunnel, by severity; no series where nothing is.',
    type: 'gauge',
    series: ({ connection, findings }) => {
      if (findings.length === 0) return [];
      return findingSeverities.flatMap((severity) => {
        const value = findings.filter((finding) => severityOf(finding) === severity).length;
        return value === 0 ? [] : [{ labels: { id: connection.id, severity }, value }];
      });
    },
  },
];

function ofGateway(name: string, help: string, field: keyof TrafficTotals): MetricFamily<MeasuredGateway> {
  return {
    name: `landbridge_gateway_${name}`,
    help,
    type: 'counter',
    series: ({ gateway: { id }, totals }) => [{ labels: { id }, value: totals[field] }],
  };
}

export const gatewayFamilies: readonly MetricFamily<MeasuredGateway>[] = [
  {
    name: 'landbridge_gateway_info',
    help: 'Always 1: what a VPN gateway is called, and where it is.',
    type: 'gauge',
    series: ({ gateway: { id, name, publicAddress: address, region, accountId: account } }) => [
      { labels: { id, name, address, region, account }, value: 1 },
    ],
  },
  {
    name: 'landbridge_gateway_bandwidth_bytes_per_second',
    help: 'The limit of what goes out.',
    type: 'gauge',
    series: ({ gateway: { id, bandwidthMbps } }) => [{ labels: { id }, value: bandwidthMbps * 125_000 }],
  },
  ofGateway('in_bytes_total', 'What came out of all tunnels, those that are gone included.', 'inBytes'),
  ofGateway('in_packets_total', 'Packets that came out of all tunnels, those that are gone included.', 'inPackets'),
  ofGateway('out_bytes_total', 'What went into all tunnels, those that are gone included.', 'outBytes'),
  ofGateway('out_packets_total', 'Packets that went into all tunnels, those that are gone included.', 'outPackets'),
];

const ofDrops = (name: string, help: string, field: 'packets' | 'bytes'): MetricFamily<DropCount> => ({
  name: `landbridge_dropped_${name}_total`,
  help,
  type: 'counter',
  series: ({ entrance, reason, [field]: value }) => [{ labels: { entrance, reason }, value }],
});

/** By where packets come in and why they are dropped there; no series where none were. */
export const dropFamilies: readonly MetricFamily<DropCount>[] = [
  ofDrops('packets', 'Packets dropped where they came in, by why.', 'packets'),
  ofDrops('bytes', 'Bytes of packets dropped where they came in, by why.', 'bytes'),
];
