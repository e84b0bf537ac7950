import type { IpAddress } from '@landbridge/net';
import type { Owned, Tag } from '../owned.ts';
import type { CustomerGatewayId } from '../resource-id.ts';

/** Address book entry of an IDC's IPsec device. */
export interface CustomerGateway extends Owned {
  readonly id: CustomerGatewayId;
  readonly name: string;
  readonly address: IpAddress;
  readonly bgpAsn: number | null;
  readonly tags: readonly Tag[];
}
