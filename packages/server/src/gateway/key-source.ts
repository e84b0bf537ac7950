import type { VpnConnectionId } from '../domain/resource-id.ts';

/** Where the pre-shared keys of a gateway's connections come from. */
export interface KeySource {
  preSharedKey(id: VpnConnectionId): Promise<string>;
  /** A keyed digest that changes with the key and tells nothing about it. */
  preSharedKeyDigest(id: VpnConnectionId): Promise<string>;
}
