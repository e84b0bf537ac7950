import type { JsonObject } from '@landbridge/client';

/** How many tunnels there shall be, and how many of them on one gateway. */
export interface NetworkSize {
  readonly tunnels: number;
  readonly perGateway: number;
}

export interface Network {
  readonly gatewayIds: readonly string[];
  readonly tunnelIds: readonly string[];
  /** Of tunnels that are not there yet. */
  readonly sparePeers: readonly Peer[];
}

interface Peer {
  readonly id: string;
  readonly number: number;
}

/** Makes each of these calls once, several at the same time, and answers in their order. */
export type MakeEach = (action: string, parameters: readonly JsonObject[]) => Promise<readonly JsonObject[]>;

/** Through the API: a VPC for each gateway, a peer for each tunnel and for `spare` more. */
export async function makeNetwork(
  { tunnels, perGateway }: NetworkSize,
  spare: number,
  make: MakeEach,
): Promise<Network> {
  const vpcs = numbers(Math.ceil(tunnels / perGateway)).map((number) => ({
    VpcName: `vpc-${number}`,
    CidrBlock: '10.0.0.0/16',
  }));
  const gateways = (await make('CreateVpc', vpcs)).map((reply, number) => ({
    VpnGatewayName: `gateway-${number}`,
    VpcId: idIn(reply, 'Vpc'),
    InternetMaxBandwidthOut: 5,
  }));
  const gatewayIds = (await make('CreateVpnGateway', gateways)).map((reply) => idIn(reply, 'VpnGateway'));
  const entries = numbers(tunnels + spare).map((number) => ({
    CustomerGatewayName: `peer-${number}`,
    IpAddress: `81.${placeOf(number)}.1`,
  }));
  const peers = (await make('CreateCustomerGateway', entries)).map((reply, number) => ({
    id: idIn(reply, 'CustomerGateway'),
    number,
  }));
  const made = await make('CreateVpnConnection', newTunnels(gatewayIds, peers.slice(0, tunnels)));
  return { gatewayIds, tunnelIds: made.map(tunnelIdIn), sparePeers: peers.slice(tunnels) };
}

/** For each peer a tunnel, in turn over the gateways: half of them have a policy, a quarter a health check. */
export function newTunnels(gatewayIds: readonly string[], peers: readonly Peer[]): JsonObject[] {
  return peers.map(({ id, number }) => {
    const [onGateway, gateway] = [Math.floor(number / gatewayIds.length), number % gatewayIds.length];
    return {
      VpnGatewayId: gatewayIds[gateway],
      CustomerGatewayId: id,
      VpnConnectionName: `tunnel-${number}`,
      PreShareKey: `a key of tunnel ${number}`,
      ...(onGateway % 2 === 0
        ? policyOf(number)
        : { RouteType: 'StaticRoute', EnableHealthCheck: onGateway % 4 === 1 }),
    };
  });
}

function policyOf(number: number): JsonObject {
  const policy = { LocalCidrBlock: '10.0.0.0/16', RemoteCidrBlock: [`20.${placeOf(number)}.0/24`] };
  return { RouteType: 'Policy', SecurityPolicyDatabases: [policy] };
}

export function tunnelIdIn(reply: JsonObject): string {
  return idIn(reply, 'VpnConnection');
}

function idIn(reply: JsonObject, object: string): string {
  const id = (reply[object] as JsonObject | undefined)?.[`${object}Id`];
  if (typeof id !== 'string') throw new Error(`no ${object}Id was answered`);
  return id;
}

/** Two octets that no other number has. */
function placeOf(number: number): string {
  return `${number >> 8}.${number & 255}`;
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
