import { checkLineAddresses, type DirectConnectLine } from '../domain/direct-connect-gateway.ts';
import { refuse } from '../domain/refusal.ts';
import type { DirectConnectGatewayId } from '../domain/resource-id.ts';
import type { Transaction } from '../store/transaction.ts';
import type { Caller } from './caller.ts';
import { orNotFound } from './changes.ts';
import type { ServiceDependencies } from './dependencies.ts';
import { checkPort } from './host-interfaces.ts';

export type NewDirectConnectLine = Omit<DirectConnectLine, 'accountId' | 'createdAt'>;
export type DirectConnectLineService = ReturnType<typeof directConnectLineService>;

/** Host interfaces belong to the operator, so only administrators attach them; the gateway may be any account's. */
export function directConnectLineService({ store, uplink, clock }: ServiceDependencies) {
  const changeLine = (
    caller: Caller,
    id: DirectConnectGatewayId,
    work: (transaction: Transaction, accountId: string) => Promise<void>,
  ): Promise<void> =>
    store.transaction(async (transaction) => {
      if (!caller.isAdministrator) refuse('administrator-only');
      const gateways = await transaction.directConnectGateways.all();
      const gateway = orNotFound(
        gateways.find((candidate) => candidate.id === id),
        id,
      );
      await work(transaction, gateway.accountId);
      await transaction.directConnectGateways.update({ ...gateway, generation: gateway.generation + 1 });
      transaction.changed(id);
    });

  return {
    attach: (caller: Caller, line: NewDirectConnectLine): Promise<void> =>
      changeLine(caller, line.directConnectGatewayId, async (transaction, accountId) => {
        const id = line.directConnectGatewayId;
        const other = await transaction.directConnectLines.find(id);
        if (other !== undefined) refuse('direct-connect-line-attached', { id, name: other.interfaceName });
        checkLineAddresses(line.localAddress, line.peerAddress);
        await checkPort(transaction, line, uplink);
        await transaction.directConnectLines.insert({ ...line, accountId, createdAt: clock.now() });
      }),

    detach: (caller: Caller, id: DirectConnectGatewayId): Promise<void> =>
      changeLine(caller, id, async (transaction) => {
        if ((await transaction.directConnectLines.find(id)) === undefined)
          refuse('direct-connect-line-missing', { id });
        await transaction.directConnectLines.remove(id);
      }),

    /** An administrator sees all, others those of their own gateways. */
    list: (caller: Caller): Promise<DirectConnectLine[]> =>
      store.transaction(async (transaction) => {
        const lines = await transaction.directConnectLines.all();
        return lines.filter(({ accountId }) => caller.isAdministrator || accountId === caller.accountId);
      }),
  };
}
