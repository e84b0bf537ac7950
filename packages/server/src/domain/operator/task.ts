import type { VpnGatewayId } from '../resource-id.ts';

/** An asynchronous call: done once the gateway's plan of that generation is applied. */
export interface Task {
  /** RequestId of the call. */
  readonly requestId: string;
  readonly accountId: string;
  readonly vpnGatewayId: VpnGatewayId;
  readonly generation: number;
  readonly createdAt: number;
}

/** How long the result of a call can be asked for, milliseconds. */
export const taskRetentionMs = 7 * 24 * 3600 * 1000;
