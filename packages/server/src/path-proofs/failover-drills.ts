import {
  drillBounds,
  type DrillOrder,
  type DrillRefusal,
  type FailoverDrill,
  type FailoverDrilling,
  type UndrillableTunnel,
} from '../domain/operator/failover-drill.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { NetnsPlan } from '../plan/plan.ts';
import type { Clock } from '../platform/clock.ts';
import { describeError } from '../platform/describe-error.ts';
import type { Logger } from '../platform/logger.ts';
import type { FindFree } from './free-address.ts';
import type { ProofLimits } from './proof-limits.ts';
import { proofPlace, type ProofPlace } from './proof-place.ts';
import type { StandHost } from './standing-host.ts';

/** Takes routes of tunnels out though they have no fault (gateway/tunnel-failover.ts). */
export interface TunnelDrills {
  drillRefusal(id: VpnConnectionId): UndrillableTunnel | null;
  drill(id: VpnConnectionId, forMs: number): Promise<boolean>;
}

export interface FailoverDrillsOptions {
  readonly plans: () => readonly NetnsPlan[];
  /** Of the gateway that has the tunnel; undefined: none has it. */
  readonly drillsOf: (tunnel: VpnConnectionId) => TunnelDrills | undefined;
  readonly findFree: FindFree;
  readonly stand: StandHost;
  readonly limits: ProofLimits;
  readonly clock: Pick<Clock, 'delay'>;
  readonly logger: Logger;
}

/** To know whether the destination answers at all. */
const firstEchoes = 3;

/**
 * Drills of failovers: a host of ours pings what is behind the tunnel while the tunnel's routes are taken out and come back. The routes
 * come back by themselves, whatever becomes of whoever asked for it.
 */
export class FailoverDrills implements FailoverDrilling {
  readonly #options: FailoverDrillsOptions;

  constructor(options: FailoverDrillsOptions) {
    this.#options = options;
  }

  async drill(order: DrillOrder): Promise<FailoverDrill | DrillRefusal> {
    const { plans, drillsOf, limits, logger } = this.#options;
    const { accountId, tunnel } = order;
    const [place, drills] = [proofPlace(order.from, plans()), drillsOf(tunnel)];
    if (place === undefined || drills === undefined) return 'not-there';
    const refusal = drills.drillRefusal(tunnel);
    if (refusal !== null) return refusal;
    const end = limits.begin(accountId, new Set([place.vpc]));
    if (typeof end === 'string') return end;
    try {
      return await this.#run(order, place, drills);
    } catch (error) {
      logger.warn({ tunnel, error: describeError(error) }, 'a failover could not be drilled');
      return 'not-started';
    } finally {
      end();
    }
  }

  async #run(
    { tunnel, to: destination, seconds }: DrillOrder,
    place: ProofPlace,
    drills: TunnelDrills,
  ): Promise<FailoverDrill | DrillRefusal> {
    const { findFree, stand, clock, logger } = this.#options;
    const address = await findFree(place, new Set([destination]));
    if (address === null) return 'no-free-address';
    await using host = await stand(place, address);
    const { spacingMs, aroundMs } = drillBounds;
    const way = { destination, spacingMs, timeToLive: null };
    if ((await host.ping({ ...way, spacingMs: 200, packets: firstEchoes })).answered === 0) return 'unanswered';
    const packets = Math.ceil((seconds * 1000 + 2 * aroundMs) / spacingMs);
    const counted = host.ping({ ...way, packets });
    // Whatever happens until it is waited for.
    counted.catch(() => undefined);
    // Where nothing is counted no route is taken out.
    await Promise.race([counted, clock.delay(aroundMs)]);
    const refusal = drills.drillRefusal(tunnel);
    const isWhole = refusal === null && (await drills.drill(tunnel, seconds * 1000));
    const { sent, answered, longestLoss } = await counted;
    if (refusal !== null) return refusal;
    logger.info({ tunnel, sent, answered, longestLoss, isWhole }, 'a failover was drilled');
    return { source: address, destination, sent, answered, longestLoss, isWhole };
  }
}
