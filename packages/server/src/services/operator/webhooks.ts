import {
  mostWebhooksPerAccount,
  webhookSecretBytes,
  type Webhook,
  type WebhookId,
} from '../../domain/operator/webhook.ts';
import { refuse } from '../../domain/refusal.ts';
import type { Rows } from '../../image/rows.ts';
import type { Caller } from '../caller.ts';
import { orNotFound } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';
import type { DeliveryReport } from '../told-webhooks.ts';

export type WebhookService = ReturnType<typeof webhookService>;

/** Everybody's own: not even an administrator sees where others are told. */
export function webhookService({ decide, read, sealing, clock, ids, webhooks }: ServiceDependencies) {
  function ownOf(rows: Rows, { accountId }: Caller, id: WebhookId): Webhook {
    const webhook = orNotFound(rows.webhooks.get(id), id);
    return orNotFound(webhook.accountId === accountId ? webhook : undefined, id);
  }

  return {
    /** The secret is shown this once. */
    create: async (caller: Caller, url: string): Promise<{ readonly id: WebhookId; readonly secret: string }> => {
      webhooks.checkUrl(url);
      const made = await decide(caller, (rows) => {
        const { accountId } = caller;
        if (rows.webhooks.of('account', accountId).length >= mostWebhooksPerAccount) {
          refuse('webhooks-too-many', { limit: mostWebhooksPerAccount });
        }
        const id = ids.resourceId('hook');
        const secret = ids.token(webhookSecretBytes);
        const sealedSecret = sealing.seal(`webhook:${id}`, secret);
        rows.webhooks.insert({ id, accountId, url, sealedSecret, createdAt: clock.now() });
        return { id, secret };
      });
      webhooks.poke(caller.accountId);
      return made;
    },

    list: (caller: Caller): Promise<readonly Webhook[]> =>
      read((rows) => rows.webhooks.of('account', caller.accountId)),

    report: (id: WebhookId): DeliveryReport => webhooks.report(id),

    remove: async (caller: Caller, id: WebhookId): Promise<void> => {
      await decide(caller, (rows) => {
        ownOf(rows, caller, id);
        rows.webhooks.remove(id);
      });
      webhooks.removed(id);
    },
  };
}
