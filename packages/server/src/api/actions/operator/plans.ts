import type { Services } from '../../../services/create-services.ts';
import { action, type Action } from '../../action.ts';
import { maybe, object, text } from '@landbridge/catalogue/schema/request-schemas';

/** What the acting side is told (service landbridge). */
export function planActions({ plans }: Services): Action[] {
  return [
    action(
      'DescribePlan',
      object({ ResourceId: maybe(text({ maxLength: 40 })) }),
      async (caller, { ResourceId: id }) => ({ Plans: await plans.read(caller, id) }),
    ),
  ];
}
