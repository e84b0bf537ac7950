import { isResourceId, type DirectConnectGatewayId, type VpcId, type VpnConnectionId } from '../resource-id.ts';

/** Where packets come in, and are held to sources of their own (docs/adr/0019). */
export type EntranceId = VpcId | DirectConnectGatewayId | VpnConnectionId;

/** Why a packet is dropped where it comes in. */
export type DropReason = keyof typeof reasons;

/** For people: what the packet did. */
const reasons = {
  'outside-vpc': 'its source is not an address of the VPC that it comes from',
  'others-source': "its source is another instance's on the CCN",
  'network-source': 'its source belongs to the VPC, or to another instance of the CCN, that the gateway serves',
  'unrouted-source': 'no enabled gateway route to this tunnel covers its source',
  'outside-mappings': 'it came out of the SPD tunnel, and no mapping names its source and its destination',
  unmapped: 'it was for the SPD tunnel, and no mapping names its source and its destination',
  'outside-ranges': "its source is in none of the ranges behind the gateway's line",
  ipv6: 'it is IPv6, which is not carried',
} as const;

/** How often a reason has held packets at an entrance, since the entrance was made. */
export interface DropCount {
  readonly entrance: EntranceId;
  readonly reason: DropReason;
  readonly packets: number;
  readonly bytes: number;
}

export function describeDropReason(reason: DropReason): string {
  return reasons[reason];
}

/** The name of a counter in the packet filter: `vpnx-1a2b3c4d.unrouted-source`. */
export function dropCounterName(entrance: EntranceId, reason: DropReason): string {
  return `${entrance}.${reason}`;
}

/** What counters of a packet filter have counted. Those with other names, and those that have counted nothing, are left out. */
export function dropCountsOf(
  counters: readonly { readonly name: string; readonly packets: number; readonly bytes: number }[],
): DropCount[] {
  return counters.flatMap(({ name, packets, bytes }) => {
    const [entrance = '', reason = '', ...rest] = name.split('.');
    if (packets === 0 || rest.length > 0 || !isEntrance(entrance) || !isDropReason(reason)) return [];
    return [{ entrance, reason, packets, bytes }];
  });
}

function isEntrance(text: string): text is EntranceId {
  return isResourceId('vpc', text) || isResourceId('dcg', text) || isResourceId('vpnx', text);
}

function isDropReason(text: string): text is DropReason {
  return Object.hasOwn(reasons, text);
}
