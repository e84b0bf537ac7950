import type { taskActions } from '@landbridge/catalogue/vpn/tasks';
import type { Services } from '../../../services/create-services.ts';
import type { Handlers } from '../../action.ts';

const wireStates = { running: 'RUNNING', done: 'SUCCESS', failed: 'FAILED' } as const;

/** Results of asynchronous calls (docs/spec/actions.md section 1.5). */
export function taskHandlers({ tasks }: Services): Handlers<typeof taskActions> {
  return {
    DescribeVpcTaskResult: async (caller, { TaskId }) => {
      const { state, output } = await tasks.find(caller, TaskId);
      return { Status: wireStates[state], Output: output, Result: [] };
    },
  };
}
