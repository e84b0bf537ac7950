import type { Task } from '../domain/operator/task.ts';
import type { Database } from './repository.ts';

export interface TaskRepository {
  /** A call that touched several gateways keeps the last one. Of an account the newest are kept. */
  put(task: Task): Promise<void>;
  find(accountId: string, requestId: string): Promise<Task | undefined>;
  removeOlderThan(createdAt: number): Promise<void>;
}

/** Results are asked for within minutes; quotas allow no account as many changes at once. */
export const tasksKeptPerAccount = 1000;

export function taskRepository(db: Database): TaskRepository {
  return {
    put: async (task) => {
      const { vpnGatewayId, generation } = task;
      await db
        .insertInto('tasks')
        .values(task)
        .onConflict((conflict) => conflict.column('requestId').doUpdateSet({ vpnGatewayId, generation }))
        .execute();
      await removeSurplus(db, task.accountId);
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

async function removeSurplus(db: Database, accountId: string): Promise<void> {
  const surplus = await db
    .selectFrom('tasks')
    .select(['createdAt', 'requestId'])
    .where('accountId', '=', accountId)
    .orderBy('createdAt', 'desc')
    .orderBy('requestId', 'desc')
    .offset(tasksKeptPerAccount)
    .limit(1)
    .executeTakeFirst();
  if (surplus === undefined) return;
  const { createdAt, requestId } = surplus;
  await db
    .deleteFrom('tasks')
    .where('accountId', '=', accountId)
    .where((task) =>
      task.or([
        task('createdAt', '<', createdAt),
        task.and([task('createdAt', '=', createdAt), task('requestId', '<=', requestId)]),
      ]),
    )
    .execute();
}
