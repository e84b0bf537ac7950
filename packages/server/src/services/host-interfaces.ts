import { refuse } from '../domain/refusal.ts';
import type { Uplink } from '../domain/uplink.ts';
import type { Transaction } from '../store/transaction.ts';

/** A host interface, or one VLAN of it. */
export interface HostPort {
  readonly interfaceName: string;
  readonly vlanId: number | null;
}

/** Devices whose names start like this are ours (DESIGN.md section 2). */
const ownPrefixes = ['subnet-', 'vpngw-', 'vpnx-', 'vpc-', 'ccn-', 'dcg-'];

/** Refuses an interface that is ours or the uplink's, or that is attached to something already. */
export async function checkPort(transaction: Transaction, port: HostPort, uplink: Uplink | null): Promise<void> {
  checkName(port, uplink);
  const taken = [
    ...(await transaction.subnetInterfaces.all()).map((one) => ({ ...one, owner: one.subnetId })),
    ...(await transaction.directConnectLines.all())
      .filter((one) => one.kind === 'interface')
      .map((one) => ({ ...one, owner: one.directConnectGatewayId })),
  ];
  const other = taken.find((candidate) => isSamePort(candidate, port));
  if (other !== undefined) refuse('interface-attached', { name: portName(other), other: other.owner });
}

/** An attached interface leaves the host whole: none of its VLANs can be attached any more, and the other way round. */
function isSamePort(a: HostPort, b: HostPort): boolean {
  if (a.interfaceName !== b.interfaceName) return false;
  return a.vlanId === b.vlanId || a.vlanId === null || b.vlanId === null;
}

function checkName({ interfaceName, vlanId }: HostPort, uplink: Uplink | null): void {
  const isOurs = ownPrefixes.some((prefix) => interfaceName.startsWith(prefix));
  const isUplink = uplink !== null && vlanId === null && uplinkDevice(uplink) === interfaceName;
  if (interfaceName === 'lo' || isOurs || isUplink) refuse('interface-reserved', { name: interfaceName });
}

function uplinkDevice(uplink: Uplink): string {
  if (uplink.mode !== 'bridged') return uplink.interface;
  return uplink.attach.kind === 'macvlan' ? uplink.attach.interface : uplink.attach.bridge;
}

export function portName({ interfaceName, vlanId }: HostPort): string {
  return vlanId === null ? interfaceName : `${interfaceName}.${vlanId}`;
}
