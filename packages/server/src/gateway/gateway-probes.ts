import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { ProbePlan } from '../plan/plan.ts';
import type { Clock } from '../platform/clock.ts';
import { startLineProcess, type LineProcess, type StartLineProcess } from '../platform/line-process.ts';
import { listened, outlast } from '../platform/patience.ts';
import type { Logger } from '../platform/logger.ts';
import { confined, nobody } from '../drivers/confine.ts';
import { inNetns, type Kernel } from '../drivers/kernel.ts';
import { killLeftoverProbers, proberMark } from '../drivers/probe-leftovers.ts';
import { parseProbeLine } from '../drivers/probe-line.ts';

export interface ProbedTunnel {
  readonly id: VpnConnectionId;
  readonly probe: ProbePlan;
}

export interface ProbeOutcome {
  readonly id: VpnConnectionId;
  /** Null: no answer in time. */
  readonly delayMs: number | null;
}

export interface GatewayProbesOptions {
  readonly kernel: Kernel;
  readonly netns: string;
  readonly runDirectory: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onOutcome: (outcome: ProbeOutcome) => void;
  /** The system's own when absent; tests bring another. */
  readonly startProcess?: StartLineProcess;
}

/**
 * Probes of one gateway: one fping(8) per interval and timeout for all its tunnels. fping binds a source address per
 * process only, so none is bound: the way and the source of each probe come from its tunnel's table (planner/probe.ts).
 */
export class GatewayProbes {
  readonly #options: GatewayProbesOptions;
  readonly #groups = new Map<string, ProbeGroup>();
  #swept: Promise<void> | null = null;

  constructor(options: GatewayProbesOptions) {
    this.#options = options;
  }

  /** Probes these tunnels and no others from now on; what runs as wanted is left alone. */
  async set(tunnels: readonly ProbedTunnel[]): Promise<void> {
    this.#swept ??= killLeftoverProbers(this.#options.runDirectory);
    await this.#swept;
    const wanted = Map.groupBy(tunnels, ({ probe }) => `${probe.intervalMs} ${probe.timeoutMs}`);
    for (const [key, group] of this.#groups) {
      if (isSame(group.tunnels, wanted.get(key) ?? [])) continue;
      group.stop();
      this.#groups.delete(key);
    }
    for (const [key, group] of wanted) {
      if (!this.#groups.has(key)) this.#groups.set(key, new ProbeGroup(group, this.#options));
    }
  }

  /** Ends all of them. */
  stop(): void {
    for (const group of this.#groups.values()) group.stop();
    this.#groups.clear();
  }

  /** As stop, and those of an earlier control plane too. */
  async remove(): Promise<void> {
    this.stop();
    await killLeftoverProbers(this.#options.runDirectory);
  }
}

function isSame(a: readonly ProbedTunnel[], b: readonly ProbedTunnel[]): boolean {
  const text = (tunnels: readonly ProbedTunnel[]) =>
    tunnels
      .map(({ id, probe }) => `${id} ${probe.remoteAddress}`)
      .sort()
      .join();
  return text(a) === text(b);
}

const restartMs = 1000;
/**
 * Longest time that fping, being confined first, may take until its first line: a control plane that starts with hundreds of
 * gateways starts them all at once. Only probes that cannot be sent are found out that late, and only then.
 */
const startMs = 5000;
/**
 * fping says nothing about a probe that could not even be sent; after this long beyond its time it counts as unanswered. It is
 * time in which we could have read: what our own event loop missed does not count.
 */
const silenceMs = 250;

/** One fping, started again when it ends. */
class ProbeGroup {
  readonly tunnels: readonly ProbedTunnel[];
  readonly #options: GatewayProbesOptions;
  readonly #stopped = new AbortController();
  readonly #byAddress: ReadonlyMap<string, ProbedTunnel>;
  /** When a tunnel's next line is overdue, by the time of `listened`. */
  readonly #dueAt = new Map<VpnConnectionId, number>();
  #process: LineProcess | null = null;
  /** Until its first line, or this time of `listened`, a prober may still be starting. */
  #startsUntil = 0;

  constructor(tunnels: readonly ProbedTunnel[], options: GatewayProbesOptions) {
    this.tunnels = tunnels;
    this.#options = options;
    this.#byAddress = new Map(tunnels.map((tunnel) => [tunnel.probe.remoteAddress, tunnel]));
    void this.#run();
    void this.#watchSilence();
  }

  stop(): void {
    this.#stopped.abort(new Error('no longer probed'));
    this.#process?.kill();
  }

  #isStopped(): boolean {
    return this.#stopped.signal.aborted;
  }

  async #run(): Promise<void> {
    const { clock, kernel, logger, netns, runDirectory } = this.#options;
    const start = this.#options.startProcess ?? startLineProcess;
    while (!this.#isStopped()) {
      for (const { id, probe } of this.tunnels) this.#expectLine(id, probe);
      this.#startsUntil = listened(clock) + startMs;
      this.#process = start(inNetns(kernel, netns, confinedProber(fpingArguments(this.tunnels))), {
        env: { LANDBRIDGE_DAEMON: proberMark(runDirectory) },
        onLine: (line) => this.#read(line),
      });
      const end = await this.#process.ended;
      this.#process = null;
      if (this.#isStopped()) return;
      logger.warn({ netns, end }, 'prober is gone');
      await clock.delay(restartMs, this.#stopped.signal).catch(() => undefined);
    }
  }

  #read(line: string): void {
    if (this.#stopped.signal.aborted) return;
    const parsed = parseProbeLine(line);
    const tunnel = parsed === null ? undefined : this.#byAddress.get(parsed.remoteAddress);
    if (parsed === null || tunnel === undefined) return;
    this.#startsUntil = 0;
    this.#expectLine(tunnel.id, tunnel.probe);
    // A late answer's probe was told to have none already.
    if (parsed.delayMs !== null && parsed.delayMs > tunnel.probe.timeoutMs) return;
    this.#options.onOutcome({ id: tunnel.id, delayMs: parsed.delayMs });
  }

  #expectLine(id: VpnConnectionId, { intervalMs, timeoutMs }: ProbePlan): void {
    this.#dueAt.set(id, listened(this.#options.clock) + intervalMs + timeoutMs + silenceMs);
  }

  async #watchSilence(): Promise<void> {
    const { clock, onOutcome } = this.#options;
    while (!this.#isStopped()) {
      const next = Math.min(...this.#dueAt.values());
      await outlast(clock, Math.max(20, next - listened(clock)), this.#stopped.signal).catch(() => undefined);
      if (this.#isStopped()) return;
      const now = listened(clock);
      for (const { id, probe } of this.tunnels) {
        if ((this.#dueAt.get(id) ?? Infinity) > now) continue;
        this.#dueAt.set(id, now + probe.intervalMs);
        // A prober that does not run, or not yet, says nothing about the tunnel.
        if (this.#process !== null && now >= this.#startsUntil) onOutcome({ id, delayMs: null });
      }
    }
  }
}

/** fping reads what any peer sends. Nobody's user id, so that it can signal no process of ours. */
function confinedProber(argv: readonly string[]): string[] {
  const nothing = { sharedDirectory: null, strongswanConf: null, preload: null };
  return [
    ...['unshare', '--mount', '--ipc', '--uts', '--'],
    ...confined(argv, { capabilities: ['net_raw'], user: String(nobody), ...nothing }),
  ];
}

/** `-i 1`: a millisecond between two targets, the shortest there is. The planner asks for no more than that (planner/probe.ts). */
function fpingArguments(tunnels: readonly ProbedTunnel[]): string[] {
  const { intervalMs = 0, timeoutMs = 0 } = tunnels[0]?.probe ?? {};
  const targets = tunnels.map(({ probe }) => probe.remoteAddress).sort();
  return ['fping', '-l', '-D', '-i', '1', '-p', String(intervalMs), '-t', String(timeoutMs), ...targets];
}
