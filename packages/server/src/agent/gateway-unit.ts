import type { Charon } from '@landbridge/vici';
import type { EventSink } from '../domain/event.ts';
import type { ObservedState } from '../domain/observed-state.ts';
import type { HoldDown } from '../domain/tunnel-usability.ts';
import { converge, type Convergence, type ConvergeOptions } from '../drivers/converge.ts';
import { applyConnections, diffConnections, nameConnection, readCharon } from '../drivers/charon.ts';
import { GatewayDaemons, type RunningDaemons } from '../drivers/gateway-daemons.ts';
import type { GatewayPaths } from '../drivers/gateway-paths.ts';
import type { Kernel } from '../drivers/kernel.ts';
import { GatewayProbes, type ProbedTunnel } from '../drivers/probe.ts';
import { readLinks } from '../drivers/link.ts';
import { diffTunnels, type TunnelDevices } from '../drivers/tunnel-device.ts';
import { kernelTunnelDevices } from '../drivers/tunnel-device-kernel.ts';
import { uxfrmTunnelDevices } from '../drivers/tunnel-device-uxfrm.ts';
import type { Binaries } from '../drivers/binaries.ts';
import { TunnelFailover } from '../monitor/tunnel-failover.ts';
import { GatewayMonitor } from '../monitor/gateway-monitor.ts';
import { watch } from '../monitor/watched-connection.ts';
import type { CharonPlan, NetnsPlan } from '../planner/plan.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { failoverFile } from './failover-file.ts';
import type { PlanSource } from './plan-source.ts';

export interface GatewayUnitOptions {
  readonly kernel: Kernel;
  readonly netns: string;
  readonly paths: GatewayPaths;
  readonly dataPlane: 'kernel' | 'uxfrm';
  readonly espAlwaysInUdp: boolean;
  readonly binaries: Binaries;
  readonly pathMtu: number;
  readonly source: Pick<PlanSource, 'preSharedKey' | 'preSharedKeyDigest'>;
  readonly observed: ObservedState;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Something that was running is gone: the plan has to be applied again. */
  readonly onDeath: () => void;
  readonly holdDown: HoldDown;
  readonly record: EventSink;
  /** A tunnel became usable or unusable: the routes have to be planned again. */
  readonly onSwitch: () => void;
  readonly inTurn: ConvergeOptions['inTurn'];
}

/** What one gateway has beyond its namespace: its daemons, its tunnel devices, its connections and their monitor. */
export class GatewayUnit {
  readonly #options: GatewayUnitOptions;
  readonly #daemons: GatewayDaemons;
  readonly #monitor: GatewayMonitor;
  readonly #failover: TunnelFailover;
  readonly #probes: GatewayProbes;
  readonly #stopped = new AbortController();
  #watched: Charon | null = null;

  constructor(options: GatewayUnitOptions) {
    this.#options = options;
    const { runDirectory } = options.paths;
    this.#failover = new TunnelFailover({ ...options, memory: failoverFile(runDirectory, options.logger) });
    this.#monitor = new GatewayMonitor({
      ...options,
      onChildSas: (id, isAnyInstalled) => this.#failover.noteChildSa(id, isAnyInstalled),
    });
    this.#probes = new GatewayProbes({
      ...options,
      runDirectory,
      onOutcome: ({ id, delayMs }) => this.#failover.noteProbe(id, delayMs),
    });
    this.#daemons = new GatewayDaemons({
      ...options,
      onDeath: (name) => {
        options.logger.warn({ netns: options.netns, daemon: name }, 'daemon is gone');
        const sasOutlive = name === 'charon' && this.#daemons.forwards;
        this.#monitor.markDown('The IKE daemon of this gateway was restarted.', { sasOutlive });
        options.onDeath();
      },
    });
  }

  /**
   * The part of the plan that needs the daemons, and the proof of the whole: tunnel devices after their daemon, their
   * routes after them, connections last; what goes away in the reverse order. Returns what the plan still waits for.
   */
  async apply(
    plan: NetnsPlan,
    charonPlan: CharonPlan,
    before: Convergence | Error,
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    const { kernel, dataPlane, netns, inTurn } = this.#options;
    const running = await this.#daemons.ensure(signal);
    const devices = this.#tunnelDevices(running);
    const links = before instanceof Error ? await readLinks(kernel, netns, signal) : before.links;
    const tunnels = diffTunnels(plan.links, await devices.read(links, signal));
    if (tunnels.replaced.length > 0) await devices.remove(tunnels.replaced, signal);
    if (tunnels.added.length > 0) await devices.add(tunnels.added, signal);
    const isProven = !(before instanceof Error) && !before.changed && tunnels.added.length === 0;
    const [convergence] = await Promise.allSettled([
      isProven ? before : converge(kernel, plan, { tunnelMtu: tunnelMtu(dataPlane), inTurn }, signal),
    ]);
    this.#failover.setTunnels(plan.watches ?? []);
    await this.#applyConnections(running.charon, charonPlan, signal);
    await this.#probes.set(probedTunnels(plan));
    if (tunnels.removed.length > 0) await devices.remove(tunnels.removed, signal);
    await this.#daemons.tidy(signal);
    if (convergence.status === 'rejected') throw convergence.reason as Error;
    return convergence.value.pending;
  }

  /** The gateway is no more: peers are told, daemons ended, files removed. */
  async remove(): Promise<void> {
    this.#stopped.abort(new Error('the gateway is removed'));
    this.#failover.setTunnels([]);
    this.#failover.stop();
    await this.#probes.remove();
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

  async #applyConnections(charon: Charon, plan: CharonPlan, signal: AbortSignal): Promise<void> {
    const { source, dataPlane, espAlwaysInUdp } = this.#options;
    const esp = { dataPlane, alwaysInUdp: espAlwaysInUdp };
    const named = await Promise.all(
      plan.connections.map(async (connection) => ({
        connection,
        named: nameConnection(connection, await source.preSharedKeyDigest(connection.id), esp),
      })),
    );
    const wanted = named.map((each) => each.named);
    const changes = diffConnections(wanted, await readCharon(charon, signal));
    // Before charon hears of them, so that no event of theirs is missed.
    this.#monitor.setConnections(named.map((each) => watch(each.connection, each.named)));
    this.#watch(charon);
    await applyConnections(charon, changes, (id) => source.preSharedKey(id), signal);
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

  #tunnelDevices({ uxfrm }: RunningDaemons): TunnelDevices {
    const { kernel, netns } = this.#options;
    return uxfrm === null ? kernelTunnelDevices(kernel, netns) : uxfrmTunnelDevices(kernel, netns, uxfrm);
  }
}

function probedTunnels({ watches = [] }: NetnsPlan): ProbedTunnel[] {
  return watches.flatMap(({ id, probe }) => (probe === null ? [] : [{ id, probe }]));
}

/** uxfrm owns the MTU of its TUN devices; a plan's is the upper bound. */
export function tunnelMtu(dataPlane: 'kernel' | 'uxfrm'): 'ours' | 'daemon' {
  return dataPlane === 'kernel' ? 'ours' : 'daemon';
}
