import { Type, type Static } from 'typebox';
import { changes, reads } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import { idList, idOf, object, paging, secret, text } from '../schema/request-schemas.ts';
import { nothing, orNull, page, time } from '../schema/response-schemas.ts';

/** Who is told what happens (service landbridge). */

const webhook = object({
  WebhookId: idOf('hook'),
  Url: Type.String(),
  CreatedTime: time(),
  LastDeliveredTime: about(orNull(time()), 'Null: nothing yet, or not since the service started.'),
  LastError: about(
    Type.String(),
    'Of the newest try: `it answered 500`, say, or `it could not be told` where no answer came, whose reason the log of the service has; empty when it did not fail.',
  ),
  NextTryTime: about(orNull(time()), 'When the next try is due; null: nothing waits.'),
});
export type WireWebhook = Static<typeof webhook>;

export const webhookActions = {
  CreateWebhook: changes({
    summary: {
      en: 'Has changes of states and findings of your tunnels told to a URL by POST, signed, until each is taken or a day old.',
      zh: '创建 Webhook：通道状态或诊断结果变化时，以签名的 POST 请求通知指定地址；失败会重试，直至送达或满一天。',
    },
    request: object({
      Url: about(
        text({ minLength: 1, maxLength: 500 }),
        'Such as `https://alerts.example.com/vpn`; with http only an address that the operator allows, and no name.',
      ),
    }),
    response: object({
      WebhookId: idOf('hook'),
      Secret: secret(about(Type.String(), 'Signs what is sent; shown this once.')),
    }),
    errors: ['webhook-url-unusable', 'webhook-address-refused', 'webhooks-too-many'],
  }),
  DescribeWebhooks: reads({
    summary: { en: 'Lists webhooks, and how their deliveries go.', zh: '查询 Webhook 及其投递情况。' },
    request: object({ WebhookIds: idList('hook'), ...paging() }),
    response: page('WebhookSet', webhook),
  }),
  DeleteWebhook: changes({
    summary: { en: 'Removes a webhook; what waits for it is dropped.', zh: '删除 Webhook，未投递的通知将被丢弃。' },
    request: object({ WebhookId: idOf('hook') }),
    response: nothing(),
    errors: ['not-found'],
  }),
};
