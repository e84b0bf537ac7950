import { webhookActions, type WireWebhook } from '@landbridge/catalogue/operator/webhooks';
import type { Webhook } from '../../../domain/operator/webhook.ts';
import type { Services } from '../../../services/create-services.ts';
import type { DeliveryReport } from '../../../services/told-webhooks.ts';
import type { Handlers } from '../../action.ts';
import { describing } from '../../describe-action.ts';
import { wireTime } from '../../wire/wire-values.ts';

/** Who is told what happens (service landbridge). */
export function webhookHandlers({ webhooks }: Services): Handlers<typeof webhookActions> {
  return {
    CreateWebhook: async (caller, { Url }) => {
      const { id, secret } = await webhooks.create(caller, Url);
      return { WebhookId: id, Secret: secret };
    },
    DescribeWebhooks: describing(webhookActions.DescribeWebhooks, {
      list: (caller) => webhooks.list(caller),
      idOf: ({ id }) => id,
      filters: {},
      show: (page) => page.map((webhook) => wireWebhook(webhook, webhooks.report(webhook.id))),
    }),
    DeleteWebhook: async (caller, { WebhookId }) => {
      await webhooks.remove(caller, WebhookId);
      return {};
    },
  };
}

function wireWebhook({ id, url, createdAt }: Webhook, report: DeliveryReport): WireWebhook {
  const { lastDeliveredAt, lastError, nextTryAt } = report;
  return {
    ...{ WebhookId: id, Url: url, CreatedTime: wireTime(createdAt) },
    LastDeliveredTime: lastDeliveredAt === null ? null : wireTime(lastDeliveredAt),
    LastError: lastError,
    NextTryTime: nextTryAt === null ? null : wireTime(nextTryAt),
  };
}
