import type { VpnConnectionId, VpnGatewayId } from '../resource-id.ts';

/** What a task is about. */
export interface TaskSubject {
  /** Whose plan has to be applied; null: whatever plans of the account have changed. */
  readonly vpnGatewayId: VpnGatewayId | null;
  /** The tunnel of it that has to be made; null where the call was about no single one. */
  readonly vpnConnectionId: VpnConnectionId | null;
}

/** A call that changed something: done once what it changed is applied in the network. */
export interface Task extends TaskSubject {
  /** RequestId of the call. */
  readonly requestId: string;
  readonly accountId: string;
  readonly generation: number;
  readonly createdAt: number;
}

/** How long the result of a call can be asked for, milliseconds. */
export const taskRetentionMs = 7 * 24 * 3600 * 1000;
