import { refuse } from '../../domain/refusal.ts';
import type { SubnetId } from '../../domain/resource-id.ts';
import type { SubnetInterface } from '../../domain/vpc/subnet.ts';
import type { Caller } from '../caller.ts';
import { orNotFound } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';
import { visibleRows } from '../visible-rows.ts';
import { checkPort, checkUnused, portName } from '../operator/host-interfaces.ts';

export interface InterfaceReference {
  readonly subnetId: SubnetId;
  readonly interfaceName: string;
  readonly vlanId: number | null;
}

export type SubnetInterfaceService = ReturnType<typeof subnetInterfaceService>;

/** Host interfaces belong to the operator, so only administrators attach them (as the catalogue says); the subnet may be any account's. */
export function subnetInterfaceService({ decide, read, uplink, clock, hostPorts }: ServiceDependencies) {
  return {
    /** @param options forced: also an interface that the host itself uses. */
    attach: async (
      caller: Caller,
      { subnetId, interfaceName, vlanId }: InterfaceReference,
      { forced }: { readonly forced: boolean },
    ): Promise<void> => {
      if (!forced) await checkUnused(hostPorts, { interfaceName, vlanId }, uplink);
      await decide(caller, (rows) => {
        const subnet = orNotFound(rows.subnets.get(subnetId), subnetId);
        checkPort(rows, { interfaceName, vlanId }, uplink);
        const { accountId, vpcId } = subnet;
        const createdAt = clock.now();
        rows.subnetInterfaces.insert({ accountId, subnetId, vpcId, interfaceName, vlanId, createdAt });
      });
    },

    detach: (caller: Caller, reference: InterfaceReference): Promise<void> =>
      decide(caller, (rows) => {
        const { subnetId, interfaceName, vlanId } = reference;
        orNotFound(rows.subnets.get(subnetId), subnetId);
        const attached = rows.subnetInterfaces
          .of('subnet', subnetId)
          .some((attachment) => attachment.interfaceName === interfaceName && attachment.vlanId === vlanId);
        if (!attached) refuse('interface-not-attached', { name: portName(reference), id: subnetId });
        rows.subnetInterfaces.remove(interfaceName, String(vlanId ?? 0));
      }),

    /** An administrator sees all, others what is attached to their own subnets. */
    list: (caller: Caller): Promise<readonly SubnetInterface[]> =>
      read((rows) => visibleRows(caller, rows.subnetInterfaces)),
  };
}
