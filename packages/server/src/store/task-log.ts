import { taskRetentionMs, type Task } from '../domain/operator/task.ts';
import type { Database } from './database.ts';

/** Results are asked for within minutes; quotas allow no account as many changes at once. */
export const tasksKeptPerAccount = 1000;

/** Asynchronous calls, and what has to be applied before they are done. */
export class TaskLog {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /**
   * A call that touched several gateways keeps the last one. Of an account the newest are kept, and none for ever: looked at
   * once, however many are appended together.
   */
  async append(tasks: readonly Task[], db: Database = this.#db): Promise<void> {
    for (const task of tasks) {
      const { vpnGatewayId, generation } = task;
      await db
        .insertInto('tasks')
        .values(task)
        .onConflict((conflict) => conflict.column('requestId').doUpdateSet({ vpnGatewayId, generation }))
        .execute();
    }
    for (const accountId of new Set(tasks.map((task) => task.accountId))) await removeSurplus(db, accountId);
    const newest = Math.max(...tasks.map(({ createdAt }) => createdAt));
    await db
      .deleteFrom('tasks')
      .where('createdAt', '<', newest - taskRetentionMs)
      .execute();
  }

  async find(accountId: string, requestId: string): Promise<Task | undefined> {
    return this.#db
      .selectFrom('tasks')
      .selectAll()
      .where('requestId', '=', requestId)
      .where('accountId', '=', accountId)
      .executeTakeFirst();
  }
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
