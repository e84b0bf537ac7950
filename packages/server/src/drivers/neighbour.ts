import type { LinkPlan, NeighbourPlan } from '../plan/plan.ts';
import { routeProtocol, type IpCommand, type Netns } from './kernel.ts';

/** An entry of the neighbour table that the kernel's collector passes over: permanent, or learnt from outside. */
export interface ActualNeighbour {
  readonly device: string;
  readonly address: string;
  readonly mac: string | null;
  readonly isPermanent: boolean;
  /** The kernel resolves it again and again by itself. */
  readonly isManaged: boolean;
  readonly protocol: number;
}

export interface NeighbourChanges {
  readonly additions: readonly IpCommand[];
  readonly removals: readonly IpCommand[];
}

interface IpNeighbour {
  readonly dst: string;
  readonly dev: string;
  readonly lladdr?: string;
  readonly state?: readonly string[];
  /** Flags are there, with the value null, or not. */
  readonly managed?: null;
  readonly extern_learn?: null;
  readonly protocol?: string;
}

/** @param answer to `neighbour show nud permanent`, which lists what was learnt from outside as well. */
export function parseNeighbours(answer: readonly unknown[]): ActualNeighbour[] {
  return (answer as readonly IpNeighbour[]).map((entry) => ({
    device: entry.dev,
    address: entry.dst,
    mac: entry.lladdr ?? null,
    isPermanent: entry.state?.includes('PERMANENT') ?? false,
    isManaged: 'managed' in entry && 'extern_learn' in entry,
    protocol: Number(entry.protocol ?? 0),
  }));
}

/**
 * Entries bear our protocol number, as routes do; in the host's namespace only those are ours. What is at the other end of a
 * cable is entered with it (cable.ts).
 */
export function diffNeighbours(
  netns: Netns,
  wanted: readonly LinkPlan[],
  actual: readonly ActualNeighbour[],
  present: ReadonlySet<string>,
): NeighbourChanges {
  const have = new Map(actual.map((entry) => [neighbourKey(entry), entry]));
  const there = wanted.filter(({ name }) => present.has(name));
  const want = there.flatMap(({ name: device, neighbours = [] }) => neighbours.map((entry) => ({ device, ...entry })));
  const farEnds = there.flatMap(({ name: device, cable }) => (cable ? [{ device, ...cable.near.neighbour }] : []));
  const wantedKeys = new Set([...want, ...farEnds].map(neighbourKey));
  const isOurs = (entry: ActualNeighbour) => netns !== null || entry.protocol === routeProtocol;
  return {
    additions: want
      .filter((entry) => !isSameNeighbour(entry, have.get(neighbourKey(entry))))
      .map((entry) => ({ netns, line: neighbourLine(entry.device, entry) })),
    removals: actual
      .filter((entry) => isOurs(entry) && present.has(entry.device) && !wantedKeys.has(neighbourKey(entry)))
      .map(({ device, address }) => ({ netns, line: `neighbour delete ${address} dev ${device}` })),
  };
}

export function neighbourKey({ device, address }: { readonly device: string; readonly address: string }): string {
  return `${device} ${address}`;
}

export function isSameNeighbour({ mac }: NeighbourPlan, actual: ActualNeighbour | undefined): boolean {
  if (actual === undefined) return false;
  return mac === null ? actual.isManaged : actual.isPermanent && actual.mac === mac;
}

export function neighbourLine(device: string, { address, mac }: NeighbourPlan): string {
  const entry =
    mac === null
      ? `${address} dev ${device} managed extern_learn`
      : `${address} lladdr ${mac} dev ${device} nud permanent`;
  return `neighbour replace ${entry} protocol ${routeProtocol}`;
}
