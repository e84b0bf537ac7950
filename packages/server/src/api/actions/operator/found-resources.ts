import { foundResourceActions } from '@landbridge/catalogue/operator/found-resources';
import type { Services } from '../../../services/create-services.ts';
import type { Handlers } from '../../action.ts';
import { describing } from '../../describe-action.ts';

/** Resources by what somebody remembers of them (service landbridge). */
export function foundResourceHandlers({ foundResources }: Services): Handlers<typeof foundResourceActions> {
  return {
    DescribeFoundResources: describing(foundResourceActions.DescribeFoundResources, {
      list: (caller, _ids, { ResourcePrefix: prefix, Text: part }) => foundResources.find(caller, prefix, part),
      filters: {},
      show: (page) => page.map(({ id, name }) => ({ ResourceId: id, Name: name })),
    }),
  };
}
