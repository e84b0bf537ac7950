import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { IssuedPlan, PlanKey } from '../plan/plan.ts';

/** Where plans and secrets come from. */
export interface PlanSource {
  /** Undefined: the resource is gone, remove everything that was made for it. */
  planFor(key: PlanKey): Promise<IssuedPlan | undefined>;
  listKeys(): Promise<readonly PlanKey[]>;
  preSharedKey(id: VpnConnectionId): Promise<string>;
  /** A keyed digest that changes with the key and tells nothing about it. */
  preSharedKeyDigest(id: VpnConnectionId): Promise<string>;
}
