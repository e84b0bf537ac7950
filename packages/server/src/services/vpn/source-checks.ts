import type { DropCount } from '../../domain/operator/dropped-packets.ts';
import type { VpnGatewayId } from '../../domain/resource-id.ts';
import type { Caller } from '../caller.ts';
import { orNotFound, recordTask } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';
import { sees } from '../visible-rows.ts';

export interface DropView extends DropCount {
  /** Of the tunnel; null elsewhere. */
  readonly vpnGatewayId: VpnGatewayId | null;
}

export type SourceCheckService = ReturnType<typeof sourceCheckService>;

export function sourceCheckService({ decide, read, observed, clock }: ServiceDependencies) {
  return {
    /** Of the gateway's destination-routing tunnels: an asymmetric site may need it off. */
    set: (caller: Caller, id: VpnGatewayId, checksSources: boolean): Promise<void> =>
      decide(caller, (rows) => {
        const gateway = orNotFound(rows.vpnGateways.find(caller, id), id);
        rows.vpnGateways.update({ ...gateway, checksSources });
        recordTask(rows, caller, clock.now(), id);
      }),

    /** What was dropped where it came in. An administrator sees every account, others their own, in every region. */
    listDrops: (caller: Caller): Promise<DropView[]> =>
      read((rows) =>
        observed.drops().flatMap((count) => {
          const id = count.entrance;
          const tunnel = rows.vpnConnections.get(id);
          const owner = tunnel ?? rows.vpcs.get(id) ?? rows.directConnectGateways.get(id);
          return owner !== undefined && sees(caller, owner)
            ? [{ ...count, vpnGatewayId: tunnel?.vpnGatewayId ?? null }]
            : [];
        }),
      ),
  };
}
