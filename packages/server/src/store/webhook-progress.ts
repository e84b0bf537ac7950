import type { WebhookId } from '../domain/operator/webhook.ts';
import type { Database } from './database.ts';

/** How far webhooks were told the events of their account. */
export class WebhookProgress {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** The id of the last event that was told; of a webhook that was never told, of the last that there is. */
  async read(webhookId: WebhookId): Promise<number> {
    const row = await this.#db
      .selectFrom('webhookDeliveries')
      .select('toldUpTo')
      .where('webhookId', '=', webhookId)
      .executeTakeFirst();
    if (row !== undefined) return row.toldUpTo;
    const { newest } = await this.#db
      .selectFrom('events')
      .select((select) => select.fn.max('id').as('newest'))
      .executeTakeFirstOrThrow();
    // Of no rows there is none, whatever the type says.
    const toldUpTo = (newest as number | null) ?? 0;
    await this.write(new Map([[webhookId, toldUpTo]]));
    return toldUpTo;
  }

  async write(told: ReadonlyMap<WebhookId, number>): Promise<void> {
    await this.#db.transaction().execute(async (transaction) => {
      for (const [webhookId, toldUpTo] of told) {
        await transaction
          .insertInto('webhookDeliveries')
          .values({ webhookId, toldUpTo })
          .onConflict((conflict) => conflict.column('webhookId').doUpdateSet({ toldUpTo }))
          .execute();
      }
    });
  }

  /** Of one that is no more. */
  async forget(webhookId: WebhookId): Promise<void> {
    await this.#db.deleteFrom('webhookDeliveries').where('webhookId', '=', webhookId).execute();
  }

  /** All but those of webhooks that there are. */
  async keepOnly(ids: ReadonlySet<WebhookId>): Promise<void> {
    const known = await this.#db.selectFrom('webhookDeliveries').select('webhookId').execute();
    for (const { webhookId } of known) {
      if (!ids.has(webhookId)) await this.forget(webhookId);
    }
  }
}
