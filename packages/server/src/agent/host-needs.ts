import type { Uplink } from '../domain/operator/uplink.ts';
import type { HostNeeds } from '../drivers/host-findings.ts';
import type { NetnsPlan } from '../plan/plan.ts';

/** What these plans use of the host, so that its absence matters. */
export function hostNeeds(uplink: Uplink | null, plans: readonly NetnsPlan[]): HostNeeds {
  return {
    uplink,
    vlans: plans.some(({ links }) => links.some((link) => link.kind === 'attached' && link.vlanId !== null)),
    healthChecks: plans.some(({ watches = [] }) => watches.some(({ probe }) => probe !== null)),
  };
}
