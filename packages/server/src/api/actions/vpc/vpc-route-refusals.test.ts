import { afterAll, beforeAll, describe, it } from 'vitest';
import { completeQuotas } from '../../../domain/operator/quotas.ts';
import { startHarness, type ApiHarness } from '../../../../testing/api-harness.ts';
import { expectRefusal } from '../../../../testing/refusals.ts';
import { mainRouteTable, makeGateway, makeSubnet, makeVpc } from '../../../../testing/sample-resources.ts';

/** Routes that cannot be put in the place of others, nor be switched. Nothing is changed, so one server serves them all. */
let api: ApiHarness;
let VpcId: string;
let RouteTableId: string;
let gateway: string;
let secondGateway: string;
let gatewayElsewhere: string;
let CcnId: string;
/** To 192.168.1.0/24, to 192.168.2.0/24, and to what the CCN announces, which is disabled. */
let routes: readonly { readonly RouteId: number; readonly RouteItemId: string }[];

const ofCcn = '172.16.1.0/24';
const via = (GatewayId: string, DestinationCidrBlock: string) => ({
  ...{ DestinationCidrBlock, GatewayType: 'VPN', GatewayId },
});
const attachable = (InstanceId: string) => ({ InstanceType: 'VPC', InstanceId, InstanceRegion: 'test-1' });

beforeAll(async () => {
  api = await startHarness({ quotas: completeQuotas({ routesPerRouteTable: 3 }) });
  VpcId = await makeVpc(api);
  RouteTableId = await mainRouteTable(api, VpcId);
  gateway = await makeGateway(api, VpcId);
  secondGateway = await makeGateway(api, VpcId);
  const other = await makeVpc(api, { CidrBlock: '172.16.0.0/16' });
  await makeSubnet(api, other, { CidrBlock: ofCcn });
  gatewayElsewhere = await makeGateway(api, other);
  CcnId = (await api.succeed('CreateCcn', { CcnName: 'ccn' })).Ccn.CcnId;
  await api.succeed('AttachCcnInstances', { CcnId, Instances: [attachable(VpcId), attachable(other)] });
  const { RouteTableSet } = await api.succeed('CreateRoutes', {
    RouteTableId,
    Routes: [
      via(gateway, '192.168.1.0/24'),
      via(gateway, '192.168.2.0/24'),
      { ...via(gateway, ofCcn), Enabled: false },
    ],
  });
  routes = RouteTableSet[0]!.RouteSet;
});
afterAll(() => api.close());

/** Of the route that the CCN announces. */
async function systemRoute(): Promise<string> {
  const { RouteSet } = await api.succeed('DescribeRoutes', { Filters: [{ Name: 'gateway-id', Values: [CcnId] }] });
  return RouteSet.find((route) => route.RouteTableId === RouteTableId)!.RouteItemId;
}

type Refused = readonly [route: object, code: string, names: readonly string[]];

/** Of one route, wherever it is to stand. */
const ofRoute = (): readonly Refused[] => [
  [{ ...via(gateway, '192.168.3.0/24'), GatewayType: 'NAT' }, 'UnsupportedOperation', ['Routes.0.GatewayType', 'NAT']],
  [via(gateway, '10.0.3.0/24'), 'InvalidParameterValue.VpcCidrConflict', ['10.0.3.0/24', '10.0.0.0/16', VpcId]],
  [via('vpngw-00000000', '192.168.3.0/24'), 'InvalidParameterValue.RouteNextHopInvalid', ['vpngw-00000000']],
  [via(gatewayElsewhere, '192.168.3.0/24'), 'InvalidParameterValue.RouteNextHopInvalid', [gatewayElsewhere, VpcId]],
  [via(secondGateway, ofCcn), 'UnsupportedOperation.EcmpWithCcnRoute', [ofCcn, CcnId]],
];

describe('ReplaceRoutes', () => {
  it('refuses what cannot be a route, or is one already', async () => {
    const [first, second] = routes;
    const refusals: readonly Refused[] = [
      ...ofRoute(),
      [via(gateway, '192.168.1.0/24'), 'InvalidParameterValue.Duplicate', ['192.168.1.0/24', first!.RouteItemId]],
      [
        via(secondGateway, '192.168.1.0/24'),
        ...(['UnsupportedOperation.EcmpWithUserRoute', ['192.168.1.0/24', first!.RouteItemId, gateway]] as const),
      ],
    ];
    for (const [route, code, names] of refusals) {
      const Routes = [{ ...route, RouteId: second!.RouteId }];
      await expectRefusal(api, ['ReplaceRoutes', { RouteTableId, Routes }], { code, names });
    }
  });
});

describe('ResetRoutes', () => {
  const reset = (...Routes: object[]) => ['ResetRoutes', { RouteTableId, RouteTableName: 'fresh', Routes }] as const;

  it('refuses what cannot be a route', async () => {
    for (const [route, code, names] of ofRoute()) await expectRefusal(api, reset(route), { code, names });
  });

  it('refuses routes that cannot stand beside each other, and too many', async () => {
    const destination = '192.168.1.0/24';
    const one = via(gateway, destination);
    await expectRefusal(api, reset(one, one), {
      ...{ code: 'InvalidParameterValue.Duplicate', names: [destination, gateway] },
    });
    await expectRefusal(api, reset(one, via(secondGateway, destination)), {
      ...{ code: 'UnsupportedOperation.EcmpWithUserRoute', names: [destination, gateway] },
    });
    const many = [1, 2, 3, 4].map((part) => via(gateway, `192.168.${part}.0/24`));
    await expectRefusal(api, reset(...many), { code: 'LimitExceeded', names: ['3'] });
  });
});

describe('switching', () => {
  it('a route on is refused while the CCN leads its destination elsewhere', async () => {
    const on = { RouteTableId, RouteItemIds: [routes[2]!.RouteItemId] };
    const names = [ofCcn, CcnId];
    await expectRefusal(api, ['EnableRoutes', on], { code: 'UnsupportedOperation.EcmpWithCcnRoute', names });
  });

  it.each(['EnableRoutes', 'DisableRoutes'])(
    'a route of the CCN, or by both of its names, is refused by %s',
    async (name) => {
      const ofSystem = { RouteTableId, RouteItemIds: [await systemRoute()] };
      const names = [ofCcn, CcnId];
      await expectRefusal(api, [name, ofSystem], { code: 'UnsupportedOperation.SystemRoute', names });
      const both = { RouteTableId, RouteIds: [routes[0]!.RouteId], RouteItemIds: [routes[0]!.RouteItemId] };
      await expectRefusal(api, [name, both], { code: 'InvalidParameter.Coexist', names: ['RouteIds', 'RouteItemIds'] });
    },
  );

  it.each(['NotifyRoutes', 'WithdrawNotifyRoutes'])('a route of the CCN is not published either: %s', async (name) => {
    const ofSystem = { RouteTableId, RouteItemIds: [await systemRoute()] };
    const names = [ofCcn, CcnId];
    await expectRefusal(api, [name, ofSystem], { code: 'UnsupportedOperation.SystemRoute', names });
  });
});
