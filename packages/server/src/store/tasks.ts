import type { Task } from '../domain/task.ts';
import type { Database } from './repository.ts';

export interface TaskRepository {
  /** A call that touched several gateways keeps the last one. */
  put(task: Task): Promise<void>;
  find(accountId: string, requestId: string): Promise<Task | undefined>;
  removeOlderThan(createdAt: number): Promise<void>;
}

export function taskRepository(db: Database): TaskRepository {
  return {
    put: async (task) => {
      const { vpnGatewayId, generation } = task;
      await db
        .insertInto('tasks')
        .values(task)
        .onConflict((conflict) => conflict.column('requestId').doUpdateSet({ vpnGatewayId, generation }))
        .execute();
    },
    find: (accountId, requestId) =>
      db
        .selectFrom('tasks')
        .selectAll()
        .where('requestId', '=', requestId)
        .where('accountId', '=', accountId)
        .executeTakeFirst(),
    removeOlderThan: async (createdAt) => {
      await db.deleteFrom('tasks').where('createdAt', '<', createdAt).execute();
    },
  };
}
