import { expect, it } from 'vitest';
import { namesIn, routesOf, type ReadRoutes } from './routes-of.ts';

const nothing: ReadRoutes = { vpcs: null, gateways: null, ccns: null, policies: null, directConnect: null };
const read = (parts: object) => routesOf({ ...nothing, ...parts });

const ccnGateway = {
  gateway: { VpnGatewayId: 'vpngw-1', VpnGatewayName: 'edge', NetworkInstanceId: 'ccn-1' },
  routes: [],
  announced: [
    { RouteId: 'vpnr-1', Status: 'ENABLE', DestinationCidrBlock: '192.168.1.0/24' },
    { RouteId: 'vpnr-2', Status: 'ENABLE', DestinationCidrBlock: '192.168.2.0/24' },
    { RouteId: 'vpnr-3', Status: 'DISABLE', DestinationCidrBlock: '192.168.3.0/24' },
  ],
};
const ccnRoute = { RouteId: 'ccnr-1', DestinationCidrBlock: '192.168.1.0/24', InstanceId: 'vpngw-1', Enabled: true };
const ccnTable = {
  ccn: { CcnId: 'ccn-1', CcnName: 'wan' },
  table: { CcnRouteTableId: 'ccnrtb-1', RouteTableName: 'default' },
  routes: [ccnRoute],
};

it('is empty while nothing was read', () => {
  expect(read({})).toEqual([]);
});

it('takes routes of a VPC with what is in their way', () => {
  const user = { RouteItemId: 'rti-1', GatewayId: 'vpngw-1', RouteType: 'USER', Enabled: true, RouteDescription: 'x' };
  const table = { RouteTableId: 'rtb-1', RouteTableName: 'main', VpcId: 'vpc-1', AssociationSet: [{}] };
  const routes = [
    { ...user, DestinationCidrBlock: '192.168.1.0/24' },
    { ...user, DestinationCidrBlock: '192.168.1.0/24', RouteItemId: 'rti-2', RouteType: 'CCN', GatewayId: 'ccn-1' },
    { ...user, DestinationCidrBlock: '192.168.2.0/24', RouteItemId: 'rti-3', Enabled: false },
  ];
  const vpcs = [{ VpcId: 'vpc-1', VpcName: 'office' }];
  const found = read({ vpcs: { vpcs, tables: [{ ...table, RouteSet: routes }] } });
  const [first, learned] = found;
  expect(found.map(({ obstacle }) => obstacle?.kind)).toEqual([undefined, undefined, 'disabled']);
  expect(first).toMatchObject({ hop: 'vpngw-1', holder: { name: 'office · main' }, note: 'x', tunnel: null });
  expect(Number(first?.order)).toBeLessThan(Number(learned?.order));
  const unbound = read({ vpcs: { vpcs, tables: [{ ...table, AssociationSet: [], RouteSet: routes }] } });
  expect(unbound.map(({ obstacle }) => obstacle?.kind)).toEqual(['unbound', 'unbound', 'disabled']);
});

it('takes the table of a gateway: its VPC, then by priority, then what its CCN announces', () => {
  const entry = { Priority: 0, Status: 'ENABLE', Type: 'Static', InstanceType: 'VPNCONN', Description: '' };
  const routes = [
    {
      ...entry,
      RouteId: 'vpnr-1',
      DestinationCidrBlock: '10.0.0.0/16',
      InstanceId: 'vpc-1',
      InstanceType: 'VPC',
      Type: 'VPC',
    },
    { ...entry, RouteId: 'vpnr-2', DestinationCidrBlock: '192.168.1.0/24', InstanceId: 'vpnx-1' },
    { ...entry, RouteId: 'vpnr-3', DestinationCidrBlock: '192.168.1.0/24', InstanceId: 'vpnx-2', Priority: 100 },
    {
      ...entry,
      RouteId: 'vpnr-4',
      DestinationCidrBlock: '0.0.0.0/0',
      InstanceId: 'ccn-1',
      InstanceType: 'CCN',
      Priority: 100,
      Type: 'CCN',
    },
    { ...entry, RouteId: 'vpnr-5', DestinationCidrBlock: '0.0.0.0/0', InstanceId: 'ccn-2', InstanceType: 'CCN' },
    { ...entry, RouteId: 'vpnr-6', DestinationCidrBlock: '1.0.0.0/8', InstanceId: 'vpnx-1', Status: 'DISABLE' },
  ];
  const found = read({ gateways: [{ ...ccnGateway, routes, announced: [] }] });
  expect(found.map(({ hop, tunnel, obstacle }) => [hop, tunnel, obstacle?.kind])).toEqual([
    ['vpc-1', null, undefined],
    ['vpnx-1', 'vpnx-1', undefined],
    ['vpnx-2', 'vpnx-2', undefined],
    ['ccn-1', null, undefined],
    ['ccn-2', null, 'unattached'],
    ['vpnx-1', 'vpnx-1', 'disabled'],
  ]);
  const orders = found.slice(0, 4).map(({ order }) => Number(order));
  expect(orders).toEqual(orders.toSorted((a, b) => a - b));
  expect(new Set(orders).size).toBe(4);
});

it('says why a CCN does not follow a route, in its words', () => {
  const routes = [
    ccnRoute,
    { ...ccnRoute, RouteId: 'ccnr-2', Enabled: false },
    { ...ccnRoute, RouteId: 'ccnr-3', Enabled: false },
  ];
  const reasons = new Map([['ccnr-2', 'it overlaps']]);
  const found = read({ ccns: { tables: [{ ...ccnTable, routes }], reasons } });
  expect(found.map(({ obstacle }) => obstacle)).toEqual([
    null,
    { kind: 'refused', reason: 'it overlaps' },
    { kind: 'disabled' },
  ]);
});

it('shows what a gateway announces once: by the route of its CCN, or by why there is none', () => {
  const shown = (parts: object) =>
    read(parts)
      .filter(({ holder }) => holder.kind === 'announcement')
      .map(({ destination, obstacle, isUnseen }) => [destination, obstacle?.kind, isUnseen]);
  const ccns = { tables: [ccnTable], reasons: new Map() };
  expect(shown({ gateways: [ccnGateway], ccns })).toEqual([
    ['192.168.2.0/24', 'unannounced', false],
    ['192.168.3.0/24', 'disabled', false],
  ]);
  const [first] = shown({ gateways: [ccnGateway], ccns: { ...ccns, tables: [] } });
  expect(first).toEqual(['192.168.1.0/24', undefined, true]);
  const alone = { ...ccnGateway, gateway: { ...ccnGateway.gateway, NetworkInstanceId: '' } };
  expect(shown({ gateways: [alone], ccns })[0]).toEqual(['192.168.1.0/24', 'unattached', true]);
});

it('takes each remote range of a policy, which no table competes with', () => {
  const policies = [{ LocalCidrBlock: '10.0.0.0/16', RemoteCidrBlock: ['192.168.1.0/24', '192.168.2.0/24'] }];
  const found = read({ policies: [{ id: 'vpnx-1', name: 'b', gateway: 'vpngw-1', policies }] });
  expect(found.map(({ destination, hop, order, note }) => [destination, hop, order, note])).toEqual([
    ['192.168.1.0/24', 'vpnx-1', null, '10.0.0.0/16'],
    ['192.168.2.0/24', 'vpnx-1', null, '10.0.0.0/16'],
  ]);
  expect(new Set(found.map(({ key }) => key)).size).toBe(2);
});

it('takes the ranges of a Direct Connect gateway, which need a line', () => {
  const gateway = { DirectConnectGatewayId: 'dcg-1', DirectConnectGatewayName: 'line', DirectConnectGatewayIp: '' };
  const ranges = [{ RouteId: 'dcr-1', DestinationCidrBlock: '192.168.9.0/24', Description: '' }];
  expect(read({ directConnect: [{ gateway, ranges }] })[0]?.obstacle?.kind).toBe('no-line');
  const lined = { ...gateway, DirectConnectGatewayIp: '198.18.0.1' };
  expect(read({ directConnect: [{ gateway: lined, ranges }] })[0]?.obstacle).toBe(null);
  expect(namesIn({ ...nothing, directConnect: [{ gateway, ranges }] } as unknown as ReadRoutes).get('dcg-1')).toBe(
    'line',
  );
});
