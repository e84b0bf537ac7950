import type { Cidr } from '@landbridge/net';
import type { Owned, Tag } from '../owned.ts';
import type { DirectConnectGatewayId, DirectConnectRangeId, VpcId } from '../resource-id.ts';

/** Where a dedicated line to a data centre ends (docs/spec/semantics.md section 11). It joins one VPC, or a CCN. */
export interface DirectConnectGateway extends Owned {
  readonly id: DirectConnectGatewayId;
  readonly name: string;
  readonly network: 'vpc' | 'ccn';
  /** Set exactly when `network` is `vpc`. */
  readonly vpcId: VpcId | null;
  readonly modeType: 'standard' | 'exquisite';
  readonly asn: number | null;
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
