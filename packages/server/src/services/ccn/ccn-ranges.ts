import type { VpnGatewayId } from '../../domain/resource-id.ts';
import { ccnRangesOf, type CcnRange } from '../../derive/vpn-gateway-ccn-range.ts';
import type { Caller } from '../caller.ts';
import { orNotFound, recordTask } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';

export interface CcnRangeChange {
  readonly id: string;
  readonly enabled: boolean;
}

export type CcnRangeService = ReturnType<typeof ccnRangeService>;

/** What a VPN gateway of type CCN announces (docs/spec/actions.md, DescribeVpnGatewayCcnRoutes). */
export function ccnRangeService({ decide, read, observed, clock }: ServiceDependencies) {
  return {
    /** Gateways of a VPC announce nothing. */
    list: (caller: Caller, id: VpnGatewayId): Promise<CcnRange[]> =>
      read((rows) => {
        const gateway = orNotFound(rows.vpnGateways.find(caller, id), id);
        return gateway.kind === 'vpc' ? [] : ccnRangesOf(id, rows, observed.isUsable);
      }),

    /** Only the ranges named change. */
    setEnabled: (caller: Caller, id: VpnGatewayId, changes: readonly CcnRangeChange[]): Promise<void> =>
      decide(caller, (rows) => {
        const gateway = orNotFound(rows.vpnGateways.find(caller, id), id);
        const ranges = ccnRangesOf(id, rows, observed.isUsable);
        for (const change of changes) {
          const { destination } = orNotFound(
            ranges.find((range) => range.id === change.id),
            change.id,
          );
          const choice = { vpnGatewayId: id, destination, enabled: change.enabled, updatedAt: clock.now() };
          rows.ccnRangeChoices.put(choice);
        }
        recordTask(rows, caller, clock.now(), gateway.id);
      }),
  };
}
