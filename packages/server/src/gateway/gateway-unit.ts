import type { Charon } from '@landbridge/vici';
import type { EventSink } from '../domain/operator/event.ts';
import type { ObservedState } from '../domain/operator/observed-state.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { HoldDown } from '../domain/vpn/tunnel-usability.ts';
import { converge, type Convergence, type ConvergeOptions } from '../drivers/converge.ts';
import { GatewayConnections } from './gateway-connections.ts';
import { GatewayDaemons, type Daemons, type GatewayDaemonsOptions, type RunningDaemons } from './gateway-daemons.ts';
import type { GatewayPaths } from '../drivers/gateway-paths.ts';
import type { Kernel } from '../drivers/kernel.ts';
import { GatewayProbes, type ProbedTunnel } from './gateway-probes.ts';
import { readLinks } from '../drivers/link.ts';
import { PacketFilterError } from '../drivers/nft.ts';
import { diffTunnels, type DeviceProblems, type TunnelChanges, type TunnelDevices } from '../drivers/tunnel-device.ts';
import { kernelTunnelDevices } from '../drivers/tunnel-device-kernel.ts';
import { uxfrmTunnelDevices } from '../drivers/tunnel-device-uxfrm.ts';
import type { Binaries } from '../drivers/binaries.ts';
import { TunnelFailover } from './tunnel-failover.ts';
import { GatewayMonitor } from './gateway-monitor.ts';
import type { IsServed } from '../plan/choose-routes.ts';
import type { CharonPlan, NetnsPlan } from '../plan/plan.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { describeError } from '../platform/describe-error.ts';
import { FailoverFile } from './failover-file.ts';
import type { KeySource } from './key-source.ts';

export interface GatewayUnitOptions {
  readonly kernel: Kernel;
  readonly netns: string;
  readonly paths: GatewayPaths;
  readonly dataPlane: 'kernel' | 'uxfrm';
  readonly espAlwaysInUdp: boolean;
  readonly binaries: Binaries;
  readonly pathMtu: number;
  /** For the connections alone. */
  readonly source: KeySource;
  readonly observed: ObservedState;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Something that was running is gone, or does (not) answer now: the plan has to be applied again. */
  readonly onDeath: () => void;
  readonly holdDown: HoldDown;
  readonly record: EventSink;
  readonly isServed: IsServed;
  readonly inTurn: ConvergeOptions['inTurn'];
  readonly proven: ConvergeOptions['proven'];
  readonly onLook: ConvergeOptions['onLook'];
  readonly createDaemons?: (options: GatewayDaemonsOptions) => Daemons;
}

/** What came of a plan. */
export interface AppliedPlan {
  /** What it still waits for. */
  readonly pending: readonly string[];
  /** Tunnels that could not be made, and why. */
  readonly failures: ReadonlyMap<VpnConnectionId, string>;
  /** What else could not be applied. */
  readonly problems: readonly string[];
}

/**
 * What one gateway has beyond its namespace: daemons, tunnel devices, connections, their monitor, probes and failover. Each part
 * gets what it uses, and hears of the others what is wired here.
 */
export class GatewayUnit {
  readonly #options: Omit<GatewayUnitOptions, 'source' | 'createDaemons'>;
  readonly #daemons: Daemons;
  readonly #monitor: GatewayMonitor;
  readonly #failover: TunnelFailover;
  readonly #memory: FailoverFile;
  readonly #probes: GatewayProbes;
  readonly #connections: GatewayConnections;
  readonly #stopped = new AbortController();
  /** Aborts while charon has a process and does not answer: nothing waits for it meanwhile. */
  #answering = new AbortController();
  #watched: Charon | null = null;

  constructor(options: GatewayUnitOptions) {
    const { source, createDaemons, ...others } = options;
    this.#options = others;
    const { kernel, netns, paths, dataPlane, espAlwaysInUdp, binaries, pathMtu } = others;
    const { observed, record, clock, logger, holdDown, isServed, onDeath } = others;
    this.#memory = new FailoverFile(paths.runDirectory, logger);
    this.#failover = new TunnelFailover({ observed, record, clock, holdDown, isServed, memory: this.#memory });
    this.#monitor = new GatewayMonitor({
      ...{ observed, record, clock, logger },
      onChildSas: (installed) => this.#failover.noteChildSas(installed),
      onSilence: (isSilent) => this.#noteSilence(isSilent),
      readSas: (signal) => this.#daemons.readSas(signal),
    });
    this.#probes = new GatewayProbes({
      ...{ kernel, netns, binaries, clock, logger },
      onReports: (reports) => this.#failover.noteProbes(reports),
    });
    this.#connections = new GatewayConnections({
      ...{ source, dataPlane, espAlwaysInUdp, clock },
      onWanted: (connections) => this.#monitor.setConnections(connections),
    });
    const create = createDaemons ?? ((daemons) => new GatewayDaemons(daemons));
    this.#daemons = create({
      ...{ kernel, netns, paths, dataPlane, binaries, pathMtu, clock, logger },
      onDeath: (name) => {
        logger.warn({ netns, daemon: name }, 'daemon is gone');
        const sasOutlive = name === 'charon' && this.#daemons.forwards;
        this.#monitor.markDown('The IKE daemon of this gateway was restarted.', { sasOutlive });
        this.#answering = new AbortController();
        onDeath();
      },
      onDisconnect: (name) => {
        logger.warn({ netns, daemon: name }, 'connection to a running daemon is lost');
        this.#answering = new AbortController();
        onDeath();
      },
    });
  }

  /**
   * The part of the plan that needs the daemons, and the proof of the whole: tunnel devices after their daemon, their
   * routes after them, connections last; what goes away in the reverse order, unless it is in the way. What cannot be
   * applied keeps nothing else from being tried.
   */
  async apply(
    plan: NetnsPlan,
    charonPlan: CharonPlan,
    before: Convergence | Error,
    signal: AbortSignal,
  ): Promise<AppliedPlan> {
    const { kernel, dataPlane, netns, inTurn, proven, onLook } = this.#options;
    const answering = AbortSignal.any([signal, this.#answering.signal]);
    const running = await this.#daemons.ensure(signal);
    const devices = this.#tunnelDevices(running);
    const links = before instanceof Error ? await readLinks(kernel, netns, signal) : before.links;
    const tunnels = diffTunnels(plan.links, await devices.read(links, signal));
    // Devices come and go now that the last look does not know of.
    if (hasChanges(tunnels)) proven.forget(plan.key);
    const refused = await this.#makeDevices(running.charon, devices, tunnels, answering);
    const isProven = !(before instanceof Error) && !before.changed && tunnels.added.length === 0;
    const [convergence] = await Promise.allSettled([
      isProven ? before : converge(kernel, plan, { tunnelMtu: tunnelMtu(dataPlane), inTurn, proven, onLook }, signal),
    ]);
    this.#failover.setTunnels(plan.watches ?? []);
    this.#watch(running.charon);
    // A connection without a device would negotiate and lead nowhere.
    const possible = charonPlan.connections.filter(({ id }) => !refused.has(id));
    const notLoaded = await this.#connections.apply(running, possible, answering);
    this.#probes.set(probedTunnels(plan));
    const left = tunnels.removed.length === 0 ? none : await devices.remove(tunnels.removed, signal);
    if (tunnels.removed.length > 0) proven.forget(plan.key);
    signal.throwIfAborted();
    if (convergence.status === 'rejected' && convergence.reason instanceof PacketFilterError) throw convergence.reason;
    return describeApplied(charonPlan, {
      pending: convergence.status === 'fulfilled' ? convergence.value.pending : [],
      failures: new Map([...refused, ...notLoaded]),
      problems: [...reasonOf(convergence), ...left.values()],
    });
  }

  /** Somebody else may have changed something: at the next time charon is asked for all that it has. */
  doubt(): void {
    this.#connections.doubt();
  }

  /** What CCNs serve is something else now. */
  servedChanged(): void {
    this.#failover.servedChanged();
  }

  /** Now and then: logs do not grow for ever, and what was left in the kernel goes when its time is up. */
  async tidy(signal: AbortSignal): Promise<void> {
    await this.#daemons.tidy(signal);
  }

  /** The gateway is no more: peers are told, daemons ended, files removed. */
  async remove(): Promise<void> {
    this.#stopped.abort(new Error('the gateway is removed'));
    this.#failover.setTunnels([]);
    this.#failover.stop();
    this.#probes.stop();
    await this.#memory.drop();
    await this.#daemons.stop();
    this.#monitor.setConnections([]);
  }

  /** Lets go of daemons that shall run on, once what the next agent must know is written. */
  async disconnect(): Promise<void> {
    this.#stopped.abort(new Error('the agent ends'));
    this.#failover.stop();
    this.#probes.stop();
    this.#daemons.disconnect();
    await this.#memory.close();
  }

  /** Packets flow on meanwhile, and what was seen last is the best there is. */
  #noteSilence(isSilent: boolean): void {
    const { logger, netns, onDeath } = this.#options;
    const what = `charon of ${netns} ${isSilent ? 'does not answer' : 'answers again'}`;
    logger.warn({ netns }, what);
    if (isSilent) this.#answering.abort(new Error(what));
    else this.#answering = new AbortController();
    onDeath();
  }

  #watch(charon: Charon): void {
    if (this.#watched === charon) return;
    this.#watched = charon;
    const { logger, netns } = this.#options;
    this.#monitor
      .run(charon, this.#stopped.signal)
      .catch((error: unknown) => {
        if (this.#stopped.signal.aborted) return;
        logger.warn({ netns, error: (error as Error).message }, 'monitor lost charon');
      })
      .finally(() => charon.close());
  }

  /**
   * What is in the way of a device goes first, and before it the connection that it belonged to: no SA of one tunnel may
   * meet the device of another. Returns what could not be made, and why.
   */
  async #makeDevices(
    charon: Charon,
    devices: TunnelDevices,
    { inTheWay, added }: TunnelChanges,
    signal: AbortSignal,
  ): Promise<DeviceProblems> {
    if (inTheWay.length > 0) {
      await this.#connections.drop(charon, new Set(inTheWay), signal);
      await devices.remove(inTheWay, signal);
    }
    return added.length === 0 ? none : devices.add(added, signal);
  }

  #tunnelDevices({ uxfrm }: RunningDaemons): TunnelDevices {
    const { kernel, netns } = this.#options;
    return uxfrm === null ? kernelTunnelDevices(kernel, netns) : uxfrmTunnelDevices(kernel, netns, uxfrm);
  }
}

function hasChanges({ inTheWay, added }: TunnelChanges): boolean {
  return inTheWay.length + added.length > 0;
}

const none: DeviceProblems = new Map();

function reasonOf(result: PromiseSettledResult<unknown>): string[] {
  return result.status === 'rejected' ? describeError(result.reason).split('; ') : [];
}

/** What names a tunnel (its device, or an entry of its routes) is a failure of that tunnel. */
function describeApplied(
  { connections }: CharonPlan,
  raw: Omit<AppliedPlan, 'failures'> & { readonly failures: ReadonlyMap<string, string> },
): AppliedPlan {
  const isOf = (id: string) => (text: string) => text.includes(id);
  const failures = connections.flatMap(({ id }) => {
    const reasons = [raw.failures.get(id) ?? [], raw.problems.filter(isOf(id))].flat();
    return reasons.length === 0 ? [] : [[id, reasons.join('; ')] as const];
  });
  const isExplained = (text: string) => failures.some(([id]) => text.includes(id));
  return {
    pending: raw.pending.filter((text) => !isExplained(text)),
    failures: new Map(failures),
    problems: raw.problems.filter((text) => !isExplained(text)),
  };
}

function probedTunnels({ watches = [] }: NetnsPlan): ProbedTunnel[] {
  return watches.flatMap(({ id, probe }) => (probe === null ? [] : [{ id, probe }]));
}

/** uxfrm owns the MTU of its TUN devices; a plan's is the upper bound. */
export function tunnelMtu(dataPlane: 'kernel' | 'uxfrm'): 'ours' | 'daemon' {
  return dataPlane === 'kernel' ? 'ours' : 'daemon';
}
