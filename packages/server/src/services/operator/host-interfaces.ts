import { refuse, type Words } from '../../domain/refusal.ts';
import { uplinkDevice, type Uplink } from '../../domain/operator/uplink.ts';
import type { Rows } from '../../image/rows.ts';

/** A host interface, or one VLAN of it. */
export interface HostPort {
  readonly interfaceName: string;
  readonly vlanId: number | null;
}

/** The host's own network, as far as somebody could be cut off from it. */
export interface HostPorts {
  /**
   * What the host itself has on the interface, for people: `192.0.2.7/24`, `the default route on br0`; empty when nothing. Null: whoever
   * knows the host cannot be asked now.
   */
  usesOf(interfaceName: string): Promise<readonly string[] | null>;
}

/** Refuses an interface without which the host may not be reached any more. A VLAN takes nothing away from it. */
export async function checkUnused(hostPorts: HostPorts, port: HostPort, uplink: Uplink | null): Promise<void> {
  const { interfaceName, vlanId } = port;
  checkName(port, uplink);
  if (vlanId !== null) return;
  const uses = await hostPorts.usesOf(interfaceName);
  if (uses === null) refuse('agent-away', { name: interfaceName });
  if (uses.length > 0) refuse('interface-in-use', { name: interfaceName, uses: inWords(uses) });
}

/** The agent tells them in English: addresses, and what stands on the interface. */
function inWords(uses: readonly string[]): Words {
  const zh = uses.map((use) => use.replace('the default route', '默认路由').replace(/ on (\S+)$/, '（$1）'));
  return { en: uses.join(', '), zh: zh.join('、') };
}

/** Devices whose names start like this are ours (docs/ARCHITECTURE.md, "The network"). */
const ownPrefixes = ['subnet-', 'vpngw-', 'vpnx-', 'vpc-', 'ccn-', 'dcg-'];

/** Refuses an interface that is ours or the uplink's, or that is attached to something already. */
export function checkPort(rows: Rows, port: HostPort, uplink: Uplink | null): void {
  checkName(port, uplink);
  const taken = [
    ...rows.subnetInterfaces.of('interface', port.interfaceName).map((one) => ({ ...one, owner: one.subnetId })),
    ...rows.directConnectLines
      .of('interface', port.interfaceName)
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

export function portName({ interfaceName, vlanId }: HostPort): string {
  return vlanId === null ? interfaceName : `${interfaceName}.${vlanId}`;
}
