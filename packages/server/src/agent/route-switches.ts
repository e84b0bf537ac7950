import { isDeepStrictEqual } from 'node:util';
import type { EventSink } from '../domain/operator/event.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { Kernel } from '../drivers/kernel.ts';
import type { ConvergeOptions } from '../drivers/converge.ts';
import type { ProvenPlans } from '../drivers/proven-plans.ts';
import { switchRoutes } from '../drivers/route-switch.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { PlanKey, RoutePlan } from '../plan/plan.ts';
import { describeError } from '../platform/describe-error.ts';
import type { PlansAtHand, RoutedPlan } from './plans-at-hand.ts';
import { Turns } from './turns.ts';
import { describeMove, eventsOf, movesOf, together } from './route-moves.ts';

export interface RouteSwitchesOptions {
  readonly plans: PlansAtHand;
  readonly kernel: Kernel;
  readonly proven: ProvenPlans;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly record: EventSink;
  /** What these plans depend on is something else now. */
  readonly onTouched: (keys: readonly PlanKey[]) => void;
  /** A switch that failed: the ordinary round tries the whole. */
  readonly onFailed: (key: PlanKey) => void;
}

/**
 * Writes routes alone, ahead of the queue, once tunnels became usable or unusable: a plan's other parts, such as a daemon that does
 * not answer, must not hold up a switch. Nothing is planned for it: the plans at hand say what each route needs.
 *
 * A round of the queue and a switch of the same namespace take turns, and each chooses when its turn comes. So whoever writes last
 * writes what holds then, and a round that began before a tunnel failed brings nothing back.
 */
export class RouteSwitches {
  readonly #options: RouteSwitchesOptions;
  #isDue = false;
  readonly #turns = new Turns<PlanKey>();
  /** Waiting for its turn → the routes before; undefined: as the kernel has them. */
  readonly #waiting = new Map<PlanKey, readonly RoutePlan[] | undefined>();
  /** As they were chosen last. */
  readonly #chosen = new Map<PlanKey, readonly RoutePlan[]>();

  constructor(options: RouteSwitchesOptions) {
    this.#options = options;
  }

  /** However many verdicts come at once, they are one change of facts. */
  usabilityChanged(id: VpnConnectionId): void {
    this.#options.plans.usabilityChanged(id);
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => this.chooseAnew());
  }

  /** By the facts as they are now, for the plans that depend on what changed. Those that choose as before are left alone. */
  chooseAnew(): void {
    this.#isDue = false;
    const { plans, onTouched } = this.#options;
    const touched = plans.takeTouched();
    for (const key of touched) {
      const plan = plans.get(key);
      if (plan !== undefined) this.#request(plan);
    }
    onTouched(touched);
  }

  /** There is no such plan any more. */
  forget(key: PlanKey): void {
    this.#options.plans.forget(key);
    this.#chosen.delete(key);
  }

  /** Runs a round with the routes that are to be written now. */
  readonly inTurn: ConvergeOptions['inTurn'] = (plan, round) =>
    this.#turns.take(plan.key, () => {
      const { routes } = this.#options.plans.get(plan.key) ?? plan;
      return round({ ...plan, routes: this.#choose({ key: plan.key, routes }) });
    });

  #request(plan: RoutedPlan): void {
    const { key } = plan;
    const before = this.#chosen.get(key);
    if (isSameChoice(before, this.#choose(plan)) || this.#waiting.has(key)) return;
    this.#waiting.set(key, before);
    void this.#switch(key);
  }

  async #switch(key: PlanKey): Promise<void> {
    const { logger, onFailed } = this.#options;
    try {
      await this.#turns.take(key, () => this.#write(key));
    } catch (error) {
      logger.warn({ key, error: describeError(error) }, 'routes not switched yet');
      onFailed(key);
    }
  }

  async #write(key: PlanKey): Promise<void> {
    const { plans, kernel, proven } = this.#options;
    const before = this.#waiting.get(key);
    this.#waiting.delete(key);
    const plan = plans.get(key);
    if (plan === undefined) return;
    const routes = this.#choose(plan);
    const found = await switchRoutes(kernel, { key, netns: plan.netns, routes }, proven);
    this.#tell(plan, before ?? found, routes);
  }

  #choose(plan: Pick<RoutedPlan, 'key' | 'routes'>): RoutePlan[] {
    const routes = this.#options.plans.routesOf(plan);
    this.#chosen.set(plan.key, routes);
    return routes;
  }

  #tell(plan: RoutedPlan, before: Parameters<typeof movesOf>[0], after: readonly RoutePlan[]): void {
    const { clock, logger, record } = this.#options;
    const { key, switching } = plan;
    if (switching === undefined) return;
    const at = clock.now();
    for (const move of together(movesOf(before, after, switching.table))) {
      logger.info({ key, message: describeMove(move) }, 'routes switched');
      for (const event of eventsOf(plan, move)) record({ ...event, at });
    }
  }
}

/** Routes with all their hops are the same objects each time. */
function isSameChoice(before: readonly RoutePlan[] | undefined, after: readonly RoutePlan[]): boolean {
  return (
    before?.length === after.length &&
    after.every((route, place) => route === before[place] || isDeepStrictEqual(route, before[place]))
  );
}
