import type { planActions } from '@landbridge/catalogue/operator/plans';
import type { Services } from '../../../services/create-services.ts';
import type { Handlers } from '../../action.ts';

/** What the acting side is told (service landbridge). */
export function planHandlers({ plans }: Services): Handlers<typeof planActions> {
  return {
    DescribePlan: async (caller, { ResourceId: id }) => ({ Plans: await plans.read(caller, id) }),
  };
}
