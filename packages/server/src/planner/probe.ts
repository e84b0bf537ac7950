import type { IpAddress } from '@landbridge/net';
import type { VpnConnection } from '../domain/vpn-connection.ts';
import { everything, gatewayRules, hostCidr, tunnelTable } from './layout.ts';
import type { AddressPlan, ProbePlan, RoutePlan, RulePlan } from './plan.ts';

/**
 * Probes of health checks and their way. One prober sends to all remote addresses of a gateway without binding a source;
 * the tunnel's own table gives each probe its device and its source, whatever the gateway's route table says.
 */
export function planProbe({ healthCheck, mode }: VpnConnection): ProbePlan | null {
  const { enabled, localAddress, remoteAddress, intervalMs, timeoutMs, threshold } = healthCheck;
  if (!enabled || mode !== 'route' || localAddress === null || remoteAddress === null) return null;
  return { localAddress, remoteAddress, intervalMs, timeoutMs, threshold };
}

interface Probed {
  readonly connection: VpnConnection;
  readonly local: IpAddress;
  readonly remote: IpAddress;
}

function probed(connections: readonly VpnConnection[]): Probed[] {
  return connections.flatMap((connection) => {
    const probe = planProbe(connection);
    return probe === null ? [] : [{ connection, local: probe.localAddress, remote: probe.remoteAddress }];
  });
}

/** Scope host: an ICMP error must not take it for its source (icmp_send asks for scope link or wider). */
export function probeAddresses(connection: VpnConnection): AddressPlan[] {
  return probed([connection]).map(({ local }) => ({ address: `${local}/32`, scope: 'host' }));
}

/** Probes have a destination and no source yet when they are routed; answers to the peer's mirror probes have both. */
export function planProbeRules(connections: readonly VpnConnection[]): RulePlan[] {
  return probed(connections).flatMap(({ connection, local, remote }): RulePlan[] => {
    const action = { kind: 'lookup', table: tunnelTable(connection) } as const;
    return [
      { priority: gatewayRules.probe, iif: 'lo', to: hostCidr(remote), action },
      { priority: gatewayRules.probe, iif: 'lo', from: hostCidr(local), action },
    ];
  });
}

/** While the device is not there (yet), a probe must not fall through to the way out. */
const sealedMetric = 1000;

export function planProbeRoutes(connections: readonly VpnConnection[]): RoutePlan[] {
  return probed(connections).flatMap(({ connection, local }): RoutePlan[] => {
    const common = { table: tunnelTable(connection), destination: everything };
    return [
      { ...common, metric: 0, kind: 'unicast', nextHops: [{ device: connection.id }], source: local },
      { ...common, metric: sealedMetric, kind: 'blackhole', nextHops: [] },
    ];
  });
}

/** The probe address answers its own tunnel and nobody else. */
export function guardProbesIn(connection: VpnConnection): string[] {
  return probed([connection]).map(({ local }) => `iifname != "${connection.id}" ip daddr ${local} drop`);
}

/** Nothing to or from the probe addresses leaves by another device. */
export function guardProbesOut(connection: VpnConnection): string[] {
  return probed([connection]).flatMap(({ local, remote }) => [
    `oifname != "${connection.id}" ip daddr ${remote} drop`,
    `oifname != "${connection.id}" ip saddr ${local} drop`,
  ]);
}
