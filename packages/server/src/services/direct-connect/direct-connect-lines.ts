import {
  checkLineAddresses,
  checkUnderlay,
  lineName,
  type DirectConnectLine,
  type InterfaceLine,
  type VxlanLine,
} from '../../domain/direct-connect/direct-connect-line.ts';
import { refuse } from '../../domain/refusal.ts';
import type { DirectConnectGatewayId } from '../../domain/resource-id.ts';
import type { Transaction } from '../../store/transaction.ts';
import type { Caller } from '../caller.ts';
import { orNotFound } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';
import { checkPort, checkUnused } from '../operator/host-interfaces.ts';

export type NewDirectConnectLine =
  Omit<InterfaceLine, 'accountId' | 'createdAt'> | Omit<VxlanLine, 'accountId' | 'createdAt'>;
export type DirectConnectLineService = ReturnType<typeof directConnectLineService>;

/** The host and its underlay belong to the operator: only administrators attach lines; the gateway may be any account's. */
export function directConnectLineService({ store, uplink, clock, hostPorts }: ServiceDependencies) {
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
    /** @param options forced: also an interface that the host itself uses. */
    attach: async (
      caller: Caller,
      line: NewDirectConnectLine,
      { forced }: { readonly forced: boolean },
    ): Promise<void> => {
      if (!caller.isAdministrator) refuse('administrator-only');
      if (line.kind === 'interface' && !forced) await checkUnused(hostPorts, line, uplink);
      await changeLine(caller, line.directConnectGatewayId, async (transaction, accountId) => {
        const id = line.directConnectGatewayId;
        const other = await transaction.directConnectLines.find(id);
        if (other !== undefined) refuse('direct-connect-line-attached', { id, name: lineName(other) });
        checkLineAddresses(line);
        if (line.kind === 'vxlan') await checkVxlan(transaction, line);
        else await checkPort(transaction, line, uplink);
        nameHost(transaction, line);
        await transaction.directConnectLines.insert({ ...line, accountId, createdAt: clock.now() });
      });
    },

    detach: (caller: Caller, id: DirectConnectGatewayId): Promise<void> =>
      changeLine(caller, id, async (transaction) => {
        const line = await transaction.directConnectLines.find(id);
        if (line === undefined) return refuse('direct-connect-line-missing', { id });
        nameHost(transaction, line);
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

/** The host's own plan keeps strangers off a VXLAN. */
function nameHost(transaction: Transaction, { kind }: Pick<DirectConnectLine, 'kind'>): void {
  if (kind === 'vxlan') transaction.changed('host');
}

async function checkVxlan(transaction: Transaction, line: NewVxlan): Promise<void> {
  checkUnderlay(line);
  const { vni, port } = line;
  const other = (await transaction.directConnectLines.all()).find(
    (one) => one.kind === 'vxlan' && one.vni === vni && one.port === port,
  );
  if (other?.kind !== 'vxlan') return;
  refuse('vxlan-taken', { vni, port, other: other.directConnectGatewayId, remote: other.remoteAddress });
}

type NewVxlan = Extract<NewDirectConnectLine, { kind: 'vxlan' }>;
