import type { VpnConnectionId, VpnGatewayId } from '../resource-id.ts';
import type { AuditEvent } from './audit-event.ts';
import type { Task } from './task.ts';

/** What is appended to the logs in the commit of a change; no decision ever reads it. */
export type LogEntry =
  | { readonly kind: 'task'; readonly task: Task }
  /** Who did this commit's change. */
  | { readonly kind: 'audit'; readonly event: AuditEvent }
  /** The resource is gone, and what happened to it goes too. */
  | { readonly kind: 'end-of-events'; readonly resourceId: VpnConnectionId | VpnGatewayId };
