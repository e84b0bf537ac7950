import type { VpnConnectionId } from '../resource-id.ts';

/** The key of a tunnel as it is kept. It goes away with its VPN connection. */
export interface SealedPreSharedKey {
  readonly vpnConnectionId: VpnConnectionId;
  readonly sealedKey: string;
}
