import type { Charon } from '@landbridge/vici';
import type { EventSink } from '../domain/operator/event.ts';
import type { ObservedState } from '../domain/operator/observed-state.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { HoldDown } from '../domain/vpn/tunnel-usability.ts';
import { converge, type ConvergeOptions } from '../drivers/converge.ts';
import { applyConnections, diffConnections, dropConnections, nameConnection, readCharon } from '../drivers/charon.ts';
import { GatewayDaemons, type Daemons, type GatewayDaemonsOptions, type RunningDaemons } from './gateway-daemons.ts';
import type { GatewayPaths } from '../drivers/gateway-paths.ts';
import type { Kernel } from '../drivers/kernel.ts';
import { GatewayProbes, type ProbedTunnel } from './gateway-probes.ts';
import { readDevices, readLinks, type ActualLink } from '../drivers/link.ts';
import type { ProvenPlans } from '../drivers/proven-plans.ts';
import { replayWindowFor } from '../drivers/replay-window.ts';
import type { ToldLine } from '../drivers/told-lines.ts';
import { diffTunnels, type DeviceProblems, type TunnelChanges, type TunnelDevices } from '../drivers/tunnel-device.ts';
import { kernelTunnelDevices } from '../drivers/tunnel-device-kernel.ts';
import { uxfrmTunnelDevices } from '../drivers/tunnel-device-uxfrm.ts';
import type { Binaries } from '../drivers/binaries.ts';
import { TunnelFailover } from './tunnel-failover.ts';
import { GatewayMonitor } from './gateway-monitor.ts';
import { watch } from './watched-connection.ts';
import type { IsServed } from '../plan/choose-routes.ts';
import type { CharonPlan, NetnsPlan } from '../plan/plan.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { describeError } from '../platform/describe-error.ts';
import { failoverFile } from './failover-file.ts';
import type { KeySource } from './key-source.ts';

export interface GatewayUnitOptions {
  readonly kernel: Kernel;
  readonly netns: string;
  readonly paths: GatewayPaths;
  readonly dataPlane: 'kernel' | 'uxfrm';
  readonly espAlwaysInUdp: boolean;
  readonly binaries: Binaries;
  readonly pathMtu: number;
  readonly source: KeySource;
  readonly observed: ObservedState;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Something that was running is gone, or does (not) answer now: the plan has to be applied again. */
  readonly onDeath: () => void;
  readonly holdDown: HoldDown;
  readonly record: EventSink;
  readonly isServed: IsServed;
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

/** What one gateway has beyond its namespace: its daemons, its tunnel devices, its connections and their monitor. */
export class GatewayUnit {
  readonly #options: GatewayUnitOptions;
  readonly #daemons: Daemons;
  readonly #monitor: GatewayMonitor;
  readonly #failover: TunnelFailover;
  readonly #probes: GatewayProbes;
  readonly #stopped = new AbortController();
  /** Aborts while charon has a process and does not answer: nothing waits for it meanwhile. */
  #answering = new AbortController();
  #watched: Charon | null = null;

  constructor(options: GatewayUnitOptions) {
    this.#options = options;
    const { runDirectory } = options.paths;
    this.#failover = new TunnelFailover({ ...options, memory: failoverFile(runDirectory, options.logger) });
    this.#monitor = new GatewayMonitor({
      ...options,
      onChildSas: (installed) => this.#failover.noteChildSas(installed),
      onSilence: (isSilent) => this.#noteSilence(isSilent),
      readSas: (signal) => this.#daemons.readSas(signal),
    });
    this.#probes = new GatewayProbes({
      ...options,
      onReports: (reports) => this.#failover.noteProbes(reports),
    });
    const create = options.createDaemons ?? ((daemons) => new GatewayDaemons(daemons));
    this.#daemons = create({
      ...options,
      onDeath: (name) => {
        options.logger.warn({ netns: options.netns, daemon: name }, 'daemon is gone');
        const sasOutlive = name === 'charon' && this.#daemons.forwards;
        this.#monitor.markDown('The IKE daemon of this gateway was restarted.', { sasOutlive });
        this.#answering = new AbortController();
        options.onDeath();
      },
      onDisconnect: (name) => {
        options.logger.warn({ netns: options.netns, daemon: name }, 'connection to a running daemon is lost');
        this.#answering = new AbortController();
        options.onDeath();
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
    const notLoaded = await this.#applyConnections(running, charonPlan, refused, answering);
    this.#probes.set(probedTunnels(plan));
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
    const { netns, clock } = this.#options;
    const running = await this.#daemons.ensure(signal);
    const devices = this.#tunnelDevices(kernel, running);
    const links = found ?? (await readLinks(kernel, netns, signal));
    const tunnels = diffTunnels(plan.links, await devices.read(links, signal));
    const refused = await makeDevices(running.charon, devices, tunnels, clock, answering);
    if (hasChanges(tunnels)) {
      const names = [...tunnels.inTheWay, ...tunnels.added.map(({ name }) => name)];
      proven.replaceDevices(plan.key, names, await readDevices(kernel, netns, names, signal));
    }
    return { running, devices, tunnels, refused };
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
    await this.#daemons.stop();
    this.#monitor.setConnections([]);
  }

  /** Lets go of daemons that shall run on. */
  disconnect(): void {
    this.#stopped.abort(new Error('the agent ends'));
    this.#failover.stop();
    this.#probes.stop();
    this.#daemons.disconnect();
  }

  /** A connection without a device would negotiate and lead nowhere. Returns what could not be loaded, and why. */
  async #applyConnections(
    { charon, charonVersion }: RunningDaemons,
    plan: CharonPlan,
    withoutDevice: DeviceProblems,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, string>> {
    const { source, dataPlane, espAlwaysInUdp } = this.#options;
    const replayWindow = replayWindowFor(charonVersion);
    const esp = { dataPlane, alwaysInUdp: espAlwaysInUdp, replayWindow };
    const possible = plan.connections.filter(({ id }) => !withoutDevice.has(id));
    const digests = await Promise.allSettled(possible.map(({ id }) => source.preSharedKeyDigest(id)));
    const named = possible.flatMap((connection, index) => {
      const digest = digests[index];
      return digest?.status === 'fulfilled'
        ? [{ connection, named: nameConnection(connection, digest.value, esp) }]
        : [];
    });
    const changes = diffConnections(
      named.map((each) => each.named),
      await readCharon(charon, signal),
    );
    // Before charon hears of them, so that no event of theirs is missed.
    this.#monitor.setConnections(named.map((each) => watch(each.connection, each.named)));
    this.#watch(charon);
    const refused = await applyConnections(
      charon,
      changes,
      (id) => source.preSharedKey(id),
      this.#options.clock,
      signal,
    );
    const keyless = possible.flatMap(({ id }, index) => {
      const digest = digests[index];
      return digest?.status === 'rejected' ? [[id, describeError(digest.reason)] as const] : [];
    });
    return new Map([...keyless, ...refused]);
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

/**
 * What is in the way of a device goes first, and before it the connection that it belonged to: no SA of one tunnel may
 * meet the device of another. Returns what could not be made, and why.
 */
async function makeDevices(
  charon: Charon,
  devices: TunnelDevices,
  { inTheWay, added }: TunnelChanges,
  clock: Clock,
  signal: AbortSignal,
): Promise<DeviceProblems> {
  if (inTheWay.length > 0) {
    await dropConnections(charon, new Set(inTheWay), clock, signal);
    await devices.remove(inTheWay, signal);
  }
  return added.length === 0 ? none : devices.add(added, signal);
}

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

function probedTunnels({ watches = [] }: NetnsPlan): ProbedTunnel[] {
  return watches.flatMap(({ id, probe }) => (probe === null ? [] : [{ id, probe }]));
}

/** uxfrm owns the MTU of its TUN devices; a plan's is the upper bound. */
export function tunnelMtu(dataPlane: 'kernel' | 'uxfrm'): 'ours' | 'daemon' {
  return dataPlane === 'kernel' ? 'ours' : 'daemon';
}
