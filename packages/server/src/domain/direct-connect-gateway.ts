import { cidrContains, normalizeCidr, type Cidr, type IpAddress } from '@landbridge/net';
import { refuse } from './refusal.ts';
import type { Owned, Tag } from './owned.ts';
import type { DirectConnectGatewayId, DirectConnectRangeId, VpcId } from './resource-id.ts';

/** Where a dedicated line to a data centre ends (spec/semantics.md section 11). It joins one VPC, or a CCN. */
export interface DirectConnectGateway extends Owned {
  readonly id: DirectConnectGatewayId;
  readonly name: string;
  readonly network: 'vpc' | 'ccn';
  /** Set exactly when `network` is `vpc`. */
  readonly vpcId: VpcId | null;
  readonly modeType: 'standard' | 'exquisite';
  readonly asn: number | null;
  readonly generation: number;
  readonly tags: readonly Tag[];
}

/** A range of the data centre behind a gateway of a CCN. */
export interface DirectConnectRange extends Owned {
  readonly id: DirectConnectRangeId;
  readonly directConnectGatewayId: DirectConnectGatewayId;
  readonly destination: Cidr;
  readonly description: string;
  readonly updatedAt: number;
}

/** The line itself: a host interface, or a VLAN of it, with our address and the data centre's router on it. */
export interface DirectConnectLine {
  readonly accountId: string;
  readonly directConnectGatewayId: DirectConnectGatewayId;
  /** Name in the host's network namespace. */
  readonly interfaceName: string;
  /** 802.1Q id 1..4094, or null for the untagged interface itself. */
  readonly vlanId: number | null;
  /** With the prefix length, such as `198.18.0.1/30`. */
  readonly localAddress: string;
  readonly peerAddress: IpAddress;
  readonly createdAt: number;
}

/** Refuses a pair of addresses that cannot be neighbours on one line. */
export function checkLineAddresses(localAddress: string, peerAddress: IpAddress): void {
  const isNeighbour = cidrContains(normalizeCidr(localAddress), peerAddress);
  if (!isNeighbour || localAddress.startsWith(`${peerAddress}/`))
    refuse('line-addresses', { localAddress, peerAddress });
}
