import { createHmac } from 'node:crypto';
import type { RecordedEvent } from '../domain/operator/event.ts';

/** What is told of an event: one JSON object. */
export function notificationOf({ id, resourceId, vpnGatewayId, kind, message, at, finding }: RecordedEvent): string {
  return JSON.stringify({
    EventId: id,
    ResourceId: resourceId,
    VpnGatewayId: vpnGatewayId,
    Kind: kind,
    ...(finding === undefined ? {} : { FindingCode: finding }),
    Message: message,
    Time: new Date(at).toISOString(),
  });
}

/**
 * `t=<seconds since the epoch>,v1=<HMAC-SHA256 of "<t>.<body>" by the webhook's secret, hexadecimal>`: whoever is told compares, and
 * refuses what is old, so that nobody can send it again.
 */
export function signatureOf(body: string, secret: string, now: number): string {
  const seconds = Math.floor(now / 1000);
  const digest = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return `t=${seconds},v1=${digest}`;
}
