import type { EventSink } from '../domain/event.ts';
import { isResourceId } from '../domain/resource-id.ts';
import type { Kernel } from '../drivers/kernel.ts';
import { switchRoutes } from '../drivers/route-switch.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { NetnsPlan, PlanKey } from '../planner/plan.ts';
import { describeError } from './describe-error.ts';
import { LatestOnly } from './latest-only.ts';
import type { PlanSource } from './plan-source.ts';
import { describeMove, movesOf, rangeEvents, type Move } from './route-moves.ts';

export interface RouteSwitchesOptions {
  readonly source: Pick<PlanSource, 'planFor'>;
  readonly kernel: Kernel;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly record: EventSink;
  /** After each switch: the ordinary round proves the whole. */
  readonly onSwitched: (key: PlanKey) => void;
}

/**
 * Applies routes alone, ahead of the queue, once tunnels became usable or unusable: a plan's other parts, such as a daemon
 * that does not answer, must not hold up a switch. A gateway's CCN follows it, and everything attached follows the CCN.
 */
export class RouteSwitches {
  readonly #options: RouteSwitchesOptions;
  readonly #requests = new LatestOnly<PlanKey>((key) => this.#switch(key));

  constructor(options: RouteSwitchesOptions) {
    this.#options = options;
  }

  request(key: PlanKey): void {
    this.#requests.request(key);
  }

  async #switch(key: PlanKey): Promise<void> {
    const { source, kernel, logger, onSwitched } = this.#options;
    try {
      const plan = await source.planFor(key);
      if (plan === undefined) return;
      // Its CCN need not wait: each plan knows by itself what is usable.
      if (isResourceId('vpngw', key)) this.#requestFollowers(plan);
      const moves = movesOf(await switchRoutes(kernel, plan), plan.routes);
      this.#tell(key, moves);
      if (isResourceId('ccn', key) && moves.length > 0) this.#requestFollowers(plan);
    } catch (error) {
      logger.warn({ key, error: describeError(error) }, 'routes not switched yet');
    }
    onSwitched(key);
  }

  /** The CCN of a gateway, the instances of a CCN. */
  #requestFollowers({ key, links }: NetnsPlan): void {
    const followers = isResourceId('ccn', key) ? (['vpc', 'vpngw', 'dcg'] as const) : (['ccn'] as const);
    for (const { name } of links) {
      for (const prefix of followers) if (isResourceId(prefix, name)) this.request(name);
    }
  }

  #tell(key: PlanKey, moves: readonly Move[]): void {
    const { clock, logger, record } = this.#options;
    const at = clock.now();
    for (const move of moves) {
      const message = describeMove(move);
      logger.info({ key, message }, 'route switched');
      if (isResourceId('vpngw', key)) record({ resourceId: key, kind: 'route-switched', at, message });
      if (isResourceId('ccn', key)) for (const event of rangeEvents(key, move)) record({ ...event, at });
    }
  }
}
