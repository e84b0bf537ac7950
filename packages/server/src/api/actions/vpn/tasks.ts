import type { taskActions } from '@landbridge/catalogue/vpn/tasks';
import type { Services } from '../../../services/create-services.ts';
import type { Handlers } from '../../action.ts';

/** Results of asynchronous calls (docs/spec/actions.md section 1.5). */
export function taskHandlers({ tasks }: Services): Handlers<typeof taskActions> {
  return {
    DescribeVpcTaskResult: async (caller, { TaskId }) => {
      const { isDone, output } = await tasks.find(caller, TaskId);
      return { Status: isDone ? 'SUCCESS' : 'RUNNING', Output: output, Result: [] };
    },
  };
}
