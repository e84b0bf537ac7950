import type { DataPlane } from '../domain/operator/observation.ts';
import type { EventSink } from '../domain/operator/event.ts';
import type { NewLine } from '../domain/operator/timeline.ts';
import type { SasAnswer } from '../domain/operator/tunnel-sas.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { ObservedState } from '../domain/operator/observed-state.ts';
import type { HoldDown } from '../domain/vpn/tunnel-usability.ts';
import type { Binaries } from '../drivers/binaries.ts';
import type { AskedPeers } from '../gateway/asked-peers.ts';
import type { GatewayUnit } from '../gateway/gateway-unit.ts';
import type { Daemons, GatewayDaemonsOptions } from '../gateway/gateway-daemons.ts';
import type { Kernel } from '../drivers/kernel.ts';
import type { ToldLine } from '../drivers/told-lines.ts';
import type { PlanKey } from '../plan/plan.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { PlanSource } from './plan-source.ts';

export type { PlanSource } from './plan-source.ts';

/** The acting side: keeps the kernel and charon in line with the plans, and reports what they say. */
export interface Agent {
  /** Plans that may have changed; they are applied at once, ahead of any backoff. */
  enqueue(keys: Iterable<PlanKey>): void;
  /** Which tunnels were withdrawn, from before: whoever makes plans must know. `run` begins with it. */
  recall(): Promise<void>;
  /** Works until the signal aborts. Nothing in the data path is touched when it ends. */
  run(signal: AbortSignal): Promise<void>;
  /**
   * Resolves once all plans have been looked at and none is waiting or being applied (failed ones that wait for their
   * next try count as waiting).
   */
  idle(signal: AbortSignal): Promise<void>;
  /** Of a gateway; undefined: none of that key acts here. */
  drillsOf(key: PlanKey): GatewayUnit['drills'] | undefined;
  /** The SAs of a tunnel as they are. */
  sasOf(gateway: PlanKey, tunnel: VpnConnectionId): Promise<SasAnswer>;
}

export interface AgentOptions {
  readonly source: PlanSource;
  readonly observed: ObservedState;
  readonly dataDir: string;
  readonly dataPlane: DataPlane;
  /** ESP in UDP also where no NAT is in between. */
  readonly espAlwaysInUdp: boolean;
  readonly binaries: Binaries;
  /** MTU of the path to the peers, bytes. */
  readonly pathMtu: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** For what gateways tell of their tunnels; `logger` when absent. */
  readonly tunnelLogger?: Logger;
  readonly holdDown?: HoldDown;
  /** Events of tunnels and routes. */
  readonly record?: EventSink;
  /** Absent: nobody is asked what it would accept. */
  readonly askedPeers?: AskedPeers;
  /** What else the flight recorder keeps. */
  readonly noteLine?: (line: NewLine) => void;
  /** A plan was applied, as far as that was possible; the kernel was told these lines. */
  readonly onApplied?: (key: PlanKey, generation: number, lines: readonly ToldLine[]) => void;
  /** The machine's own when absent; tests bring another. */
  readonly kernel?: Kernel;
  /** Real ones when absent; tests bring others. */
  readonly createDaemons?: (options: GatewayDaemonsOptions) => Daemons;
}
