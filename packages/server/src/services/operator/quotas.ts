import type { Quotas } from '../../domain/operator/quotas.ts';
import type { Rows } from '../../image/rows.ts';
import type { Caller } from '../caller.ts';
import type { ServiceDependencies } from '../dependencies.ts';

/** How much of a quota is used: of those of one object, such as subnets of a VPC, by the object that uses the most. */
export type QuotaUse = Readonly<Partial<Record<keyof Quotas, number>>>;

export type QuotaService = ReturnType<typeof quotaService>;

export function quotaService({ read, quotas }: ServiceDependencies) {
  return {
    limits: (): Quotas => quotas,

    /** Of the caller's account, in the caller's region. */
    use: (caller: Caller): Promise<QuotaUse> => read((rows) => quotaUse(caller, rows)),
  };
}

function quotaUse(caller: Caller, rows: Rows): QuotaUse {
  const [vpcs, tables] = [rows.vpcs.list(caller), rows.routeTables.list(caller)];
  const [gateways, peers] = [rows.vpnGateways.list(caller), rows.customerGateways.list(caller)];
  const [ccns, lines] = [rows.ccns.list(caller), rows.directConnectGateways.list(caller)];
  return {
    vpcs: vpcs.length,
    secondaryRangesPerVpc: most(vpcs, ({ secondaryRanges }) => secondaryRanges.length),
    subnetsPerVpc: most(vpcs, ({ id }) => rows.subnets.of('vpc', id).length),
    routeTablesPerVpc: most(vpcs, ({ id }) => rows.routeTables.of('vpc', id).length),
    routesPerRouteTable: most(tables, ({ id }) => rows.vpcRoutes.of('routeTable', id).length),
    vpcVpnGateways: gateways.filter(({ kind }) => kind === 'vpc').length,
    ccnVpnGateways: gateways.filter(({ kind }) => kind === 'ccn').length,
    customerGateways: peers.length,
    vpnConnectionsPerVpnGateway: most(gateways, ({ id }) => rows.vpnConnections.of('vpnGateway', id).length),
    vpnConnectionsPerCustomerGateway: most(peers, ({ id }) => rows.vpnConnections.of('customerGateway', id).length),
    mappingsPerVpnGateway: most(gateways, ({ id }) => rows.vpnConnections.countRanges('mappings', id)),
    routesPerVpnGateway: most(gateways, ({ id }) => rows.vpnGatewayRoutes.of('vpnGateway', id).length),
    ccns: ccns.length,
    instancesPerCcn: most(ccns, ({ id }) => rows.ccnAttachments.of('ccn', id).length),
    routeTablesPerCcn: most(ccns, ({ id }) => rows.ccnRouteTables.of('ccn', id).length),
    directConnectGateways: lines.length,
    rangesPerDirectConnectGateway: most(
      lines,
      ({ id }) => rows.directConnectRanges.of('directConnectGateway', id).length,
    ),
  };
}

/** 0 where there is no object. */
function most<T>(objects: readonly T[], count: (object: T) => number): number {
  return Math.max(0, ...objects.map(count));
}
