import type { LinkPlan } from '../plan/plan.ts';
import type { ActualLink } from './link.ts';

/** The device of one VPN connection as a plan wants it. */
export type TunnelPlan = Extract<LinkPlan, { kind: 'tunnel' }>;

export interface ActualTunnel {
  readonly name: string;
  /** Null for a TUN device that no uxfrm serves. */
  readonly ifId: number | null;
}

/** How a data plane makes "a device that is this tunnel". What fails for one tunnel does not keep the others from being tried. */
export interface TunnelDevices {
  /** @param links the devices of the namespace. */
  read(links: readonly ActualLink[], signal?: AbortSignal): Promise<readonly ActualTunnel[]>;
  add(tunnels: readonly TunnelPlan[], signal?: AbortSignal): Promise<DeviceProblems>;
  remove(names: readonly string[], signal?: AbortSignal): Promise<DeviceProblems>;
}

/** Name of a device → why it could not be made or removed. */
export type DeviceProblems = ReadonlyMap<string, string>;

export interface TunnelChanges {
  /** In the way of an addition: same name and another if_id, or its if_id under another name. */
  readonly inTheWay: readonly string[];
  readonly added: readonly TunnelPlan[];
  readonly removed: readonly string[];
}

export function diffTunnels(wanted: readonly LinkPlan[], actual: readonly ActualTunnel[]): TunnelChanges {
  const tunnels = wanted.filter((link) => link.kind === 'tunnel');
  const have = new Map(actual.map((tunnel) => [tunnel.name, tunnel.ifId]));
  const ifIds = new Map(tunnels.map(({ name, ifId }) => [name, ifId]));
  const added = tunnels.filter(({ name, ifId }) => have.get(name) !== ifId);
  const claimed = new Set<number | null>(added.map(({ ifId }) => ifId));
  // A device without a daemon is taken over as it is, and keeps its addresses and routes.
  const inTheWay = actual.filter(
    ({ name, ifId }) => ifId !== null && (claimed.has(ifId) || ifIds.has(name)) && ifIds.get(name) !== ifId,
  );
  const cleared = new Set(inTheWay.map(({ name }) => name));
  return {
    inTheWay: [...cleared],
    added,
    removed: actual.filter(({ name }) => !ifIds.has(name) && !cleared.has(name)).map(({ name }) => name),
  };
}

/** The problems that name one of these devices, by device. */
export function problemsByDevice(names: readonly string[], problems: readonly string[]): DeviceProblems {
  const found = names.map((name) => [name, problems.filter((problem) => problem.includes(name)).join('; ')] as const);
  return new Map(found.filter(([, problem]) => problem !== ''));
}
