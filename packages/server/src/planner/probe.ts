import { everything, type IpAddress } from '@landbridge/net';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { VpnConnection } from '../domain/vpn/vpn-connection.ts';
import type { FilterRule } from '../plan/packet-filter.ts';
import { accept, drop, is, when } from './filter-words.ts';
import { isNotOf, isOf } from './gateway-sets.ts';
import { gatewayRules, hostCidr, tunnelTable } from './layout.ts';
import type { AddressPlan, ProbePlan, RoutePlan, RulePlan } from '../plan/plan.ts';

/**
 * Probes of health checks and their way. One prober sends to all remote addresses of a gateway without binding a source;
 * the tunnel's own table gives each probe its device and its source, whatever the gateway's route table says.
 */
function planProbe({ healthCheck, mode }: VpnConnection): ProbePlan | null {
  const { enabled, localAddress, remoteAddress, intervalMs, timeoutMs, threshold } = healthCheck;
  if (!enabled || mode !== 'route' || localAddress === null || remoteAddress === null) return null;
  return { localAddress, remoteAddress, intervalMs, timeoutMs, threshold };
}

/**
 * Probes a second that one gateway sends at most: an fping sends a thousand, and every answer is encrypted, decrypted and read
 * beside everything else. 50 tunnels at the shortest interval.
 */
const mostProbesPerSecond = 500;

/** What does not fit is sent more rarely, all by the same factor: a probe that was never sent must not count as lost. */
export function planProbes(connections: readonly VpnConnection[]): ReadonlyMap<VpnConnectionId, ProbePlan> {
  const probes = connections.flatMap((connection) => {
    const probe = planProbe(connection);
    return probe === null ? [] : [[connection.id, probe] as const];
  });
  const perSecond = probes.reduce((sum, [, { intervalMs }]) => sum + 1000 / intervalMs, 0);
  const factor = perSecond / mostProbesPerSecond;
  return new Map(factor <= 1 ? probes : probes.map(([id, probe]) => [id, stretch(probe, factor)]));
}

function stretch(probe: ProbePlan, factor: number): ProbePlan {
  const { intervalMs } = probe;
  return { ...probe, intervalMs: Math.ceil(intervalMs * factor), wantedIntervalMs: intervalMs };
}

/** The two addresses of its health check: no other tunnel of the gateway has either (docs/spec/semantics.md section 7). */
export interface ProbeAddressPair {
  readonly local: IpAddress;
  readonly remote: IpAddress;
}

/** Null where nothing is probed. */
export function probeAddressPair(connection: VpnConnection): ProbeAddressPair | null {
  const probe = planProbe(connection);
  return probe === null ? null : { local: probe.localAddress, remote: probe.remoteAddress };
}

/** Scope host: an ICMP error must not take it for its source (icmp_send asks for scope link or wider). */
export function probeAddresses(connection: VpnConnection): AddressPlan[] {
  const pair = probeAddressPair(connection);
  return pair === null ? [] : [{ address: `${pair.local}/32`, scope: 'host' }];
}

/** Probes have a destination and no source yet when they are routed; answers to the peer's mirror probes have both. */
export function planProbeRules(connection: VpnConnection): RulePlan[] {
  const pair = probeAddressPair(connection);
  if (pair === null) return [];
  const action = { kind: 'lookup', table: tunnelTable(connection) } as const;
  return [
    { priority: gatewayRules.probe, iif: 'lo', to: hostCidr(pair.remote), action },
    { priority: gatewayRules.probe, iif: 'lo', from: hostCidr(pair.local), action },
  ];
}

/** While the device is not there (yet), a probe must not fall through to the way out. */
const sealedMetric = 1000;

export function planProbeRoutes(connection: VpnConnection): RoutePlan[] {
  const pair = probeAddressPair(connection);
  if (pair === null) return [];
  const common = { table: tunnelTable(connection), destination: everything };
  return [
    { ...common, metric: 0, kind: 'unicast', nextHops: [{ device: connection.id }], source: pair.local },
    { ...common, metric: sealedMetric, kind: 'blackhole', nextHops: [] },
  ];
}

/** A probe address answers its own tunnel and nobody else. */
export const guardProbesIn: readonly FilterRule[] = [
  when(isOf('probe-local', 'ip daddr'), isNotOf('probe-local-of', 'ip daddr', 'iifname')).do(drop),
];

/** What the peer answers, and its own probes. */
export function acceptProbeAnswers(connection: VpnConnection): FilterRule[] {
  const pair = probeAddressPair(connection);
  return pair === null ? [] : [when(is('ip saddr', pair.remote), is('ip daddr', pair.local)).do(accept)];
}

/** Nothing to or from the probe addresses leaves by another device. */
export const guardProbesOut: readonly FilterRule[] = [
  when(isOf('probe-remote', 'ip daddr'), isNotOf('probe-remote-of', 'ip daddr', 'oifname')).do(drop),
  when(isOf('probe-local', 'ip saddr'), isNotOf('probe-local-of', 'ip saddr', 'oifname')).do(drop),
];
