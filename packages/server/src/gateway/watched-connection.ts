import type { ConnectionPlan } from '../plan/plan.ts';

/** A connection as it was loaded into charon. */
export interface WatchedConnection {
  readonly plan: ConnectionPlan;
  /** `<vpnx-…>@<digest>`: SAs of an earlier form of the connection do not count. */
  readonly name: string;
}
