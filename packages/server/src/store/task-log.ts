import { taskRetentionMs, type Task } from '../domain/operator/task.ts';
import type { Database } from './database.ts';

/** Results are asked for within minutes; quotas allow no account as many changes at once. At least so many are kept. */
export const tasksKeptPerAccount = 1000;
/** What is too much or too old is looked for once in so many calls: to find it takes a walk over all that is kept. */
export const tasksBetweenLooks = 100;

/** Calls that changed something, and what has to be applied before they are done. */
export class TaskLog {
  readonly #db: Database;
  #sinceLook = 0;
  readonly #accountsSinceLook = new Set<string>();

  constructor(db: Database) {
    this.#db = db;
  }

  /**
   * Of what a call says of itself several times the last stays. Of an account the newest are kept, and none for ever.
   */
  async append(tasks: readonly Task[], db: Database = this.#db): Promise<void> {
    for (const task of tasks) {
      const { vpnGatewayId, vpnConnectionId, generation } = task;
      await db
        .insertInto('tasks')
        .values(task)
        .onConflict((conflict) =>
          conflict.column('requestId').doUpdateSet({ vpnGatewayId, vpnConnectionId, generation }),
        )
        .execute();
    }
    for (const { accountId } of tasks) this.#accountsSinceLook.add(accountId);
    this.#sinceLook += tasks.length;
    if (this.#sinceLook >= tasksBetweenLooks)
      await this.#tidy(Math.max(...tasks.map(({ createdAt }) => createdAt)), db);
  }

  async #tidy(now: number, db: Database): Promise<void> {
    this.#sinceLook = 0;
    for (const accountId of this.#accountsSinceLook) await removeSurplus(db, accountId);
    this.#accountsSinceLook.clear();
    await db
      .deleteFrom('tasks')
      .where('createdAt', '<', now - taskRetentionMs)
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
