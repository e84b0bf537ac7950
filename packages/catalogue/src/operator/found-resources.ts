import { Type } from 'typebox';
import { reads } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import { object, oneOf, paging, text } from '../schema/request-schemas.ts';
import { page } from '../schema/response-schemas.ts';

/** Resources by what somebody remembers of them (service landbridge). Most filters of the vendor's lists compare whole names. */

const prefixes = ['vpnx', 'vpngw', 'cgw', 'vpc', 'subnet', 'rtb', 'ccn', 'dcg'] as const;

export const foundResourceActions = {
  DescribeFoundResources: reads({
    summary: {
      en: 'Finds resources of one kind by a part of their name, id, address, range or description, in the order of their lists.',
      zh: '按名称、ID、地址、网段或描述的一部分查找同一类资源，顺序与其列表一致。',
    },
    request: object({
      ResourcePrefix: about(oneOf(...prefixes), 'Which kind: what its ids begin with.'),
      Text: about(
        text({ minLength: 1, maxLength: 100 }),
        'The part, in upper or lower case, as `berlin` or `203.0.113.`.',
      ),
      ...paging(),
    }),
    response: page(
      'ResourceSet',
      object({
        ResourceId: about(Type.String(), 'The Action that lists this kind shows it by this id.'),
        Name: Type.String(),
      }),
    ),
  }),
};
