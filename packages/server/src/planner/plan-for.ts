import type { Rows } from '../image/rows.ts';
import type { TableName } from '../image/tables.ts';
import type { Uplink } from '../domain/operator/uplink.ts';
import { planCcn } from './ccn.ts';
import { planDirectConnectGateway } from './direct-connect-gateway.ts';
import { planHost } from './host.ts';
import type { NetnsPlan, PlanKey } from '../plan/plan.ts';
import { planVpc } from './vpc.ts';
import { planVpnGateway } from './vpn-gateway.ts';
import type { UplinkForwarding } from '../plan/facts.ts';

/** Tables whose every row has a plan of its own, under its key. */
export const plannedTables = ['vpcs', 'vpnGateways', 'ccns', 'directConnectGateways'] as const satisfies TableName[];

/** Every key that has a plan now; whatever else carries our marks shall go. All of them are what is asked for: it reads whole tables. */
export function planKeys(rows: Pick<Rows, (typeof plannedTables)[number]>): PlanKey[] {
  return ['host', ...plannedTables.flatMap((table) => rows[table].all().map(({ id }) => id))];
}

/**
 * The plan of one key, or undefined when its resource does not exist (any more). Pure: same rows
 * on a host that forwarded as much before, same plan. Which tunnels work it does not know: plan/choose-routes.ts asks.
 */
export function planFor(
  key: PlanKey,
  rows: Rows,
  uplink: Uplink | null,
  forwarding: UplinkForwarding = 'ours',
): NetnsPlan | undefined {
  if (key === 'host') return planHost(rows, uplink, forwarding);
  const vpc = rows.vpcs.get(key);
  if (vpc !== undefined) return planVpc(vpc, rows);
  const ccn = rows.ccns.get(key);
  if (ccn !== undefined) return planCcn(ccn, rows);
  const directConnectGateway = rows.directConnectGateways.get(key);
  if (directConnectGateway !== undefined) return planDirectConnectGateway(directConnectGateway, rows);
  const gateway = rows.vpnGateways.get(key);
  if (gateway === undefined) return undefined;
  if (uplink === null) throw new Error(`${gateway.id} exists, but the configuration has no uplink for it`);
  return planVpnGateway(gateway, rows, uplink);
}
