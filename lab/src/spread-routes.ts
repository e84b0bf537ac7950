import type { JsonObject } from '@landbridge/client';
import { strongNegotiation } from './negotiation.ts';
import type { CloudSide } from './idc-pair.ts';
import type { Tenant } from './tenant.ts';

const tunnelCount = 20;
/** With the two of a pair of tunnels: 1,000, the default quota of a gateway; one is left for a change. */
const routeCount = 997;
/** Of one call. */
const batchSize = 100;

/** A gateway's table as full as the default quotas let it be, with routes into every one of 20 tunnels, until it is disposed of. */
export class SpreadRoutes implements AsyncDisposable {
  readonly #tenant: Tenant;
  readonly #gatewayId: string;
  readonly #routeIds: string[] = [];
  readonly #tunnelIds: string[] = [];

  private constructor(tenant: Tenant, gatewayId: string) {
    this.#tenant = tenant;
    this.#gatewayId = gatewayId;
  }

  /** @param connected tunnels of the gateway; the others lead to nobody, and wait for them. */
  static async create(
    tenant: Tenant,
    { gateway, vpcId }: CloudSide,
    connected: readonly string[],
  ): Promise<SpreadRoutes> {
    const { cloud } = tenant;
    const { gatewayId } = gateway;
    const spread = new SpreadRoutes(tenant, gatewayId);
    for (let n = connected.length + 1; n <= tunnelCount; n++) {
      const customerGatewayId = await cloud.createCustomerGateway(`nobody ${n}`, `203.0.113.${200 + n}`);
      const tunnel = { gatewayId, customerGatewayId, vpcId, name: `to nobody ${n}`, preSharedKey: 'secret' };
      const more = { NegotiationType: 'passive' };
      spread.#tunnelIds.push(await cloud.createVpnConnection({ ...tunnel, negotiation: strongNegotiation, more }));
    }
    const tunnels = [...connected, ...spread.#tunnelIds];
    const routes = Array.from({ length: routeCount }, (_, n) => spreadRoute(n, tunnels));
    for (let first = 0; first < routeCount; first += batchSize) {
      await spread.#createRoutes(routes.slice(first, first + batchSize));
    }
    await cloud.waitUntilApplied(gatewayId);
    return spread;
  }

  /** One more, into the first tunnel that leads to nobody; returns once the gateway has it, or has it no more. */
  async addAndRemoveOne(destination: string): Promise<{ readonly addedMs: number; readonly removedMs: number }> {
    const started = performance.now();
    const [routeId = ''] = await this.#createRoutes([routeTo(destination, this.#tunnelIds[0] ?? '')]);
    await this.#tenant.cloud.waitUntilApplied(this.#gatewayId);
    const added = performance.now();
    this.#routeIds.pop();
    await this.#deleteRoutes([routeId]);
    await this.#tenant.cloud.waitUntilApplied(this.#gatewayId);
    return { addedMs: added - started, removedMs: performance.now() - added };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#deleteRoutes(this.#routeIds);
    for (const VpnConnectionId of this.#tunnelIds) {
      await this.#tenant.cloud.call('DeleteVpnConnection', { VpnGatewayId: this.#gatewayId, VpnConnectionId });
    }
    await this.#tenant.cloud.waitUntilApplied(this.#gatewayId);
  }

  async #createRoutes(Routes: readonly JsonObject[]): Promise<string[]> {
    const reply = await this.#tenant.cloud.call('CreateVpnGatewayRoutes', { VpnGatewayId: this.#gatewayId, Routes });
    const ids = (reply['Routes'] as JsonObject[]).map(({ RouteId }) => String(RouteId));
    this.#routeIds.push(...ids);
    return ids;
  }

  async #deleteRoutes(RouteIds: readonly string[]): Promise<void> {
    await this.#tenant.cloud.call('DeleteVpnGatewayRoutes', { VpnGatewayId: this.#gatewayId, RouteIds });
  }
}

/** Number 258 of tunnel 18: `100.65.2.0/24`. */
function spreadRoute(number: number, tunnels: readonly string[]): JsonObject {
  return routeTo(`100.${64 + (number >> 8)}.${number & 255}.0/24`, tunnels[number % tunnels.length] ?? '');
}

function routeTo(destination: string, connectionId: string): JsonObject {
  return {
    ...{ DestinationCidrBlock: destination, InstanceType: 'VPNCONN', InstanceId: connectionId },
    ...{ Priority: 0, Status: 'ENABLE' },
  };
}
