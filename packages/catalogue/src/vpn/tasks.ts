import { Type } from 'typebox';
import { reads } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import { object, oneOf, text } from '../schema/request-schemas.ts';
import { anyOf } from '../schema/response-schemas.ts';

/** Results of asynchronous calls (docs/spec/actions.md section 1.5). */
export const taskActions = {
  DescribeVpcTaskResult: reads({
    summary: {
      en: 'Tells whether what a call changed is in force.',
      zh: '查询异步调用的变更是否已生效。',
    },
    request: object({
      TaskId: about(
        text({ maxLength: 64 }),
        'The RequestId of any call that could change something; of the last seven days.',
      ),
    }),
    response: object({
      Status: about(
        oneOf('SUCCESS', 'RUNNING', 'FAILED'),
        'SUCCESS once it is in force; FAILED when it is but for what `Output` names, which is tried again by itself.',
      ),
      Output: about(Type.String(), 'What holds it up, for people; empty when nothing is known to.'),
      Result: about(
        anyOf(object({ ResourceId: Type.String(), Status: Type.String() })),
        'Of calls for many objects, which are not offered: always empty.',
      ),
    }),
    errors: ['not-found'],
  }),
};
