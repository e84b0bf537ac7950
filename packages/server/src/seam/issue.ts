import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { NetnsPlan } from '../plan/plan.ts';

/** A plan as it crosses, and which pre-shared keys its connections have: keyed digests, which tell nothing about them. */
export interface Issue {
  readonly plan: NetnsPlan;
  readonly keys: Readonly<Record<VpnConnectionId, string>>;
}
