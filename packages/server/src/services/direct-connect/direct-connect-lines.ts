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
import type { DraftRows } from '../../image/draft.ts';
import type { Rows } from '../../image/rows.ts';
import type { Caller } from '../caller.ts';
import { orNotFound } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';
import { visibleRows } from '../visible-rows.ts';
import { checkPort, checkUnused } from '../operator/host-interfaces.ts';

export type NewDirectConnectLine =
  Omit<InterfaceLine, 'accountId' | 'createdAt'> | Omit<VxlanLine, 'accountId' | 'createdAt'>;
export type DirectConnectLineService = ReturnType<typeof directConnectLineService>;

/** The host and its underlay belong to the operator: only administrators attach lines (as the catalogue says); the gateway may be any account's. */
export function directConnectLineService({ decide, read, uplink, clock, hostPorts }: ServiceDependencies) {
  const changeLine = (
    caller: Caller,
    id: DirectConnectGatewayId,
    work: (rows: DraftRows, accountId: string) => void,
  ): Promise<void> =>
    decide(caller, (rows) => {
      const gateway = orNotFound(rows.directConnectGateways.get(id), id);
      work(rows, gateway.accountId);
    });

  return {
    /** @param options forced: also an interface that the host itself uses. */
    attach: async (
      caller: Caller,
      line: NewDirectConnectLine,
      { forced }: { readonly forced: boolean },
    ): Promise<void> => {
      if (line.kind === 'interface' && !forced) await checkUnused(hostPorts, line, uplink);
      await changeLine(caller, line.directConnectGatewayId, (rows, accountId) => {
        const id = line.directConnectGatewayId;
        const other = rows.directConnectLines.get(id);
        if (other !== undefined) refuse('direct-connect-line-attached', { id, name: lineName(other) });
        checkLineAddresses(line);
        if (line.kind === 'vxlan') checkVxlan(rows, line);
        else checkPort(rows, line, uplink);
        rows.directConnectLines.insert({ ...line, accountId, createdAt: clock.now() });
      });
    },

    detach: (caller: Caller, id: DirectConnectGatewayId): Promise<void> =>
      changeLine(caller, id, (rows) => {
        const line = rows.directConnectLines.get(id);
        if (line === undefined) return refuse('direct-connect-line-missing', { id });
        rows.directConnectLines.remove(id);
      }),

    /** An administrator sees all, others those of their own gateways. */
    list: (caller: Caller): Promise<readonly DirectConnectLine[]> =>
      read((rows) => visibleRows(caller, rows.directConnectLines)),
  };
}

function checkVxlan(rows: Rows, line: NewVxlan): void {
  checkUnderlay(line);
  const { vni, port } = line;
  const [other] = rows.directConnectLines.of('vxlan', String(vni), String(port));
  if (other?.kind !== 'vxlan') return;
  refuse('vxlan-taken', { vni, port, other: other.directConnectGatewayId, remote: other.remoteAddress });
}

type NewVxlan = Extract<NewDirectConnectLine, { kind: 'vxlan' }>;
