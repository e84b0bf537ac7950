import type { NetnsPlan, PlanKey } from '../plan/plan.ts';
import type { Kernel } from './kernel.ts';
import type { ActualLink, LinkDiffOptions } from './link.ts';
import { applyNetns, diffNetns, isUnchanged, readNetns, type NetnsChanges, type NetnsState } from './netns-state.ts';
import { PacketFilterError } from './nft.ts';

export interface Convergence {
  readonly changed: boolean;
  /** Pairs of veth devices were made: their other ends' plans have something to do now. */
  readonly madeLinks: boolean;
  readonly pending: readonly string[];
  /** The devices before the last round, which is the one that found nothing to do, if any did. */
  readonly links: readonly ActualLink[];
}

export interface ConvergeOptions extends LinkDiffOptions {
  /** What was read, each time everything was. */
  readonly onLook: (key: PlanKey, state: NetnsState) => void;
  /** Runs one round, with the newest routes of the plan, while nobody else changes them. */
  readonly inTurn: <T>(plan: NetnsPlan, round: (plan: NetnsPlan) => Promise<T>) => Promise<T>;
}

/** One round applies, the next proves it; a device that vanished in between costs another. */
const maxRounds = 4;

/** One round without proof, for a plan of which a part cannot exist yet; converge() follows. */
export async function approach(
  kernel: Kernel,
  plan: NetnsPlan,
  options: ConvergeOptions,
  signal?: AbortSignal,
): Promise<Convergence> {
  const { changes, links, failure } = await runRound(kernel, plan, options, signal);
  if (failure !== null) throw failure;
  return { changed: !isUnchanged(changes), madeLinks: makesLinks(changes), pending: changes.pending, links };
}

/** Applies a plan until the kernel's own words equal it; throws when they do not after some rounds. */
export async function converge(
  kernel: Kernel,
  plan: NetnsPlan,
  options: ConvergeOptions,
  signal?: AbortSignal,
): Promise<Convergence> {
  let changed = false;
  let madeLinks = false;
  let failure: Error | null = null;
  for (let round = 1; ; round++) {
    const { changes, links, ...outcome } = await runRound(kernel, plan, options, signal);
    if (isUnchanged(changes)) return { changed, madeLinks, pending: changes.pending, links };
    // The same failure twice is not a race.
    const isRepeated = failure !== null && failure.message === outcome.failure?.message;
    failure = outcome.failure;
    if (failure !== null && (failure instanceof PacketFilterError || isRepeated)) throw failure;
    if (round > maxRounds)
      throw failure ?? new Error(`the kernel does not keep what was applied: ${describeChanges(changes)}`);
    changed = true;
    madeLinks ||= makesLinks(changes);
  }
}

interface Round {
  readonly changes: NetnsChanges;
  readonly links: readonly ActualLink[];
  readonly failure: Error | null;
}

/** Reads, compares, and applies what differs. */
function runRound(kernel: Kernel, plan: NetnsPlan, options: ConvergeOptions, signal?: AbortSignal): Promise<Round> {
  return options.inTurn(plan, async (newest) => {
    const state = await readNetns(kernel, newest, signal);
    options.onLook(newest.key, state);
    const changes = diffNetns(kernel, newest, state, options);
    const round = { changes, links: state.links, failure: null };
    if (isUnchanged(changes)) return round;
    try {
      await applyNetns(kernel, newest.netns, changes, signal);
      return round;
    } catch (error) {
      signal?.throwIfAborted();
      return { ...round, failure: error as Error };
    }
  });
}

function makesLinks(changes: NetnsChanges): boolean {
  return changes.ip.some(({ line }) => line.startsWith('link add'));
}

function describeChanges(changes: NetnsChanges): string {
  const lines = [
    ...changes.sysctls.writes.map(({ name, value }) => `${name}=${value}`),
    ...(changes.filter === null ? [] : ['nft tables']),
    ...changes.ip.map(({ line }) => line),
    ...changes.tc,
  ];
  return lines.slice(0, 5).join('; ');
}
