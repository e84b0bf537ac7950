import { everything, type Cidr, type IpAddress } from '@landbridge/net';
import type { Subnet } from '../domain/vpc/subnet.ts';
import { tunnelMtu } from '../domain/vpn/esp-overhead.ts';
import type { KeyUser } from '../domain/vpn/key-owners.ts';
import type { VpnConnection } from '../domain/vpn/vpn-connection.ts';
import type { AddressPlan, ConnectionPlan, LinkPlan, RoutePlan, RulePlan } from '../plan/plan.ts';
import { planConnection } from './connection.ts';
import { errorAddress, errorSource } from './error-source.ts';
import { keptPerRow } from './kept-per-row.ts';
import { gatewayRules, tables } from './layout.ts';
import { lookup } from './lookup.ts';
import { planProbeRoutes, probeAddresses } from './probe.ts';
import { planTunnelFilter, type TunnelFilter } from './tunnel-filter.ts';

/** What one tunnel brings into its gateway's plan. */
export interface Tunnel {
  readonly connection: VpnConnection;
  /** Of its device, bytes. */
  readonly mtu: number;
  /** What ICMP errors carry that leave by it. */
  readonly errorSource: IpAddress | null;
  readonly link: LinkPlan;
  readonly probeRoutes: readonly RoutePlan[];
  /** Of packets that come out of an SPD tunnel. */
  readonly rulesFrom: readonly RulePlan[];
  readonly filter: TunnelFilter;
  readonly charon: ConnectionPlan;
}

/** What all tunnels of a gateway have around them. */
export interface AroundTunnels {
  readonly localAddress: IpAddress;
  /** Bytes. */
  readonly pathMtu: number;
  /** Of the network side, the oldest first. */
  readonly subnets: readonly Subnet[];
  /** The gateway refuses sources that no route leads back to. */
  readonly checksSources: boolean;
}

/**
 * The same object for as long as nothing changes that it depends on.
 * @param routed destinations of its enabled gateway routes.
 */
export const planTunnel = keptPerRow(planAnew);

function planAnew(
  connection: VpnConnection,
  { localAddress, pathMtu, subnets, checksSources }: AroundTunnels,
  { localId, remoteId, remoteAddress }: KeyUser,
  keyOwners: readonly string[],
  routed: readonly Cidr[],
): Tunnel {
  const source = errorSource(subnets, localRanges(connection));
  const mtu = tunnelMtu(pathMtu, connection.esp);
  return {
    connection,
    mtu,
    errorSource: source,
    link: planLink(connection, mtu, [errorAddress(source), ...probeAddresses(connection)]),
    probeRoutes: planProbeRoutes(connection),
    rulesFrom: planRulesFrom(connection),
    filter: planTunnelFilter(connection, mtu, { routed, checksSources }),
    charon: planConnection(connection, { localAddress, remoteAddress, localId, remoteId, keyOwners }),
  };
}

function localRanges(connection: VpnConnection): readonly Cidr[] {
  return connection.mode === 'route' ? [everything] : connection.policies.map(({ local }) => local);
}

function planLink({ id, ifId }: VpnConnection, mtu: number, addresses: readonly AddressPlan[]): LinkPlan {
  return { kind: 'tunnel', name: id, ifId, mtu, addresses };
}

function planRulesFrom({ id, mode }: VpnConnection): RulePlan[] {
  return mode === 'route' ? [] : [lookup(gatewayRules.fromSpdTunnel, tables.networkSide, { iif: id })];
}
