import type { ResourceId } from '../resource-id.ts';

export type WebhookId = ResourceId<'hook'>;

/** Where an account wants to be told what happens to its tunnels and gateways. */
export interface Webhook {
  readonly id: WebhookId;
  readonly accountId: string;
  readonly url: string;
  /** Signs what is sent there. */
  readonly sealedSecret: string;
  readonly createdAt: number;
}

/** An account has no more. */
export const mostWebhooksPerAccount = 10;
/** Bytes of randomness. */
export const webhookSecretBytes = 32;
