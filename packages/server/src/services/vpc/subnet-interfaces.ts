import { refuse } from '../../domain/refusal.ts';
import type { SubnetId } from '../../domain/resource-id.ts';
import type { SubnetInterface } from '../../domain/vpc/subnet.ts';
import type { Caller } from '../caller.ts';
import { orNotFound, touchVpc } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';
import { checkPort, checkUnused, portName } from '../operator/host-interfaces.ts';

export interface InterfaceReference {
  readonly subnetId: SubnetId;
  readonly interfaceName: string;
  readonly vlanId: number | null;
}

export type SubnetInterfaceService = ReturnType<typeof subnetInterfaceService>;

/** Host interfaces belong to the operator, so only administrators attach them; the subnet may be any account's. */
export function subnetInterfaceService({ store, uplink, clock, hostPorts }: ServiceDependencies) {
  const administratorOnly = ({ isAdministrator }: Caller) => {
    if (!isAdministrator) refuse('administrator-only');
  };

  return {
    /** @param options forced: also an interface that the host itself uses. */
    attach: async (
      caller: Caller,
      { subnetId, interfaceName, vlanId }: InterfaceReference,
      { forced }: { readonly forced: boolean },
    ): Promise<void> => {
      administratorOnly(caller);
      if (!forced) await checkUnused(hostPorts, { interfaceName, vlanId }, uplink);
      await store.transaction(async (transaction) => {
        const subnet = orNotFound(await transaction.subnets.findAnywhere(subnetId), subnetId);
        await checkPort(transaction, { interfaceName, vlanId }, uplink);
        const { accountId, vpcId, region } = subnet;
        const createdAt = clock.now();
        await transaction.subnetInterfaces.insert({ accountId, subnetId, vpcId, interfaceName, vlanId, createdAt });
        await touchVpc(transaction, { ...caller, region }, createdAt, vpcId);
      });
    },

    detach: (caller: Caller, reference: InterfaceReference): Promise<void> =>
      store.transaction(async (transaction) => {
        administratorOnly(caller);
        const { subnetId, interfaceName, vlanId } = reference;
        const subnet = orNotFound(await transaction.subnets.findAnywhere(subnetId), subnetId);
        const attached = (await transaction.subnetInterfaces.listOfSubnet(subnetId)).some(
          (attachment) => attachment.interfaceName === interfaceName && attachment.vlanId === vlanId,
        );
        if (!attached) refuse('interface-not-attached', { name: portName(reference), id: subnetId });
        await transaction.subnetInterfaces.remove(reference);
        await touchVpc(transaction, caller, clock.now(), subnet.vpcId);
      }),

    /** An administrator sees all, others what is attached to their own subnets. */
    list: (caller: Caller): Promise<SubnetInterface[]> =>
      store.transaction(async (transaction) => {
        const attachments = await transaction.subnetInterfaces.all();
        return attachments.filter(({ accountId }) => caller.isAdministrator || accountId === caller.accountId);
      }),
  };
}
