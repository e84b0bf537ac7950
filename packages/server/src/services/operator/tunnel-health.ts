import type { VpnConnection } from '../../domain/vpn/vpn-connection.ts';
import type { Caller } from '../caller.ts';
import type { ServiceDependencies } from '../dependencies.ts';
import { sees, visibleRows } from '../visible-rows.ts';
import type { LastingCondition } from './tunnel-states.ts';

/** How a tunnel is, and what is wrong with it. */
export interface TunnelHealth {
  readonly connection: VpnConnection;
  readonly condition: LastingCondition;
}

export type TunnelHealthService = ReturnType<typeof tunnelHealthService>;

export function tunnelHealthService({ read, tunnelStates }: Pick<ServiceDependencies, 'read' | 'tunnelStates'>) {
  return {
    /** An administrator sees every account, others their own; either in every region. */
    list: (caller: Caller, ids: readonly string[] | undefined): Promise<readonly VpnConnection[]> =>
      read(({ vpnConnections }) => {
        const named = ids?.flatMap((id) => vpnConnections.get(id) ?? []);
        return named?.filter((connection) => sees(caller, connection)) ?? visibleRows(caller, vpnConnections);
      }),

    of: (connections: readonly VpnConnection[]): Promise<readonly TunnelHealth[]> =>
      read(() => connections.map((connection) => ({ connection, condition: tunnelStates.of(connection) }))),
  };
}
