import type { Services } from '../services/create-services.ts';
import { action, type Action } from './action.ts';
import { reject } from './api-error.ts';
import { maybe, object, text } from './parameter-schemas.ts';

/** The plans of these keys (`host` or resource ids) as plain JSON; all without an argument. Unknown keys are left out. */
export type ReadPlans = (keys?: readonly string[]) => Promise<readonly object[]>;

/** What the acting side is told (service landbridge). Plans hold no secrets. */
export function planActions({ systemStatus }: Services, readPlans: ReadPlans): Action[] {
  return [
    action(
      'DescribePlan',
      object({ ResourceId: maybe(text({ maxLength: 40 })) }),
      async (caller, { ResourceId: id }) => {
        const visible = await systemStatus.visiblePlanKeys(caller);
        if (id !== undefined && !visible.has(id)) {
          reject('not-found', { id });
        }
        return { Plans: await readPlans(id === undefined ? [...visible] : [id]) };
      },
    ),
  ];
}
