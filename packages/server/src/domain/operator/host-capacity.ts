/** What a host has only so much of, and gateways and tunnels take a part of. Its words: capacity-words.ts. */
export const capacityResources = [
  ...(['memory', 'cgroup-memory'] as const),
  ...(['threads', 'process-ids', 'cgroup-tasks'] as const),
  ...(['open-files', 'agent-files', 'netnsd-files'] as const),
  ...(['network-namespaces', 'neighbours', 'tracked-connections'] as const),
] as const;
export type CapacityResource = (typeof capacityResources)[number];

export function isCapacityResource(name: string): name is CapacityResource {
  return (capacityResources as readonly string[]).includes(name);
}

/** What a host is asked to carry. */
export interface Load {
  readonly vpnGateways: number;
  readonly vpnConnections: number;
}
export type CarriedKind = keyof Load;
export const carriedKinds: readonly CarriedKind[] = ['vpnGateways', 'vpnConnections'];

/** Bytes of memory; of everything else how many. */
export interface ResourceUse {
  readonly resource: CapacityResource;
  readonly limit: number;
  /** Of the limit: left to whatever else runs on the host. */
  readonly kept: number;
  readonly used: number;
  /** What one more takes. */
  readonly each: Load;
}

/** As the acting side last looked. */
export interface HostCapacity {
  /** Milliseconds since the epoch. */
  readonly measuredAt: number;
  /** Whose part is in what was used. */
  readonly measured: Load;
  readonly resources: readonly ResourceUse[];
}

/** It is looked at four times as often: then nobody looks any more, and what was said is no reason to refuse. */
const oldMs = 60_000;

/** Null where nothing is known, or not any more. */
export function freshCapacity(capacity: HostCapacity | null, now: number): HostCapacity | null {
  return capacity === null || now - capacity.measuredAt > oldMs ? null : capacity;
}
