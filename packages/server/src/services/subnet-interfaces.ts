import { refuse } from '../domain/refusal.ts';
import type { SubnetId } from '../domain/resource-id.ts';
import type { SubnetInterface } from '../domain/subnet.ts';
import type { Uplink } from '../domain/uplink.ts';
import type { Caller } from './caller.ts';
import { orNotFound, touchVpc } from './changes.ts';
import type { ServiceDependencies } from './dependencies.ts';

export interface InterfaceReference {
  readonly subnetId: SubnetId;
  readonly interfaceName: string;
  readonly vlanId: number | null;
}

/** Devices whose names start like this are ours (DESIGN.md section 2). */
const ownPrefixes = ['subnet-', 'vpngw-', 'vpnx-', 'vpc-', 'ccn-', 'dcg-'];

export type SubnetInterfaceService = ReturnType<typeof subnetInterfaceService>;

/** Host interfaces belong to the operator, so only administrators attach them; the subnet may be any account's. */
export function subnetInterfaceService({ store, uplink, clock }: ServiceDependencies) {
  const administratorOnly = ({ isAdministrator }: Caller) => {
    if (!isAdministrator) refuse('administrator-only');
  };

  return {
    attach: (caller: Caller, { subnetId, interfaceName, vlanId }: InterfaceReference): Promise<void> =>
      store.transaction(async (transaction) => {
        administratorOnly(caller);
        const subnet = orNotFound(await transaction.subnets.findAnywhere(subnetId), subnetId);
        checkName(interfaceName, vlanId, uplink);
        const other = (await transaction.subnetInterfaces.all()).find((attachment) =>
          isSamePort(attachment, { interfaceName, vlanId }),
        );
        if (other !== undefined) refuse('interface-attached', { name: nameOf(other), other: other.subnetId });
        const { accountId, vpcId, region } = subnet;
        const createdAt = clock.now();
        await transaction.subnetInterfaces.insert({ accountId, subnetId, vpcId, interfaceName, vlanId, createdAt });
        await touchVpc(transaction, { ...caller, region }, createdAt, vpcId);
      }),

    detach: (caller: Caller, reference: InterfaceReference): Promise<void> =>
      store.transaction(async (transaction) => {
        administratorOnly(caller);
        const { subnetId, interfaceName, vlanId } = reference;
        const subnet = orNotFound(await transaction.subnets.findAnywhere(subnetId), subnetId);
        const attached = (await transaction.subnetInterfaces.listOfSubnet(subnetId)).some(
          (attachment) => attachment.interfaceName === interfaceName && attachment.vlanId === vlanId,
        );
        if (!attached) refuse('interface-not-attached', { name: nameOf(reference), id: subnetId });
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

/** An attached interface leaves the host whole: none of its VLANs can be attached any more, and the other way round. */
function isSamePort(a: Pick<SubnetInterface, 'interfaceName' | 'vlanId'>, b: typeof a): boolean {
  if (a.interfaceName !== b.interfaceName) return false;
  return a.vlanId === b.vlanId || a.vlanId === null || b.vlanId === null;
}

function checkName(interfaceName: string, vlanId: number | null, uplink: Uplink | null): void {
  const isOurs = ownPrefixes.some((prefix) => interfaceName.startsWith(prefix));
  const isUplink = uplink !== null && vlanId === null && uplinkDevice(uplink) === interfaceName;
  if (interfaceName === 'lo' || isOurs || isUplink) refuse('interface-reserved', { name: interfaceName });
}

function uplinkDevice(uplink: Uplink): string {
  if (uplink.mode !== 'bridged') return uplink.interface;
  return uplink.attach.kind === 'macvlan' ? uplink.attach.interface : uplink.attach.bridge;
}

function nameOf({ interfaceName, vlanId }: Pick<SubnetInterface, 'interfaceName' | 'vlanId'>): string {
  return vlanId === null ? interfaceName : `${interfaceName}.${vlanId}`;
}
