import { isDeepStrictEqual } from 'node:util';
import type { NetnsPlan, PlanKey } from '../plan/plan.ts';
import { runIp, type Kernel } from './kernel.ts';
import type { ActualLink, LinkDiffOptions } from './link.ts';
import { applyNetns, diffNetns, isUnchanged, readNetns, type NetnsChanges, type NetnsState } from './netns-state.ts';
import { PacketFilterError } from './nft.ts';
import type { ProvenPlans } from './proven-plans.ts';
import { changeRoutes } from './route.ts';

export interface Convergence {
  readonly changed: boolean;
  /** Pairs of veth devices were made: their other ends' plans have something to do now. */
  readonly madeLinks: boolean;
  readonly pending: readonly string[];
  /** The devices before the last round, which is the one that found nothing to do, if any did. */
  readonly links: readonly ActualLink[];
}

export interface ConvergeOptions extends LinkDiffOptions {
  readonly proven: ProvenPlans;
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
    const { changes, links, isProof, ...outcome } = await runRound(kernel, plan, options, signal);
    if (isProof) return { changed, madeLinks, pending: changes.pending, links };
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
  /** The kernel is as the plan wants it, what is pending apart. */
  readonly isProof: boolean;
}

function runRound(kernel: Kernel, plan: NetnsPlan, options: ConvergeOptions, signal?: AbortSignal): Promise<Round> {
  return options.inTurn(
    plan,
    async (newest) =>
      (await writeDifference(kernel, newest, options.proven, signal)) ??
      (await lookAndApply(kernel, newest, options, signal)),
  );
}

/** Writes what a change of routes amounts to. Undefined where a look is needed. */
async function writeDifference(
  kernel: Kernel,
  plan: NetnsPlan,
  proven: ProvenPlans,
  signal?: AbortSignal,
): Promise<Round | undefined> {
  const before = proven.get(plan.key);
  if (before === undefined || !differInRoutesOnly(before.plan, plan)) return undefined;
  const { netns } = plan;
  const { links } = before;
  const present = new Set(links.map(({ name }) => name));
  const { additions, removals, missing } = changeRoutes(netns, before.plan.routes, plan.routes, present);
  const commands = [...additions, ...removals];
  // Whoever asks without a change wants to know how it really is.
  if (commands.length === 0 || missing.length > 0) return undefined;
  // Whatever comes of it: what was proven is so no more.
  proven.forget(plan.key);
  try {
    await runIp(kernel, commands, signal);
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
  proven.note({ plan, links });
  return { changes: nothing, links, failure: null, isProof: true };
}

const nothing: NetnsChanges = { sysctls: { writes: [], missing: [] }, filter: null, ip: [], tc: [], pending: [] };

/** As far as the kernel is concerned, daemons apart. */
function differInRoutesOnly(a: NetnsPlan, b: NetnsPlan): boolean {
  return isDeepStrictEqual(withoutRoutes(a), withoutRoutes(b));
}

function withoutRoutes(plan: NetnsPlan): Partial<NetnsPlan> {
  const { netns, sysctls, sysctlMinima, links, rules, proxies, filter, neighbourBound, cablesFrom } = plan;
  return {
    ...{ netns, sysctls, links, rules, proxies, filter },
    ...(sysctlMinima && { sysctlMinima }),
    ...(neighbourBound && { neighbourBound }),
    ...(cablesFrom && { cablesFrom }),
  };
}

/** Reads, compares, and applies what differs. */
async function lookAndApply(
  kernel: Kernel,
  plan: NetnsPlan,
  options: ConvergeOptions,
  signal?: AbortSignal,
): Promise<Round> {
  options.proven.forget(plan.key);
  const state = await readNetns(kernel, plan, signal);
  options.onLook(plan.key, state);
  const changes = diffNetns(kernel, plan, state, options, options.proven.written(plan.key));
  const round = { changes, links: state.links, failure: null, isProof: isUnchanged(changes) };
  if (round.isProof) {
    if (changes.pending.length === 0) options.proven.note({ plan, links: state.links });
    return round;
  }
  try {
    await applyNetns(kernel, plan.netns, changes, signal);
    options.proven.noteWritten(plan);
    return round;
  } catch (error) {
    signal?.throwIfAborted();
    return { ...round, failure: error as Error };
  }
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
