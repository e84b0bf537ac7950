import type { LinkPlan } from '../planner/plan.ts';
import type { ActualLink } from './link.ts';

/** The device of one VPN connection as a plan wants it. */
export type TunnelPlan = Extract<LinkPlan, { kind: 'tunnel' }>;

export interface ActualTunnel {
  readonly name: string;
  /** Null for a TUN device that no uxfrm serves. */
  readonly ifId: number | null;
}

/** How a data plane makes "a device that is this tunnel". */
export interface TunnelDevices {
  /** @param links the devices of the namespace. */
  read(links: readonly ActualLink[], signal?: AbortSignal): Promise<readonly ActualTunnel[]>;
  add(tunnels: readonly TunnelPlan[], signal?: AbortSignal): Promise<void>;
  remove(names: readonly string[], signal?: AbortSignal): Promise<void>;
}

export interface TunnelChanges {
  /** In the way of an addition: same name, other if_id. */
  readonly replaced: readonly string[];
  readonly added: readonly TunnelPlan[];
  readonly removed: readonly string[];
}

export function diffTunnels(wanted: readonly LinkPlan[], actual: readonly ActualTunnel[]): TunnelChanges {
  const tunnels = wanted.filter((link) => link.kind === 'tunnel');
  const have = new Map(actual.map((tunnel) => [tunnel.name, tunnel.ifId]));
  const names = new Set(tunnels.map((tunnel) => tunnel.name));
  return {
    // A device without a daemon is taken over as it is, and keeps its addresses and routes.
    replaced: tunnels.filter(({ name, ifId }) => (have.get(name) ?? ifId) !== ifId).map(({ name }) => name),
    added: tunnels.filter(({ name, ifId }) => have.get(name) !== ifId),
    removed: actual.filter(({ name }) => !names.has(name)).map(({ name }) => name),
  };
}
