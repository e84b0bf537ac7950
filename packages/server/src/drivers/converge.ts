import type { NetnsPlan, PlanKey } from '../plan/plan.ts';
import { isSameValue } from '../plan/same-value.ts';
import type { Kernel } from './kernel.ts';
import type { ActualLink, LinkDiffOptions } from './link.ts';
import { differNetns } from './netns-difference.ts';
import { applyNetns, diffNetns, isUnchanged, readNetns, type NetnsChanges, type NetnsState } from './netns-state.ts';
import { PacketFilterError } from './nft.ts';
import { possiblePart } from './possible-part.ts';
import type { ProvenPlans } from './proven-plans.ts';
import { notedKernel, ToldLines, type ToldLine } from './told-lines.ts';

export interface Convergence {
  /** What the plan still waits for, in words. */
  readonly pending: readonly string[];
  /** Why the kernel is not as the plan wants it. */
  readonly failure: Error | null;
  /** What the kernel was told, in order. */
  readonly lines: readonly ToldLine[];
}

export interface ConvergeOptions extends LinkDiffOptions {
  readonly proven: ProvenPlans;
  /** What was read, each time everything was. */
  readonly onLook: (key: PlanKey, state: NetnsState) => void;
  /** Pairs of veth devices were made: their other ends' plans have something to do now. */
  readonly onCables?: () => void;
  /** Runs one round, with the newest routes of the plan, while nobody else changes them. */
  readonly inTurn: <T>(plan: NetnsPlan, round: (plan: NetnsPlan) => Promise<T>) => Promise<T>;
  /**
   * Between the first round and the next: makes the devices that are somebody else's to make, and answers whether there were any.
   * @param links the devices that there are; undefined where they could not be read.
   */
  readonly makeDevices?: (kernel: Kernel, links: readonly ActualLink[] | undefined) => Promise<boolean>;
}

/** One round applies, the next proves it; a device that vanished in between costs another. */
const maxRounds = 4;

/**
 * Applies a plan until the kernel's own words equal it: round after round, until one finds nothing to do. What a plan needs of devices
 * that daemons make comes after a first round, which may fail: a route or an address that is refused keeps no tunnel from being
 * looked after. Rejects when the packet
 * filter is refused, with what `makeDevices` rejects with, and when it is aborted.
 */
export async function converge(
  kernel: Kernel,
  plan: NetnsPlan,
  options: ConvergeOptions,
  signal?: AbortSignal,
): Promise<Convergence> {
  const told = new ToldLines();
  const noted = notedKernel(kernel, told, Date.now);
  const { makeDevices, onCables } = options;
  let failure: Error | null = null;
  const end = (pending: readonly string[], why: Error | null): Convergence => ({
    ...{ pending, failure: why, lines: told.lines },
  });
  doubtWhenAskedAgain(options.proven, plan);
  for (let round = 1; ; round++) {
    const outcome = await runRound(noted, plan, options, signal);
    if (outcome.madeLinks) onCables?.();
    if (outcome.failure instanceof PacketFilterError) throw outcome.failure;
    const hasNewDevices = round === 1 && makeDevices !== undefined && (await makeDevices(noted, outcome.links));
    if (outcome.isProof && !hasNewDevices) return end(outcome.changes.pending, null);
    if (hasNewDevices) continue;
    // The same failure twice is not a race.
    if (outcome.failure !== null && failure?.message === outcome.failure.message) return end([], outcome.failure);
    failure = outcome.failure;
    if (round > maxRounds) return end([], failure ?? new Error(notKept(outcome.changes)));
  }
}

/** Whoever asks again without a change wants to know how it really is. */
function doubtWhenAskedAgain(proven: ProvenPlans, plan: NetnsPlan): void {
  const before = proven.get(plan.key);
  if (before !== undefined && isSameValue(before.asked, plan)) proven.forget(plan.key);
}

interface Round {
  readonly changes: NetnsChanges;
  readonly links: readonly ActualLink[] | undefined;
  readonly madeLinks: boolean;
  readonly failure: Error | null;
  /** The kernel is as the plan wants it, what is pending apart. */
  readonly isProof: boolean;
}

async function runRound(
  kernel: Kernel,
  plan: NetnsPlan,
  options: ConvergeOptions,
  signal: AbortSignal | undefined,
): Promise<Round> {
  try {
    return await options.inTurn(
      plan,
      async (newest) =>
        (await writeDifference(kernel, newest, plan, options, signal)) ??
        (await lookAndApply(kernel, newest, plan, options, signal)),
    );
  } catch (error) {
    signal?.throwIfAborted();
    return { changes: nothing, links: undefined, madeLinks: false, failure: error as Error, isProof: false };
  }
}

const nothing: NetnsChanges = { sysctls: { writes: [], missing: [] }, filter: null, ip: [], tc: [], pending: [] };

/** Writes what differs from what the kernel is known to have. Undefined where a look is needed. */
async function writeDifference(
  kernel: Kernel,
  plan: NetnsPlan,
  asked: NetnsPlan,
  options: ConvergeOptions,
  signal: AbortSignal | undefined,
): Promise<Round | undefined> {
  const { proven } = options;
  const before = proven.get(plan.key);
  if (before === undefined) return undefined;
  const difference = differNetns(kernel, before, plan, options);
  // Whatever comes of it: what was proven is so no more.
  proven.forget(plan.key);
  if (difference === undefined) return undefined;
  const { changes, becomes } = difference;
  try {
    await applyNetns(kernel, plan.netns, changes, signal);
  } catch {
    proven.drop(plan.key);
    signal?.throwIfAborted();
    return undefined;
  }
  proven.note({ ...becomes, asked });
  return { changes, links: becomes.links, madeLinks: false, failure: null, isProof: true };
}

/** Reads, compares, and applies what differs. */
async function lookAndApply(
  kernel: Kernel,
  plan: NetnsPlan,
  asked: NetnsPlan,
  options: ConvergeOptions,
  signal: AbortSignal | undefined,
): Promise<Round> {
  const { proven, onLook } = options;
  proven.forget(plan.key);
  const state = await readNetns(kernel, plan, signal);
  onLook(plan.key, state);
  const { links } = state;
  const changes = diffNetns(kernel, plan, state, options, proven.written(plan.key));
  const round = { changes, links, madeLinks: makesLinks(changes), failure: null, isProof: isUnchanged(changes) };
  if (round.isProof) {
    const { part } = possiblePart(plan, new Set(links.map(({ name }) => name)));
    if (changes.sysctls.missing.length === 0) proven.note({ plan: part, asked, links });
    return round;
  }
  try {
    await applyNetns(kernel, plan.netns, changes, signal);
    proven.noteWritten(plan);
    return round;
  } catch (error) {
    // A table that cannot be changed is replaced the next time.
    proven.drop(plan.key);
    signal?.throwIfAborted();
    return { ...round, failure: error as Error };
  }
}

function makesLinks(changes: NetnsChanges): boolean {
  return changes.ip.some(({ line }) => line.startsWith('link add'));
}

function notKept(changes: NetnsChanges): string {
  const lines = [
    ...changes.sysctls.writes.map(({ name, value }) => `${name}=${value}`),
    ...(changes.filter === null ? [] : ['nft tables']),
    ...changes.ip.map(({ line }) => line),
    ...changes.tc,
  ];
  return `the kernel does not keep what was applied: ${lines.slice(0, 5).join('; ')}`;
}
