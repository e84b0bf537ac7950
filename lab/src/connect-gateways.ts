import type { CreatedGateway } from './cloud.ts';
import { strongNegotiation } from './negotiation.ts';
import type { Tenant } from './tenant.ts';

/** A VPC and its gateway, as the end of a tunnel to another one. */
export interface GatewayEnd {
  readonly vpcId: string;
  readonly gateway: CreatedGateway;
  /** Of the VPC. */
  readonly cidr: string;
}

/** One of the two ends that a tunnel between two gateways has, with its gateway route; returns the tunnel's id. */
export async function connectGateways(
  { cloud }: Tenant,
  from: GatewayEnd,
  to: GatewayEnd,
  negotiationType: 'active' | 'passive' = 'active',
): Promise<string> {
  const { gatewayId } = from.gateway;
  const connectionId = await cloud.createVpnConnection({
    gatewayId,
    customerGatewayId: await cloud.createCustomerGateway(`at ${to.cidr}`, to.gateway.publicAddress),
    vpcId: from.vpcId,
    name: `to ${to.cidr}`,
    preSharedKey: 'the key of both gateways',
    negotiation: strongNegotiation,
    more: { NegotiationType: negotiationType },
  });
  await cloud.createGatewayRoute(gatewayId, to.cidr, connectionId);
  return connectionId;
}
