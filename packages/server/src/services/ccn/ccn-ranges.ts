import type { VpnGatewayId } from '../../domain/resource-id.ts';
import { ccnRangesOf, type CcnRange } from '../../derive/vpn-gateway-ccn-range.ts';
import { readDesiredState } from '../../store/desired-state.ts';
import type { Caller } from '../caller.ts';
import { touchCcnOf } from './ccn-changes.ts';
import { orNotFound, touchVpnGateway } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';

export interface CcnRangeChange {
  readonly id: string;
  readonly enabled: boolean;
}

export type CcnRangeService = ReturnType<typeof ccnRangeService>;

/** What a VPN gateway of type CCN announces (docs/spec/actions.md, DescribeVpnGatewayCcnRoutes). */
export function ccnRangeService({ store, observed, clock }: ServiceDependencies) {
  return {
    /** Gateways of a VPC announce nothing. */
    list: (caller: Caller, id: VpnGatewayId): Promise<CcnRange[]> =>
      store.transaction(async (transaction) => {
        const gateway = orNotFound(await transaction.vpnGateways.find(caller, id), id);
        return gateway.kind === 'vpc' ? [] : ccnRangesOf(id, await readDesiredState(transaction), observed.isUsable);
      }),

    /** Only the ranges named change. */
    setEnabled: (caller: Caller, id: VpnGatewayId, changes: readonly CcnRangeChange[]): Promise<void> =>
      store.transaction(async (transaction) => {
        const gateway = orNotFound(await transaction.vpnGateways.find(caller, id), id);
        const ranges = ccnRangesOf(id, await readDesiredState(transaction), observed.isUsable);
        for (const change of changes) {
          const { destination } = orNotFound(
            ranges.find((range) => range.id === change.id),
            change.id,
          );
          const choice = { vpnGatewayId: id, destination, enabled: change.enabled, updatedAt: clock.now() };
          await transaction.ccnRangeChoices.put(choice);
        }
        await touchCcnOf(transaction, id);
        await touchVpnGateway(transaction, caller, clock.now(), gateway);
      }),
  };
}
