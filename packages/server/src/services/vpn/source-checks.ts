import type { DropCount } from '../../domain/operator/dropped-packets.ts';
import type { VpnGatewayId } from '../../domain/resource-id.ts';
import type { Caller } from '../caller.ts';
import { orNotFound, touchVpnGateway } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';

export interface DropView extends DropCount {
  /** Of the tunnel; null elsewhere. */
  readonly vpnGatewayId: VpnGatewayId | null;
}

export type SourceCheckService = ReturnType<typeof sourceCheckService>;

export function sourceCheckService({ store, observed, clock }: ServiceDependencies) {
  return {
    /** Of the gateway's destination-routing tunnels: an asymmetric site may need it off. */
    set: (caller: Caller, id: VpnGatewayId, checksSources: boolean): Promise<void> =>
      store.transaction(async (transaction) => {
        const gateway = orNotFound(await transaction.vpnGateways.find(caller, id), id);
        await touchVpnGateway(transaction, caller, clock.now(), { ...gateway, checksSources });
      }),

    /** What was dropped where it came in. An administrator sees every account, others their own, in every region. */
    listDrops: async (caller: Caller): Promise<DropView[]> => {
      const { vpcs, directConnectGateways, vpnConnections } = await store.readDesiredState();
      const visible = [...vpcs, ...directConnectGateways, ...vpnConnections].filter(
        ({ accountId }) => caller.isAdministrator || accountId === caller.accountId,
      );
      const gatewayOf = new Map<string, VpnGatewayId | null>(
        visible.map((row) => [row.id, 'vpnGatewayId' in row ? row.vpnGatewayId : null]),
      );
      return observed.drops().flatMap((count) => {
        const vpnGatewayId = gatewayOf.get(count.entrance);
        return vpnGatewayId === undefined ? [] : [{ ...count, vpnGatewayId }];
      });
    },
  };
}
