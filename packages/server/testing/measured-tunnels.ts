import type { VpnConnectionId, VpnGatewayId } from '../src/domain/resource-id.ts';
import type { MeasuredTunnel } from '../src/http/metrics/tunnel-families.ts';
import type { TunnelNumbers } from '../src/http/metrics/tunnel-metrics.ts';
import { sampleRows } from './sample-rows.ts';

/** For tests only: tunnels as metrics tell of them, each number another one. */
export function measuredTunnel(index: number, change: Partial<MeasuredTunnel> = {}): MeasuredTunnel {
  const id: VpnConnectionId = `vpnx-${String(index).padStart(8, '0')}`;
  const vpnGatewayId: VpnGatewayId = `vpngw-${String(index % 200).padStart(8, '0')}`;
  const [connection] = sampleRows.vpnConnections;
  const [gateway] = sampleRows.vpnGateways;
  const [peer] = sampleRows.customerGateways;
  if (connection === undefined || gateway === undefined || peer === undefined) throw new Error('no sample rows');
  return {
    connection: { ...connection, id, name: `tunnel ${index}`, vpnGatewayId, ifId: index },
    gateway: { ...gateway, id: vpnGatewayId },
    peer,
    observation: {
      id,
      sas: { ikeEstablished: true, children: { [id]: true }, connected: true, lastError: null, changedAt: 0 },
      usability: {
        fault: null,
        healthCheck: {
          ...{ state: 'available', answeredAt: 0, schedule: { intervalMs: 1000, wantedMs: 1000 } },
          probes: { sent: 60, lost: 15, unsent: 0, meanDelayMs: 12.5 },
        },
      },
      traffic: {
        ...{ inBytes: 1000 + index, inPackets: 10, outBytes: 2000, outPackets: 20, rekeys: 3 },
        ...{ lastInAt: 0, lastOutAt: 0 },
      },
      findings: [],
    },
    state: 'up',
    proofAgeMs: 1500,
    findings: [],
    ...change,
  };
}

export function numbersOf(tunnels: readonly MeasuredTunnel[], change: Partial<TunnelNumbers> = {}): TunnelNumbers {
  const byId = new Map(tunnels.map((tunnel) => [tunnel.connection.id, tunnel]));
  const gateways = new Map(tunnels.flatMap(({ gateway }) => (gateway === undefined ? [] : [[gateway.id, gateway]])));
  return {
    connections: () => tunnels.map(({ connection }) => connection),
    gateways: () => [...gateways.values()],
    measure: (connections) => connections.flatMap(({ id }) => byId.get(id) ?? []),
    drops: () => [],
    now: () => 90_000,
    ...change,
  };
}
