import { call } from '../calls/call.ts';
import { GentleCalls } from '../calls/gentle-calls.ts';
import type { Load } from '../live/loaded.ts';
import type { Gateway } from '../tunnels/gateway-book.ts';
import type { DirectConnectGateway } from './network-answers.ts';

/** What is said to be behind a tunnel or a line. */
export interface RangeBehind {
  readonly range: string;
  readonly placeId: string;
}

/** Routes of gateways into tunnels, and what Direct Connect gateways announce or VPCs route to them. */
export function rangesLoad(
  gateways: readonly Gateway[],
  directConnectGateways: readonly DirectConnectGateway[],
  regions: readonly string[],
): Load<readonly RangeBehind[]> {
  const calls = new GentleCalls(call);
  return {
    kinds: ['vpnGatewayRoutes', 'vpcRoutes', 'directConnectRanges'],
    everyMs: 60_000,
    load: async (isBackground) => {
      const joined = directConnectGateways.map(({ DirectConnectGatewayId }) => DirectConnectGatewayId);
      const [behind, announced, routed] = await Promise.all([
        ofEach(gateways, ({ VpnGatewayId, Region: region }) => {
          const Filters = [{ Name: 'InstanceType', Values: ['VPNCONN'] }];
          return calls.list('DescribeVpnGatewayRoutes', 'Routes', { VpnGatewayId, Filters }, { region, isBackground });
        }),
        ofEach(joined, async (id) => {
          const asked = { DirectConnectGatewayId: id };
          const ranges = await calls.list('DescribeDirectConnectGatewayCcnRoutes', 'RouteSet', asked, { isBackground });
          return ranges.map(({ DestinationCidrBlock: range }) => ({ range, placeId: id }));
        }),
        ofEach(joined.length === 0 ? [] : regions, (region) => {
          const Filters = [{ Name: 'gateway-id', Values: joined.slice(0, 100) }];
          return calls.list('DescribeRoutes', 'RouteSet', { Filters }, { region, isBackground });
        }),
      ]);
      return [
        ...behind.map(({ DestinationCidrBlock: range, InstanceId: placeId }) => ({ range, placeId })),
        ...announced,
        ...routed.map(({ DestinationCidrBlock: range, GatewayId: placeId }) => ({ range, placeId })),
      ];
    },
  };
}

async function ofEach<Item, Found>(
  items: readonly Item[],
  read: (item: Item) => Promise<readonly Found[]>,
): Promise<Found[]> {
  return (await Promise.all(items.map(read))).flat();
}
