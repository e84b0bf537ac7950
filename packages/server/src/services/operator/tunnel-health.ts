import type { Finding } from '../../domain/diagnosis/finding.ts';
import { conditionOf, type TunnelCondition } from '../../domain/vpn/tunnel-state.ts';
import type { VpnConnection } from '../../domain/vpn/vpn-connection.ts';
import type { Caller } from '../caller.ts';
import type { ServiceDependencies } from '../dependencies.ts';

/** How a tunnel is, and what is wrong with it. */
export interface TunnelHealth {
  readonly connection: VpnConnection;
  readonly condition: TunnelCondition;
  readonly findings: readonly Finding[];
}

export type TunnelHealthService = ReturnType<typeof tunnelHealthService>;

export function tunnelHealthService({ read, observed }: ServiceDependencies) {
  return {
    /** An administrator sees every account, others their own; either in every region. */
    list: (caller: Caller, ids: readonly string[] | undefined): Promise<readonly VpnConnection[]> =>
      read((rows) => {
        const { accountId, isAdministrator } = caller;
        const named = ids?.flatMap((id) => rows.vpnConnections.get(id) ?? []);
        const own = (connection: VpnConnection) => isAdministrator || connection.accountId === accountId;
        return (
          named?.filter(own) ??
          (isAdministrator ? rows.vpnConnections.all() : rows.vpnConnections.of('account', accountId))
        );
      }),

    of: (connections: readonly VpnConnection[]): Promise<readonly TunnelHealth[]> =>
      read(() =>
        connections.map((connection) => {
          const observation = observed.tunnel(connection.id);
          return { connection, condition: conditionOf(connection, observation), findings: observation.findings };
        }),
      ),
  };
}
