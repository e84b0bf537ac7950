import type { EventSink } from '../domain/operator/event.ts';
import type { Kernel } from '../drivers/kernel.ts';
import type { ConvergeOptions } from '../drivers/converge.ts';
import type { ProvenPlans } from '../drivers/proven-plans.ts';
import { switchRoutes } from '../drivers/route-switch.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { NetnsPlan, PlanKey } from '../plan/plan.ts';
import { describeError } from '../platform/describe-error.ts';
import { LatestOnly } from './latest-only.ts';
import type { PlanSource } from './plan-source.ts';
import { Turns } from './turns.ts';
import { describeMove, eventsOf, movesOf, type Move } from './route-moves.ts';

export interface RouteSwitchesOptions {
  readonly source: Pick<PlanSource, 'planFor'>;
  readonly kernel: Kernel;
  readonly proven: ProvenPlans;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly record: EventSink;
  /** After each switch: the ordinary round proves the whole. */
  readonly onSwitched: (key: PlanKey) => void;
}

/**
 * Applies routes alone, ahead of the queue, once tunnels became usable or unusable: a plan's other parts, such as a daemon
 * that does not answer, must not hold up a switch. A gateway's CCN switches beside it, and what is attached to the CCN
 * follows when the CCN's routes moved.
 */
export class RouteSwitches {
  readonly #options: RouteSwitchesOptions;
  readonly #requests = new LatestOnly<PlanKey>((key) => this.#switch(key));
  readonly #gateways = new LatestOnly<PlanKey>((key) => this.#requestForCcnOf(key));
  readonly #turns = new Turns<PlanKey>();

  constructor(options: RouteSwitchesOptions) {
    this.#options = options;
  }

  /** The usability of one of its tunnels changed. However many verdicts come at once, the newest state is planned for. */
  requestForGateway(key: PlanKey): void {
    this.#requests.request(key);
    this.#gateways.request(key);
  }

  /**
   * A round of the queue and a switch of the same namespace take turns, and each goes by the routes as they are wanted when
   * its turn comes: a round that began with an older plan would bring back what was withdrawn since.
   */
  readonly inTurn: ConvergeOptions['inTurn'] = (plan, round) =>
    this.#turns.take(plan.key, async () => {
      const newest = await this.#options.source.planFor(plan.key);
      return round({ ...plan, routes: newest?.routes ?? plan.routes });
    });

  async #requestForCcnOf(key: PlanKey): Promise<void> {
    const { source, logger } = this.#options;
    try {
      const { links = [] } = (await source.planFor(key)) ?? {};
      for (const { adjacent } of links) if (adjacent?.kind === 'ccn') this.#requests.request(adjacent.key);
    } catch (error) {
      logger.warn({ key, error: describeError(error) }, 'its CCN is not switched yet');
    }
  }

  async #switch(key: PlanKey): Promise<void> {
    const { logger, onSwitched } = this.#options;
    try {
      await this.#turns.take(key, () => this.#apply(key));
    } catch (error) {
      logger.warn({ key, error: describeError(error) }, 'routes not switched yet');
    }
    onSwitched(key);
  }

  async #apply(key: PlanKey): Promise<void> {
    const { source, kernel, proven } = this.#options;
    const plan = await source.planFor(key);
    if (plan === undefined) return;
    let hasMoved = true;
    try {
      const before = await switchRoutes(kernel, plan, proven);
      const moves = plan.switching === undefined ? [] : movesOf(before, plan.routes, plan.switching.table);
      hasMoved = moves.length > 0;
      this.#tell(plan, moves);
    } finally {
      if (plan.switching?.tells === 'ranges' && hasMoved) this.#requestForNeighbours(plan);
    }
  }

  #requestForNeighbours({ links }: NetnsPlan): void {
    for (const { adjacent } of links) if (adjacent !== undefined) this.#requests.request(adjacent.key);
  }

  #tell(plan: NetnsPlan, moves: readonly Move[]): void {
    const { clock, logger, record } = this.#options;
    const { key } = plan;
    const at = clock.now();
    for (const move of moves) {
      logger.info({ key, message: describeMove(move) }, 'route switched');
      for (const event of eventsOf(plan, move)) record({ ...event, at });
    }
  }
}
