import type { VpnConnectionId } from '../domain/resource-id.ts';

/** What a restarted agent must know, so that it does not lead packets back into a tunnel that was withdrawn. */
export interface RememberedTunnel {
  readonly isUsable: boolean;
  /** The pair of probe addresses that was answered once; null: none was. */
  readonly answeredPair: string | null;
}

export type RememberedTunnels = ReadonlyMap<VpnConnectionId, RememberedTunnel>;

export interface FailoverMemory {
  read(): Map<VpnConnectionId, RememberedTunnel>;
  /** Something of it is another now. However often that is told, it is asked for once, a little later. */
  note(newest: () => RememberedTunnels): void;
}
