import type { JsonObject } from '@landbridge/client';
import type { Cloud } from '../lab/src/cloud.ts';

/** Routes of one call of CreateVpnGatewayRoutes. */
export const routeBatch = 100;

/** Number 258 → `100.65.2.0/24`. */
export function rangeOf(number: number): string {
  return `100.${64 + (number >> 8)}.${number & 255}.0/24`;
}

/** An enabled route into a tunnel. */
export function routeTo(destination: string, connectionId: string, priority: 0 | 100): JsonObject {
  return {
    ...{ DestinationCidrBlock: destination, InstanceType: 'VPNCONN', InstanceId: connectionId },
    ...{ Priority: priority, Status: 'ENABLE' },
  };
}

/** By one call; resolves with the ids of the routes. */
export async function createGatewayRoutes(
  cloud: Cloud,
  gatewayId: string,
  routes: readonly JsonObject[],
): Promise<string[]> {
  const reply = await cloud.call('CreateVpnGatewayRoutes', { VpnGatewayId: gatewayId, Routes: routes });
  return (reply['Routes'] as JsonObject[]).map(({ RouteId }) => String(RouteId));
}
