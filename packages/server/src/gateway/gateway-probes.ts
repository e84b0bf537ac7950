import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { ProbeReport } from '../domain/vpn/probe-health.ts';
import type { PathMtuSight } from '../diagnosis/path-mtu-hole.ts';
import type { Binaries } from '../drivers/binaries.ts';
import { inNetns, type Kernel } from '../drivers/kernel.ts';
import { parseProberLine, type ProberState } from '../drivers/prober-line.ts';
import type { ProbePlan } from '../plan/plan.ts';
import { probePair } from '../plan/probe-pair.ts';
import type { Clock } from '../platform/clock.ts';
import { startLineProcess, type LineProcess, type StartLineProcess } from '../platform/line-process.ts';
import type { Logger } from '../platform/logger.ts';
import { listened, outlast } from '../platform/patience.ts';

export interface ProbedTunnel {
  readonly id: VpnConnectionId;
  readonly probe: ProbePlan;
  /** Of its device, as the plan has it, bytes: packets as large are sent now and then. */
  readonly mtu: number;
}

/** How a tunnel's probes stand. */
export interface TunnelProbeReport extends ProbeReport {
  readonly id: VpnConnectionId;
  /** Of the check that it is about, which may be an earlier one of the tunnel. */
  readonly pair: string;
}

/** And what large ones say, which decides nothing. */
export interface ProberReport extends TunnelProbeReport {
  readonly pathMtu: PathMtuSight;
}

export interface GatewayProbesOptions {
  readonly kernel: Kernel;
  readonly netns: string;
  readonly binaries: Pick<Binaries, 'uxprobe'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** What was told together. */
  readonly onReports: (reports: readonly ProberReport[]) => void;
  /** The system's own when absent; tests bring another. */
  readonly startProcess?: StartLineProcess;
}

const restartMs = 1000;
/** A prober says something every second. One that is silent for so long, of time in which we could have heard it, is replaced. */
const silenceMs = 5000;

/** A target of the prober: a check of a tunnel. */
interface Target {
  readonly id: VpnConnectionId;
  readonly pair: string;
  readonly mtu: number;
  /** The line that sets it. */
  readonly command: string;
}

/**
 * Probes of one gateway: one uxprobe for all its tunnels, which runs while there are any. The way and the source of each
 * probe come from the gateway's table of probes (planner/probe.ts).
 */
export class GatewayProbes {
  readonly #options: GatewayProbesOptions;
  /** By name. */
  #targets: ReadonlyMap<string, Target> = new Map();
  #prober: LineProcess | null = null;
  #stopped: AbortController | null = null;
  /** By the time of `listened`. */
  #heardAt = 0;

  constructor(options: GatewayProbesOptions) {
    this.#options = options;
  }

  /** Probes these tunnels and no others from now on; the others do not notice. */
  set(tunnels: readonly ProbedTunnel[]): void {
    const before = this.#targets;
    this.#targets = new Map(tunnels.map(targetOf));
    if (this.#targets.size === 0) {
      this.stop();
      return;
    }
    for (const name of before.keys())
      if (!this.#targets.has(name)) this.#tell(JSON.stringify({ command: 'remove', name }));
    for (const [name, { command }] of this.#targets) if (before.get(name)?.command !== command) this.#tell(command);
    if (this.#stopped !== null) return;
    this.#stopped = new AbortController();
    void this.#run(this.#stopped.signal);
    void this.#watchSilence(this.#stopped.signal);
  }

  stop(): void {
    this.#targets = new Map();
    this.#stopped?.abort(new Error('no longer probed'));
    this.#stopped = null;
    this.#prober?.kill();
    this.#prober = null;
  }

  #tell(line: string): void {
    this.#prober?.writeLine(line);
  }

  async #run(stopped: AbortSignal): Promise<void> {
    const { binaries, clock, kernel, logger, netns } = this.#options;
    const start = this.#options.startProcess ?? startLineProcess;
    while (!isAborted(stopped)) {
      this.#heardAt = listened(clock);
      const prober = start(inNetns(kernel, netns, [binaries.uxprobe]), {
        onLine: (line) => {
          if (this.#prober === prober) this.#read(line);
        },
      });
      this.#prober = prober;
      for (const { command } of this.#targets.values()) this.#tell(command);
      const end = await prober.ended;
      if (isAborted(stopped)) return;
      this.#prober = null;
      logger.warn({ netns, end }, 'prober is gone');
      await clock.delay(restartMs, stopped).catch(() => undefined);
    }
  }

  #read(line: string): void {
    const { clock, logger, netns, onReports } = this.#options;
    this.#heardAt = listened(clock);
    const parsed = parseProberLine(line);
    if (parsed === null) {
      logger.error({ netns, line: line.slice(0, 200) }, 'prober says what it cannot mean, and is replaced');
      this.#prober?.kill();
    } else if (parsed.event === 'refused') {
      logger.error({ netns, reason: parsed.reason }, 'prober refused a target');
    } else if (parsed.event === 'states') {
      const reports = parsed.states.flatMap((state) => {
        const target = this.#targets.get(state.name);
        return target === undefined ? [] : [reportOf(target, state)];
      });
      if (reports.length > 0) onReports(reports);
    }
  }

  /** Dead or stopped, a prober says nothing about tunnels. */
  async #watchSilence(stopped: AbortSignal): Promise<void> {
    const { clock, logger, netns } = this.#options;
    while (!isAborted(stopped)) {
      const left = this.#heardAt + silenceMs - listened(clock);
      await outlast(clock, left > 0 ? left : silenceMs, stopped).catch(() => undefined);
      const isSilent = listened(clock) >= this.#heardAt + silenceMs;
      if (isAborted(stopped) || this.#prober === null || !isSilent) continue;
      logger.warn({ netns }, 'prober is silent, and is replaced');
      this.#prober.kill();
      this.#heardAt = listened(clock);
    }
  }
}

/** Anew each time: it changes while somebody waits. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

function targetOf({ id, probe, mtu }: ProbedTunnel): [string, Target] {
  const pair = probePair(probe);
  const name = `${id} ${pair}`;
  const { remoteAddress: address, intervalMs: interval_ms, timeoutMs: timeout_ms, threshold } = probe;
  return [
    name,
    {
      ...{ id, pair, mtu },
      command: JSON.stringify({ command: 'set', name, address, interval_ms, timeout_ms, threshold, mtu }),
    },
  ];
}

function reportOf({ id, pair, mtu }: Target, state: ProberState): ProberReport {
  const { answers, run, since_loss_ms: sinceLossMs, sent, lost, unsent, mean_delay_us: meanDelayUs } = state;
  const meanDelayMs = meanDelayUs === null ? null : meanDelayUs / 1000;
  const summary = { sent, lost, unsent, meanDelayMs };
  return { id, pair, isAnswered: answers, run, sinceLossMs, summary, pathMtu: { ...state.path_mtu, mtu } };
}
