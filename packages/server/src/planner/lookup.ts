import { everything } from '@landbridge/net';
import type { RulePlan } from '../plan/plan.ts';

/** The kernel writes "all" for an absent selector; naming 0.0.0.0/0 would never compare equal. */
export function lookup(priority: number, table: number, selector: Pick<RulePlan, 'iif' | 'from' | 'to'>): RulePlan {
  const { from, to, ...rest } = selector;
  return {
    priority,
    ...rest,
    ...(from === undefined || from === everything ? {} : { from }),
    ...(to === undefined || to === everything ? {} : { to }),
    action: { kind: 'lookup', table },
  };
}
