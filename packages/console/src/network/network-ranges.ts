import { call, type CallOptions } from '../calls/call.ts';
import type { Load } from '../live/loaded.ts';
import type { Gateway } from '../tunnels/gateway-book.ts';
import { everyPage } from './every-page.ts';
import type { DirectConnectGateway } from './network-answers.ts';
import { Pace } from './pace.ts';

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
  return {
    kinds: ['vpnGatewayRoutes', 'vpcRoutes', 'directConnectRanges'],
    everyMs: 60_000,
    load: async (isBackground) => {
      const found: RangeBehind[] = [];
      const pace = new Pace();
      for (const gateway of gateways) found.push(...(await behindTunnels(gateway, pace, isBackground)));
      const joined = directConnectGateways.map(({ DirectConnectGatewayId }) => DirectConnectGatewayId);
      for (const id of joined) found.push(...(await announced(id, pace, { isBackground })));
      if (joined.length === 0) return found;
      for (const region of regions) found.push(...(await routedToLines(joined, { region, isBackground })));
      return found;
    },
  };
}

function behindTunnels(
  { VpnGatewayId, Region: region }: Gateway,
  pace: Pace,
  isBackground: boolean,
): Promise<RangeBehind[]> {
  return everyPage(async (paging) => {
    await pace.turn();
    const Filters = [{ Name: 'InstanceType', Values: ['VPNCONN'] }];
    const asked = { VpnGatewayId, Filters, ...paging };
    const { TotalCount, Routes } = await call('DescribeVpnGatewayRoutes', asked, { region, isBackground });
    const items = Routes.map(({ DestinationCidrBlock: range, InstanceId: placeId }) => ({ range, placeId }));
    return { TotalCount, items };
  });
}

type DirectConnectGatewayId = DirectConnectGateway['DirectConnectGatewayId'];

function announced(id: DirectConnectGatewayId, pace: Pace, options: CallOptions): Promise<RangeBehind[]> {
  return everyPage(async (paging) => {
    await pace.turn();
    const asked = { DirectConnectGatewayId: id, ...paging };
    const { TotalCount, RouteSet } = await call('DescribeDirectConnectGatewayCcnRoutes', asked, options);
    return { TotalCount, items: RouteSet.map(({ DestinationCidrBlock }) => behind(DestinationCidrBlock, id)) };
  });
}

function routedToLines(ids: readonly DirectConnectGatewayId[], options: CallOptions): Promise<RangeBehind[]> {
  return everyPage(async (paging) => {
    const Filters = [{ Name: 'gateway-id', Values: ids.slice(0, 100) }];
    const { TotalCount, RouteSet } = await call('DescribeRoutes', { Filters, ...paging }, options);
    const items = RouteSet.map(({ DestinationCidrBlock, GatewayId }) => behind(DestinationCidrBlock, GatewayId));
    return { TotalCount, items };
  });
}

function behind(range: string, placeId: string): RangeBehind {
  return { range, placeId };
}
