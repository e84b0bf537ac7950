import type { Cidr, IpAddress } from '@landbridge/net';
import type { NetworkRows } from '../image-of.ts';
import type {
  CustomerGatewayId,
  DirectConnectGatewayId,
  SubnetId,
  VpnConnectionId,
} from '../../src/domain/resource-id.ts';

/** The rows, and what lies beyond them: which ranges are behind each customer gateway. */
export interface World {
  readonly desired: NetworkRows;
  readonly idcs: readonly Idc[];
  /** Tunnels that do not work; none when absent. */
  readonly unusable?: ReadonlySet<VpnConnectionId>;
}

/** A remote network. It sends everything into its tunnels and takes in what is for its own ranges. */
export interface Idc {
  readonly id: CustomerGatewayId;
  /** Of its IPsec device. */
  readonly address: IpAddress;
  readonly ranges: readonly Cidr[];
}

/** Where a packet ended: at a host of a subnet or an IDC, on the line of a Direct Connect gateway, at a router's own address, nowhere, or in clear outside. */
export type Arrival = SubnetId | CustomerGatewayId | DirectConnectGatewayId | 'router' | 'nowhere' | 'outside';
