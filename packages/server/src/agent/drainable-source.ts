import type { ConnectionPlan, IssuedPlan, PlanKey } from '../plan/plan.ts';
import type { PlanSource } from './plan-source.ts';

/**
 * Plans of a host that may be drained: while it is, they are as they were made, but that neither end can begin a tunnel. Everything else
 * stays, and is kept as it is wanted: what a drain takes away it gives back.
 */
export class DrainableSource implements PlanSource {
  readonly #source: PlanSource;
  readonly #isDrained: () => boolean;
  /** A connection that did not change is the same object, here as well. */
  readonly #held = new WeakMap<ConnectionPlan, ConnectionPlan>();

  constructor(source: PlanSource, isDrained: () => boolean) {
    this.#source = source;
    this.#isDrained = isDrained;
  }

  async planFor(key: PlanKey): Promise<IssuedPlan | undefined> {
    const plan = await this.#source.planFor(key);
    return plan !== undefined && this.#isDrained() ? this.#drained(plan) : plan;
  }

  listKeys(): Promise<readonly PlanKey[]> {
    return this.#source.listKeys();
  }

  preSharedKey(id: ConnectionPlan['id']): Promise<string> {
    return this.#source.preSharedKey(id);
  }

  preSharedKeyDigest(id: ConnectionPlan['id']): Promise<string> {
    return this.#source.preSharedKeyDigest(id);
  }

  #drained(plan: IssuedPlan): IssuedPlan {
    if (plan.charon === null) return plan;
    return {
      ...plan,
      charon: { connections: plan.charon.connections.map((connection) => this.#hold(connection)) },
      // No first packet brings one about either.
      ...(plan.watches && { watches: plan.watches.map((watch) => ({ ...watch, needsChildSa: true })) }),
    };
  }

  #hold(connection: ConnectionPlan): ConnectionPlan {
    const known = this.#held.get(connection);
    if (known !== undefined) return known;
    const held: ConnectionPlan = { ...connection, negotiation: 'never' };
    this.#held.set(connection, held);
    return held;
  }
}
