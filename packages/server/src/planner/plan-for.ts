import type { DesiredState } from '../domain/desired-state.ts';
import { assumeUsable, type IsUsable } from '../domain/vpn/tunnel-usability.ts';
import type { Uplink } from '../domain/operator/uplink.ts';
import { planCcn } from './ccn.ts';
import { planDirectConnectGateway } from './direct-connect-gateway.ts';
import type { UplinkForwarding } from './forwarding-guard.ts';
import { planHost } from './host.ts';
import type { NetnsPlan, PlanKey } from './plan.ts';
import { planVpc } from './vpc.ts';
import { planVpnGateway } from './vpn-gateway.ts';

/** Every key that has a plan now; whatever else carries our marks shall go. */
export function planKeys(desired: DesiredState): PlanKey[] {
  const { vpcs, vpnGateways, ccns, directConnectGateways } = desired;
  return ['host', ...[...vpcs, ...vpnGateways, ...ccns, ...directConnectGateways].map(({ id }) => id)];
}

/**
 * The plan of one key, or undefined when its resource does not exist (any more). Pure: same rows and
 * tunnels of the same usability on a host that forwarded as much before, same plan.
 */
export function planFor(
  key: PlanKey,
  desired: DesiredState,
  uplink: Uplink | null,
  isUsable: IsUsable = assumeUsable,
  forwarding: UplinkForwarding = 'ours',
): NetnsPlan | undefined {
  if (key === 'host') return planHost(desired, uplink, forwarding);
  const vpc = desired.vpcs.find(({ id }) => id === key);
  if (vpc !== undefined) return planVpc(vpc, desired, isUsable);
  const ccn = desired.ccns.find(({ id }) => id === key);
  if (ccn !== undefined) return planCcn(ccn, desired, isUsable);
  const directConnectGateway = desired.directConnectGateways.find(({ id }) => id === key);
  if (directConnectGateway !== undefined) return planDirectConnectGateway(directConnectGateway, desired, isUsable);
  const gateway = desired.vpnGateways.find(({ id }) => id === key);
  if (gateway === undefined) return undefined;
  if (uplink === null) throw new Error(`${gateway.id} exists, but the configuration has no uplink for it`);
  return planVpnGateway(gateway, desired, uplink, isUsable);
}
