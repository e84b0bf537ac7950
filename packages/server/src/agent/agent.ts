import { readdir } from 'node:fs/promises';
import { dropCountsOf } from '../domain/operator/dropped-packets.ts';
import type { SasAnswer } from '../domain/operator/tunnel-sas.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import { defaultHoldDown } from '../domain/vpn/tunnel-usability.ts';
import { converge, type ConvergeOptions } from '../drivers/converge.ts';
import { DaemonProcesses } from '../drivers/daemons/daemon-processes.ts';
import { gatewayPaths, runFolder } from '../drivers/gateway-paths.ts';
import { NotReadyError, realNetns, systemKernel, type Kernel } from '../drivers/kernel.ts';
import { ensureNetns, installationOf, netnsExists, readOwnNetns } from '../drivers/netns.ts';
import { ProvenPlans } from '../drivers/proven-plans.ts';
import { readCounters, type FilterCounter } from '../drivers/nft.ts';
import { asPlanKey, netnsName } from '../plan/names.ts';
import type { IssuedPlan, NetnsPlan, PlanKey } from '../plan/plan.ts';
import type { Agent, AgentOptions } from './agent-options.ts';
import { describeError } from '../platform/describe-error.ts';
import { GatewayUnit, tunnelMtu, type AppliedPlan } from '../gateway/gateway-unit.ts';
import { createIdleAgent } from './idle-agent.ts';
import { KeyedQueue } from './keyed-queue.ts';
import { Looks } from './looks.ts';
import { PlansAtHand } from './plans-at-hand.ts';
import { RouteSwitches } from './route-switches.ts';
import { tearDownNetns } from './teardown.ts';

export type { Agent, AgentOptions, PlanSource } from './agent-options.ts';

/** What is counted is read, and what no plan names is looked for, this often. */
const upkeepMs = 30_000;

export function createAgent(options: AgentOptions): Agent {
  if (options.dataPlane === 'none') return createIdleAgent(options);
  return new NetworkAgent({ ...options, dataPlane: options.dataPlane });
}

class NetworkAgent implements Agent {
  readonly #options: AgentOptions & { readonly dataPlane: 'kernel' | 'uxfrm' };
  readonly #kernel: Kernel;
  readonly #processes = new DaemonProcesses();
  /** Marks the namespaces of this installation. */
  readonly #installation: string;
  readonly #queue: KeyedQueue<PlanKey>;
  /** Namespaces whose mark was seen: spares a look each time. */
  readonly #marked = new Set<string>();
  readonly #units = new Map<PlanKey, GatewayUnit>();
  readonly #plans: PlansAtHand;
  readonly #switches: RouteSwitches;
  readonly #looks: Looks<PlanKey>;
  readonly #proven = new ProvenPlans();

  constructor(options: AgentOptions & { readonly dataPlane: 'kernel' | 'uxfrm' }) {
    this.#options = options;
    this.#kernel = options.kernel ?? systemKernel();
    this.#installation = installationOf(options.dataDir);
    this.#queue = new KeyedQueue({
      clock: options.clock,
      random: Math.random,
      work: (key, signal) => this.#reconcile(key, signal),
      onFailure: (key, error, retryMs) => this.#recordFailure(key, error, retryMs),
    });
    this.#plans = new PlansAtHand(options.observed.isUsable);
    this.#looks = new Looks({
      ...{ netnsd: this.#kernel.netnsd, clock: options.clock },
      onChange: (key) => this.#check(key),
    });
    this.#switches = new RouteSwitches({
      ...options,
      plans: this.#plans,
      kernel: this.#kernel,
      proven: this.#proven,
      record: options.record ?? (() => undefined),
      onTouched: (keys) => {
        for (const key of keys) this.#units.get(key)?.servedChanged();
      },
      onFailed: (key) => this.#queue.add(key),
    });
    options.observed.onUsability((id) => this.#switches.usabilityChanged(id));
  }

  enqueue(keys: Iterable<PlanKey>): void {
    for (const key of keys) this.#queue.add(key);
  }

  async idle(signal: AbortSignal): Promise<void> {
    await this.#queue.idle(signal);
  }

  sasOf(gateway: PlanKey, tunnel: VpnConnectionId): Promise<SasAnswer> {
    return this.#units.get(gateway)?.sasOf(tunnel) ?? Promise.resolve({ problem: 'its gateway is not made yet' });
  }

  async run(signal: AbortSignal): Promise<void> {
    await this.recall();
    const work = this.#queue.run(signal);
    while (!signal.aborted) {
      for (const part of [() => this.#lookAround(), () => this.#upkeep(signal)]) {
        await part().catch((error: unknown) => {
          this.#options.logger.warn({ error: describeError(error) }, 'upkeep failed');
        });
      }
      await this.#options.clock.delay(upkeepMs, signal).catch(() => undefined);
    }
    await work;
    await Promise.all([...this.#units.values()].map((unit) => unit.disconnect()));
    this.#units.clear();
  }

  drillsOf(key: PlanKey): GatewayUnit['drills'] | undefined {
    return this.#units.get(key)?.drills;
  }

  /** Which tunnels were withdrawn, before the first plan is made: a CCN must not lead packets to them in between. */
  async recall(): Promise<void> {
    for (const key of await this.#runDirectories()) this.#unit({ key });
  }

  /** Plans whose turn it is, and everything of ours that no plan names: its own plan will turn out to be undefined. */
  async #lookAround(): Promise<void> {
    const keys = await this.#options.source.listKeys();
    // Only now that the wanted keys are known may anything count as left over.
    const wanted = new Set<PlanKey>(keys);
    const found = [
      ...(await readOwnNetns(this.#kernel, this.#installation, wanted)),
      ...(await this.#runDirectories()),
    ];
    const left = found.filter((key) => !wanted.has(key));
    for (const key of new Set([...this.#looks.due(keys, upkeepMs), ...left])) this.#check(key);
    this.#queue.open();
  }

  /** A look without news from the planner. */
  #check(key: PlanKey): void {
    this.#proven.forget(key);
    this.#units.get(key)?.doubt();
    this.#queue.check(key);
  }

  /** What grows or is counted without anybody's doing. What is not there just now has its turn the next time. */
  async #upkeep(signal: AbortSignal): Promise<void> {
    for (const key of await this.#options.source.listKeys()) {
      signal.throwIfAborted();
      const netns = key === 'host' ? null : netnsName(key);
      await readCounters(this.#kernel, netns, signal).then(
        (counters) => this.#noteCounters(key, counters),
        () => undefined,
      );
    }
    for (const unit of [...this.#units.values()]) await unit.tidy(signal);
  }

  /** Keys of what has daemons, or had. */
  async #runDirectories(): Promise<Exclude<PlanKey, 'host'>[]> {
    const names = await readdir(runFolder(this.#options.dataDir)).catch(() => []);
    return names.map(asPlanKey).filter((key) => key !== undefined);
  }

  async #reconcile(key: PlanKey, signal: AbortSignal): Promise<void> {
    const { source, observed, clock } = this.#options;
    const plan = await source.planFor(key);
    await this.#takeInHand(key, plan, this.#plans.noteRead());
    if (plan === undefined) {
      await this.#remove(key, signal);
      observed.forgetPlan(key);
      return;
    }
    const { pending, failures, problems, lines } = await this.#apply(plan, signal);
    this.#options.logger.debug({ key, lines }, 'plan applied');
    this.#options.onApplied?.(key, plan.generation, lines);
    const notApplied = [...[...failures].map(([id, why]) => `${id}: ${why}`), ...problems];
    if (pending.length > 0) throw new NotReadyError([...notApplied, ...pending].join('; '));
    const error = notApplied.length === 0 ? null : notApplied.join('; ');
    observed.recordOutcome({ key, appliedGeneration: plan.generation, error, failures, at: clock.now() });
    // What could be applied counts; the rest is tried again.
    if (error !== null) throw new Error(error);
    if (this.#looks.isDoubted(key)) this.#check(key);
  }

  /**
   * With the plan of its CCN, which says what is served there: without it a round would take out whatever depends on that, and a
   * tunnel that is forgotten with its gateway would count as one that works.
   */
  async #takeInHand(key: PlanKey, plan: IssuedPlan | undefined, readAt: number): Promise<void> {
    const links = [this.#plans.get(key), plan].flatMap((each) => each?.links ?? []);
    const ccns = new Set(links.flatMap(({ adjacent }) => (adjacent?.kind === 'ccn' ? [adjacent.key] : [])));
    const read = await Promise.all([...ccns].map((ccn) => this.#newestOf(ccn)));
    // Facts before plans, so that a switch stays one.
    this.#switches.chooseAnew();
    for (const each of [...read, { plan, readAt }]) {
      if (each.plan !== undefined) this.#plans.keep(each.plan, each.readAt);
    }
    if (plan === undefined) this.#switches.forget(key);
    for (const touched of this.#plans.takeTouched()) if (touched !== key) this.#queue.add(touched);
  }

  /** A CCN that cannot be planned is its own trouble. */
  async #newestOf(key: PlanKey): Promise<{ readonly plan: IssuedPlan | undefined; readonly readAt: number }> {
    const plan = await this.#options.source.planFor(key).catch(() => undefined);
    return { plan, readAt: this.#plans.noteRead() };
  }

  async #apply(plan: NetnsPlan, signal: AbortSignal): Promise<AppliedPlan> {
    await this.#ensureNamespaces(plan, signal);
    await this.#looks.watch(plan.key, realNetns(this.#kernel, plan.netns), signal);
    const options = {
      tunnelMtu: tunnelMtu(this.#options.dataPlane),
      inTurn: this.#switches.inTurn,
      proven: this.#proven,
      onLook: this.#onLook,
      onCables: () => this.#enqueueNeighbours(plan),
    };
    if (plan.charon !== null) return this.#unit(plan).apply(plan, plan.charon, options, signal);
    const { failure, ...applied } = await converge(this.#kernel, plan, options, signal);
    if (failure !== null) throw failure;
    return { ...applied, failures: new Map(), problems: [] };
  }

  async #ensureNamespaces(plan: NetnsPlan, signal: AbortSignal): Promise<void> {
    const peers = plan.links.flatMap((link) => (link.kind === 'veth' ? [link.peer.netns] : []));
    for (const netns of new Set([plan.netns, ...peers])) {
      if (netns === null) continue;
      if (this.#marked.has(netns) && (await netnsExists(this.#kernel, netns))) continue;
      await ensureNetns(this.#kernel, netns, this.#installation, signal);
      this.#marked.add(netns);
    }
  }

  /** The far ends of new pairs are other plans' business. */
  #enqueueNeighbours(plan: NetnsPlan): void {
    for (const { kind, adjacent } of plan.links) {
      if (adjacent === undefined || kind === 'veth-peer') continue;
      this.#proven.forget(adjacent.key);
      this.#queue.add(adjacent.key);
    }
  }

  readonly #onLook: ConvergeOptions['onLook'] = (key, { tables }) => {
    this.#looks.noteLook(key);
    if (tables.filter.present) this.#noteCounters(key, tables.filter.counters);
  };

  #noteCounters(key: PlanKey, counters: readonly FilterCounter[]): void {
    this.#options.observed.recordDrops(key, dropCountsOf(counters));
  }

  #unit({ key }: Pick<NetnsPlan, 'key'>): GatewayUnit {
    const existing = this.#units.get(key);
    if (existing) return existing;
    const unit = new GatewayUnit({
      ...this.#options,
      logger: this.#options.tunnelLogger ?? this.#options.logger,
      key,
      kernel: this.#kernel,
      processes: this.#processes,
      netns: netnsName(key),
      paths: gatewayPaths(this.#options.dataDir, key),
      onDeath: () => {
        this.#proven.forget(key);
        this.#queue.add(key);
      },
      holdDown: this.#options.holdDown ?? defaultHoldDown,
      record: this.#options.record ?? (() => undefined),
      isServed: this.#plans.isServed,
    });
    this.#units.set(key, unit);
    return unit;
  }

  async #remove(key: PlanKey, signal: AbortSignal): Promise<void> {
    if (key === 'host') return;
    const netns = netnsName(key);
    if (this.#units.has(key) || (await this.#runDirectories()).includes(key)) {
      await this.#unit({ key }).remove();
      this.#units.delete(key);
    }
    this.#marked.delete(netns);
    this.#looks.forget(key);
    this.#proven.drop(key);
    await tearDownNetns(this.#kernel, netns, signal);
    this.#options.logger.info({ netns }, 'namespace removed');
  }

  #recordFailure(key: PlanKey, error: Error, retryMs: number): void {
    const { observed, clock, logger } = this.#options;
    this.#proven.forget(key);
    this.#units.get(key)?.doubt();
    const message = describeError(error);
    const before = observed.outcome(key);
    observed.recordOutcome({ key, appliedGeneration: -1, ...before, error: message, at: clock.now() });
    const level = error instanceof NotReadyError ? 'debug' : 'warn';
    logger[level]({ key, error: message, retryMs }, 'plan not applied yet');
  }
}
