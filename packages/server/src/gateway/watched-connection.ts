import type { ConnectionPlan } from '../plan/plan.ts';

/** A connection as it was loaded into charon, or would be where it can begin. */
export interface WatchedConnection {
  readonly plan: ConnectionPlan;
  /** `<vpnx-…>@<digest>`: SAs of an earlier form of the connection do not count. */
  readonly name: string;
}

/** False while the host is drained: charon does not know the connection, so that no peer can begin it either. */
export function canBegin({ negotiation }: Pick<ConnectionPlan, 'negotiation'>): boolean {
  return negotiation !== 'never';
}
