import type { IpAddress } from '@landbridge/net';
import type { Owned, Tag } from '../owned.ts';
import type { VpcId, VpnGatewayId } from '../resource-id.ts';

/** A gateway joins one VPC, or (later) a CCN, or nothing (docs/spec/semantics.md section 2). */
export type VpnGatewayKind = 'vpc' | 'ccn';

export interface VpnGateway extends Owned {
  readonly id: VpnGatewayId;
  readonly name: string;
  readonly kind: VpnGatewayKind;
  /** Set exactly when `kind` is `vpc`. */
  readonly vpcId: VpcId | null;
  /** Outbound limit over all tunnels together, Mbit/s. */
  readonly bandwidthMbps: number;
  /** Allocated once from the uplink's pool; never changes. */
  readonly publicAddress: IpAddress;
  readonly zone: string;
  readonly prepaid: boolean;
  readonly renewFlag: 'auto-renew' | 'manual-renew' | 'no-renew';
  readonly bgpAsn: number | null;
  /** Out of its destination-routing tunnels come only sources that an enabled route leads back to them (docs/adr/0019). */
  readonly checksSources: boolean;
  readonly maxConnections: number | null;
  readonly tags: readonly Tag[];
}
