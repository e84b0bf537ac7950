import type { Services } from '../../../services/create-services.ts';
import { action, type Action } from '../../action.ts';
import { object, text } from '@landbridge/catalogue/schema/request-schemas';

/** Results of asynchronous calls (docs/spec/actions.md section 1.5). */
export function taskActions({ tasks }: Services): Action[] {
  return [
    action('DescribeVpcTaskResult', object({ TaskId: text({ maxLength: 64 }) }), async (caller, { TaskId }) => {
      const { isDone, output } = await tasks.find(caller, TaskId);
      return { Status: isDone ? 'SUCCESS' : 'RUNNING', Output: output, Result: [] };
    }),
  ];
}
