import type { Charon } from '@landbridge/vici';
import type { EventSink } from '../domain/operator/event.ts';
import type { ObservedState } from '../domain/operator/observed-state.ts';
import type { NewLine } from '../domain/operator/timeline.ts';
import type { SasAnswer } from '../domain/operator/tunnel-sas.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { HoldDown } from '../domain/vpn/tunnel-usability.ts';
import { converge, type ConvergeOptions } from '../drivers/converge.ts';
import { GatewayConnections } from './gateway-connections.ts';
import { GatewayDaemons, type Daemons, type GatewayDaemonsOptions, type RunningDaemons } from './gateway-daemons.ts';
import type { DaemonProcesses } from '../drivers/daemons/daemon-processes.ts';
import type { GatewayPaths } from '../drivers/gateway-paths.ts';
import { readCounters, readUnmapped } from '../drivers/nft.ts';
import type { Kernel } from '../drivers/kernel.ts';
import { GatewayProbes, type ProbedTunnel } from './gateway-probes.ts';
import { readDevices, readLinks, type ActualLink } from '../drivers/link.ts';
import type { ProvenPlans } from '../drivers/proven-plans.ts';
import type { ToldLine } from '../drivers/told-lines.ts';
import { diffTunnels, type DeviceProblems, type TunnelChanges, type TunnelDevices } from '../drivers/tunnel-device.ts';
import { kernelTunnelDevices } from '../drivers/tunnel-device-kernel.ts';
import { uxfrmTunnelDevices } from '../drivers/tunnel-device-uxfrm.ts';
import type { Binaries } from '../drivers/binaries.ts';
import { TunnelFailover } from './tunnel-failover.ts';
import { GatewayMonitor } from './gateway-monitor.ts';
import { PathMtuWatch } from './path-mtu-watch.ts';
import { HandshakeLines } from './handshake-lines.ts';
import type { IsServed } from '../plan/choose-routes.ts';
import type { CharonPlan, NetnsPlan, PlanKey } from '../plan/plan.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { describeError } from '../platform/describe-error.ts';
import { FailoverFile } from './failover-file.ts';
import { nobodyAsked, type AskedPeers } from './asked-peers.ts';
import { AskedSas } from './asked-sas.ts';
import type { KeySource } from './key-source.ts';

export interface GatewayUnitOptions {
  readonly key: PlanKey;
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
  /** What charon says of handshakes, for the flight recorder. Absent: nobody keeps it. */
  readonly noteLine?: (line: NewLine) => void;
  /** Absent: nobody is asked what it would accept. */
  readonly askedPeers?: AskedPeers;
  readonly isServed: IsServed;
  readonly processes: DaemonProcesses;
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
  /** What the kernel was told for it. */
  readonly lines: readonly ToldLine[];
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
  readonly #pathMtu: PathMtuWatch;
  readonly #connections: GatewayConnections;
  readonly #sas: AskedSas;
  readonly #stopped = new AbortController();
  /** Aborts while charon has a process and does not answer: nothing waits for it meanwhile. */
  #answering = new AbortController();
  #watched: Charon | null = null;

  constructor(options: GatewayUnitOptions) {
    const { source, createDaemons, ...others } = options;
    this.#options = others;
    const { processes, kernel, netns, paths, dataPlane, espAlwaysInUdp, binaries, pathMtu } = others;
    const { observed, record, clock, logger, holdDown, isServed, onDeath } = others;
    this.#memory = new FailoverFile(paths.runDirectory, logger);
    this.#failover = new TunnelFailover({
      ...{ observed, record, clock, holdDown, isServed, memory: this.#memory },
      onProbeState: () => this.#monitor.lookSoon(),
    });
    const handshakes = new HandshakeLines({
      gateway: others.key,
      tunnelsOf: (thread) => this.#monitor.tunnelsOf(thread),
      note: (line) => {
        logger.debug({ about: line.subject, said: line.text }, 'charon says');
        others.noteLine?.(line);
      },
    });
    this.#monitor = new GatewayMonitor({
      ...{ observed, record, clock, logger },
      askedPeers: others.askedPeers ?? nobodyAsked,
      onChildSas: (installed) => this.#failover.noteChildSas(installed),
      onSilence: (isSilent) => this.#noteSilence(isSilent),
      onEvent: (event) => handshakes.hear(event),
      readSas: (signal) => this.#daemons.readSas(signal),
      readCounters: (signal) => readCounters(kernel, netns, signal),
      readUnmapped: (signal) => readUnmapped(kernel, netns, signal),
    });
    this.#pathMtu = new PathMtuWatch({ observed, clock, pathMtu });
    this.#probes = new GatewayProbes({
      ...{ kernel, netns, binaries, clock, logger },
      onReports: (reports) => {
        this.#failover.noteProbes(reports);
        this.#pathMtu.note(reports);
      },
    });
    this.#connections = new GatewayConnections({
      ...{ source, dataPlane, espAlwaysInUdp, clock },
      onWanted: (connections) => this.#monitor.setConnections(connections),
    });
    this.#sas = new AskedSas({ clock, charon: () => this.#watched, nameOf: (id) => this.#monitor.nameOf(id) });
    const create = createDaemons ?? ((daemons) => new GatewayDaemons(daemons));
    this.#daemons = create({
      ...{ processes, kernel, netns, paths, dataPlane, binaries, pathMtu, clock, logger },
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
    options: ConvergeOptions,
    signal: AbortSignal,
  ): Promise<AppliedPlan> {
    const { kernel } = this.#options;
    const answering = AbortSignal.any([signal, this.#answering.signal]);
    let daemons: Prepared | undefined;
    const makeDevices: ConvergeOptions['makeDevices'] = async (noted, links) => {
      daemons = await this.#makeDevices(noted, plan, links, { options, signal, answering });
      return hasChanges(daemons.tunnels);
    };
    const [convergence] = await Promise.allSettled([converge(kernel, plan, { ...options, makeDevices }, signal)]);
    if (daemons === undefined) return rejected(convergence);
    const { running, devices, tunnels, refused } = daemons;
    this.#failover.setTunnels(plan.watches ?? []);
    this.#monitor.setProbes(plan.watches ?? []);
    this.#watch(running.charon);
    // A connection without a device would negotiate and lead nowhere.
    const possible = charonPlan.connections.filter(({ id }) => !refused.has(id));
    const notLoaded = await this.#connections.apply(running, possible, answering);
    const probed = probedTunnels(plan);
    this.#pathMtu.setTunnels(new Set(probed.map(({ id }) => id)));
    this.#probes.set(probed);
    const left = await removeDevices(devices, plan, tunnels, options.proven, signal);
    signal.throwIfAborted();
    if (convergence.status === 'rejected') throw convergence.reason;
    const { pending, failure, lines } = convergence.value;
    return {
      ...describeApplied(charonPlan, {
        ...{ pending, failures: new Map([...refused, ...notLoaded]) },
        problems: [...(failure === null ? [] : describeError(failure).split('; ')), ...left.values()],
      }),
      lines,
    };
  }

  /** What was proven before knows of the devices that come and go. */
  async #makeDevices(
    kernel: Kernel,
    plan: NetnsPlan,
    found: readonly ActualLink[] | undefined,
    {
      options: { proven },
      signal,
      answering,
    }: { options: ConvergeOptions; signal: AbortSignal; answering: AbortSignal },
  ): Promise<Prepared> {
    const { netns } = this.#options;
    const running = await this.#daemons.ensure(signal);
    const devices = this.#tunnelDevices(kernel, running);
    const links = found ?? (await readLinks(kernel, netns, signal));
    const tunnels = diffTunnels(plan.links, await devices.read(links, signal));
    const refused = await this.#addDevices(running.charon, devices, tunnels, answering);
    if (hasChanges(tunnels)) {
      const names = [...tunnels.inTheWay, ...tunnels.added.map(({ name }) => name)];
      proven.replaceDevices(plan.key, names, await readDevices(kernel, netns, names, signal));
    }
    return { running, devices, tunnels, refused };
  }

  /** Somebody else may have changed something: at the next time charon is asked for all that it has. */
  doubt(): void {
    this.#connections.doubt();
  }

  /** Takes routes of tunnels out though they have no fault. */
  get drills(): Pick<TunnelFailover, 'drill' | 'drillRefusal'> {
    return this.#failover;
  }

  /** What CCNs serve is something else now. */
  servedChanged(): void {
    this.#failover.servedChanged();
  }

  /** What charon has of a tunnel now. */
  sasOf(tunnel: VpnConnectionId): Promise<SasAnswer> {
    return this.#sas.of(tunnel);
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
    this.#pathMtu.setTunnels(new Set());
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
  async #addDevices(
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

  #tunnelDevices(kernel: Kernel, { uxfrm }: RunningDaemons): TunnelDevices {
    const { netns } = this.#options;
    return uxfrm === null ? kernelTunnelDevices(kernel, netns) : uxfrmTunnelDevices(kernel, netns, uxfrm);
  }
}

/** A gateway's daemons, and what they had to do about devices. */
interface Prepared {
  readonly running: RunningDaemons;
  readonly devices: TunnelDevices;
  readonly tunnels: TunnelChanges;
  /** What could not be made, and why. */
  readonly refused: DeviceProblems;
}

function rejected(result: PromiseSettledResult<unknown>): never {
  throw result.status === 'rejected' ? result.reason : new Error('no round was made');
}

function hasChanges({ inTheWay, added }: TunnelChanges): boolean {
  return inTheWay.length + added.length > 0;
}

const none: DeviceProblems = new Map();

/** Nothing else leads there any more. */
async function removeDevices(
  devices: TunnelDevices,
  { key }: NetnsPlan,
  { removed }: TunnelChanges,
  proven: ProvenPlans,
  signal: AbortSignal,
): Promise<DeviceProblems> {
  if (removed.length === 0) return none;
  const problems = await devices.remove(removed, signal);
  proven.replaceDevices(key, removed, []);
  if (problems.size > 0) proven.forget(key);
  return problems;
}

/** What names a tunnel (its device, or an entry of its routes) is a failure of that tunnel. */
function describeApplied(
  { connections }: CharonPlan,
  raw: Pick<AppliedPlan, 'pending' | 'problems'> & { readonly failures: ReadonlyMap<string, string> },
): Omit<AppliedPlan, 'lines'> {
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

function probedTunnels({ watches = [], links }: NetnsPlan): ProbedTunnel[] {
  const mtus = new Map(links.flatMap(({ name, kind, mtu }) => (kind === 'tunnel' ? [[name, mtu]] : [])));
  return watches.flatMap(({ id, probe }) => (probe === null ? [] : [{ id, probe, mtu: mtus.get(id) ?? 0 }]));
}

/** uxfrm owns the MTU of its TUN devices; a plan's is the upper bound. */
export function tunnelMtu(dataPlane: 'kernel' | 'uxfrm'): 'ours' | 'daemon' {
  return dataPlane === 'kernel' ? 'ours' : 'daemon';
}
