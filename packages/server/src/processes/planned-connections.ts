import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { CharonPlan, ConnectionPlan, NetnsPlan } from '../plan/plan.ts';

type ById = ReadonlyMap<VpnConnectionId, ConnectionPlan>;

/** Connections of the plans that are held, by tunnel: no plan is walked over twice. */
export class PlannedConnections {
  readonly #planOf: (tunnel: VpnConnectionId) => Pick<NetnsPlan, 'charon'> | undefined;
  readonly #known = new WeakMap<CharonPlan, ById>();

  constructor(planOf: (tunnel: VpnConnectionId) => Pick<NetnsPlan, 'charon'> | undefined) {
    this.#planOf = planOf;
  }

  /** Undefined: no plan that is held has it. */
  of(tunnel: VpnConnectionId): ConnectionPlan | undefined {
    const charon = this.#planOf(tunnel)?.charon;
    return charon == null ? undefined : this.#byId(charon).get(tunnel);
  }

  #byId(charon: CharonPlan): ById {
    const known = this.#known.get(charon);
    if (known !== undefined) return known;
    const byId = new Map(charon.connections.map((connection) => [connection.id, connection]));
    this.#known.set(charon, byId);
    return byId;
  }
}
