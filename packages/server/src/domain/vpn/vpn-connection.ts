import type { Cidr, IpAddress } from '@landbridge/net';
import type { Owned, Tag } from '../owned.ts';
import type { CustomerGatewayId, VpcId, VpnConnectionId, VpnGatewayId } from '../resource-id.ts';

export type Encryption =
  'des' | '3des' | 'aes128' | 'aes192' | 'aes256' | 'aes128gcm16' | 'aes192gcm16' | 'aes256gcm16' | 'null';
export type Integrity = 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512';
/** IANA "Transform Type 4" numbers (RFC 7296 section 3.3.2). */
export type DhGroup = 1 | 2 | 5 | 14 | 15 | 16 | 19 | 20 | 21 | 24;

/** ID payload (RFC 7296 section 3.5). An address identity without a value means the natural one of that side. */
export type Identity =
  | { readonly kind: 'address'; readonly value: IpAddress | null }
  | { readonly kind: 'fqdn'; readonly value: string | null };

export interface IkeOptions {
  readonly version: 1 | 2;
  readonly encryption: Exclude<Encryption, 'null'>;
  /** Integrity, and PRF when the cipher is AEAD. */
  readonly integrity: Integrity;
  readonly dhGroup: DhGroup;
  /** IKEv1 only. */
  readonly aggressive: boolean;
  readonly lifetimeSeconds: number;
  readonly localIdentity: Identity;
  readonly remoteIdentity: Identity;
}

export interface EspOptions {
  readonly encryption: Encryption;
  /** Ignored on the wire when the cipher is AEAD. */
  readonly integrity: Integrity;
  readonly pfsGroup: DhGroup | null;
  readonly lifetimeSeconds: number;
  readonly lifetimeKilobytes: number;
}

export interface DpdOptions {
  readonly enabled: boolean;
  readonly timeoutSeconds: number;
  readonly action: 'clear' | 'restart';
}

export interface HealthCheck {
  readonly enabled: boolean;
  readonly localAddress: IpAddress | null;
  readonly remoteAddress: IpAddress | null;
  readonly intervalMs: number;
  readonly threshold: number;
  readonly timeoutMs: number;
}

/** One local CIDR with its remote CIDRs. Each (local, remote) pair is a mapping with a CHILD_SA of its own. */
export interface SecurityPolicyEntry {
  readonly local: Cidr;
  readonly remotes: readonly Cidr[];
}

/** A policy in the caller's own text, which may have host bits. */
export interface WrittenPolicy {
  readonly local: string;
  readonly remotes: readonly string[];
}

export interface Mapping {
  readonly local: Cidr;
  readonly remote: Cidr;
}

/**
 * What the caller said: `route`, the route table decides; `spd`, the policies; `either`, the policies if there are any. Kept
 * because replies must echo it (docs/spec/actions.md, DescribeVpnConnections).
 */
export type RouteType = 'route' | 'spd' | 'either';

export interface VpnConnection extends Owned {
  readonly id: VpnConnectionId;
  readonly name: string;
  readonly vpnGatewayId: VpnGatewayId;
  readonly customerGatewayId: CustomerGatewayId;
  /** Null on CCN gateways. */
  readonly vpcId: VpcId | null;
  /** Binds SAs and policies to the tunnel's device; unique among the tunnels of one gateway, 1..65535, never changes. */
  readonly ifId: number;
  readonly routeType: RouteType;
  /** `spd`: only the mappings pass. `route`: 0.0.0.0/0 on both sides, the gateway's route table decides. */
  readonly mode: 'spd' | 'route';
  /** Empty in mode `route`. */
  readonly policies: readonly SecurityPolicyEntry[];
  /**
   * What the caller wrote, for replies, where `policies` are not that: with host bits, or in mode `route`, which 0.0.0.0/0 on
   * both sides asks for and which heeds no others. Decides nothing.
   */
  readonly writtenPolicies: readonly WrittenPolicy[] | null;
  /** Who begins: this side at once, the peer, or this side with the first packet. */
  readonly negotiation: 'active' | 'passive' | 'on-traffic';
  readonly ike: IkeOptions;
  readonly esp: EspOptions;
  readonly dpd: DpdOptions;
  readonly healthCheck: HealthCheck;
  /** Counts ResetVpnConnection calls and changes of the pre-shared key; a new value means: drop the SAs, negotiate again. */
  readonly epoch: number;
  readonly generation: number;
  readonly tags: readonly Tag[];
}

/** The (local, remote) pairs of a tunnel in mode `spd`, in the order given. */
export function mappingsOf(connection: Pick<VpnConnection, 'policies'>): Mapping[] {
  return connection.policies.flatMap(({ local, remotes }) => remotes.map((remote) => ({ local, remote })));
}
