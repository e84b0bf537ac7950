import type { Cloud, CreatedGateway } from './cloud.ts';
import { strongNegotiation } from './negotiation.ts';
import type { Tenant } from './tenant.ts';

/** A VPC and its gateway, as the end of a tunnel to another one. */
export interface GatewayEnd {
  readonly vpcId: string;
  readonly gateway: CreatedGateway;
  /** Of the VPC. */
  readonly cidr: string;
}

export interface TunnelEndOptions {
  /** `active` unless told otherwise. */
  readonly negotiationType?: 'active' | 'passive';
  /** Of the other end's address, where there is one already. */
  readonly customerGatewayId?: string;
}

/** One of the two ends that a tunnel between two gateways has, with its gateway route; returns the tunnel's id. */
export async function connectGateways(
  { cloud }: Tenant,
  from: GatewayEnd,
  to: GatewayEnd,
  { negotiationType = 'active', customerGatewayId }: TunnelEndOptions = {},
): Promise<string> {
  const { gatewayId } = from.gateway;
  const connectionId = await cloud.createVpnConnection({
    gatewayId,
    customerGatewayId: customerGatewayId ?? (await createCustomerGateway(cloud, to)),
    vpcId: from.vpcId,
    name: `to ${to.cidr}`,
    preSharedKey: 'the key of both gateways',
    negotiation: strongNegotiation,
    more: { NegotiationType: negotiationType },
  });
  await cloud.createGatewayRoute(gatewayId, to.cidr, connectionId);
  return connectionId;
}

/** What a gateway looks like to those that it is connected to. */
export function createCustomerGateway(cloud: Cloud, { cidr, gateway }: GatewayEnd): Promise<string> {
  return cloud.createCustomerGateway(`at ${cidr}`, gateway.publicAddress);
}
