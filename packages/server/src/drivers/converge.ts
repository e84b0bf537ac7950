import type { NetnsPlan } from '../planner/plan.ts';
import type { Kernel } from './kernel.ts';
import type { ActualLink, LinkDiffOptions } from './link.ts';
import { applyNetns, diffNetns, isUnchanged, readNetns, type NetnsChanges } from './netns-state.ts';
import { PacketFilterError } from './nft.ts';

export interface Convergence {
  readonly changed: boolean;
  /** Pairs of veth devices were made: their other ends' plans have something to do now. */
  readonly madeLinks: boolean;
  readonly pending: readonly string[];
  /** The devices before the last round, which is the one that found nothing to do, if any did. */
  readonly links: readonly ActualLink[];
}

/** One round applies, the next proves it; a device that vanished in between costs another. */
const maxRounds = 4;

/** One round without proof, for a plan of which a part cannot exist yet; converge() follows. */
export async function approach(
  kernel: Kernel,
  plan: NetnsPlan,
  options: LinkDiffOptions,
  signal?: AbortSignal,
): Promise<Convergence> {
  const state = await readNetns(kernel, plan, signal);
  const changes = diffNetns(kernel, plan, state, options);
  const changed = !isUnchanged(changes);
  if (changed) await applyNetns(kernel, plan.netns, changes, signal);
  return { changed, madeLinks: makesLinks(changes), pending: changes.pending, links: state.links };
}

/** Applies a plan until the kernel's own words equal it; throws when they do not after some rounds. */
export async function converge(
  kernel: Kernel,
  plan: NetnsPlan,
  options: LinkDiffOptions,
  signal?: AbortSignal,
): Promise<Convergence> {
  let changed = false;
  let madeLinks = false;
  let failure: Error | null = null;
  let changes: NetnsChanges;
  for (let round = 1; ; round++) {
    const state = await readNetns(kernel, plan, signal);
    changes = diffNetns(kernel, plan, state, options);
    if (isUnchanged(changes)) return { changed, madeLinks, pending: changes.pending, links: state.links };
    if (round > maxRounds) break;
    changed = true;
    madeLinks ||= makesLinks(changes);
    try {
      await applyNetns(kernel, plan.netns, changes, signal);
      failure = null;
    } catch (error) {
      signal?.throwIfAborted();
      // The same failure twice is not a race.
      if (error instanceof PacketFilterError || failure?.message === (error as Error).message) throw error;
      failure = error as Error;
    }
  }
  throw failure ?? new Error(`the kernel does not keep what was applied: ${describeChanges(changes)}`);
}

function makesLinks(changes: NetnsChanges): boolean {
  return changes.ip.some(({ line }) => line.startsWith('link add'));
}

function describeChanges(changes: NetnsChanges): string {
  const lines = [
    ...changes.sysctls.writes.map(({ name, value }) => `${name}=${value}`),
    ...(changes.filter === null ? [] : ['nft table']),
    ...changes.ip.map(({ line }) => line),
    ...changes.tc,
  ];
  return lines.slice(0, 5).join('; ');
}
