import type { VpnConnectionId } from '../domain/resource-id.ts';

/** What a restarted control plane must know, so that it does not lead packets back into a tunnel that was withdrawn. */
export interface RememberedTunnel {
  readonly isUsable: boolean;
  /** The pair of probe addresses that was answered once; null: none was. */
  readonly answeredPair: string | null;
}

export interface FailoverMemory {
  read(): Readonly<Record<VpnConnectionId, RememberedTunnel>>;
  write(tunnels: Readonly<Record<VpnConnectionId, RememberedTunnel>>): void;
}
