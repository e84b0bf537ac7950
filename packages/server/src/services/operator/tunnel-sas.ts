import type { TunnelSas } from '../../domain/operator/tunnel-sas.ts';
import { refuse } from '../../domain/refusal.ts';
import type { VpnConnectionId } from '../../domain/resource-id.ts';
import type { Caller } from '../caller.ts';
import type { ServiceDependencies } from '../dependencies.ts';
import { sees } from '../visible-rows.ts';

export type TunnelSasService = ReturnType<typeof tunnelSasService>;

/** Nobody but the acting side knows the SAs of a tunnel: it is asked each time. */
export function tunnelSasService({ read, sas }: Pick<ServiceDependencies, 'read' | 'sas'>) {
  return {
    /** An administrator sees every account, others their own; either in every region. */
    of: async (caller: Caller, id: VpnConnectionId): Promise<TunnelSas> => {
      const isSeen = await read(({ vpnConnections }) => {
        const connection = vpnConnections.get(id);
        return connection !== undefined && sees(caller, connection);
      });
      if (!isSeen) refuse('not-found', { id });
      const answer = await sas(id);
      if ('problem' in answer) refuse('sas-not-told', { id, why: answer.problem });
      return answer.sas;
    },
  };
}
