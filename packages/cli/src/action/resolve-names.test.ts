import { allActions, type ActionName } from '@landbridge/catalogue/services';
import { beforeEach, expect, it } from 'vitest';
import { namedKinds } from './named-kinds.ts';
import { idNamed, resolveNames, type Look } from './resolve-names.ts';

interface Thing {
  readonly id: string;
  readonly name: string;
  readonly within?: string;
  readonly region?: string;
}

const things: readonly Thing[] = [
  { id: 'vpc-00000001', name: 'office' },
  { id: 'vpc-00000002', name: 'office-2' },
  { id: 'vpc-00000003', name: 'far', region: 'south' },
  { id: 'rtb-00000001', name: 'default', within: 'vpc-00000001' },
  { id: 'rtb-00000002', name: 'default', within: 'vpc-00000002' },
  { id: 'vpngw-0000001', name: 'gw' },
  { id: 'cgw-00000001', name: 'idc' },
  { id: 'vpnx-00000001', name: 'to-idc', within: 'vpngw-0000001' },
  { id: 'vpnx-00000002', name: 'office' },
  { id: 'vpngw-0000002', name: 'to-shanghai' },
  { id: 'ccnrtb-000001', name: 'no-idc' },
  ...Array.from({ length: 130 }, (_, number) => ({ id: `dcg-${number}`, name: `line-${number}` })),
  { id: 'dcg-last', name: 'line' },
];

let looked: { readonly action: string; readonly filters: unknown; readonly region: string | undefined }[] = [];
beforeEach(() => (looked = []));

/** As the service does: names of VPCs are let through that only contain what is asked for. */
const look: Look = (action, { Filters = [], Offset = 0 }, region) => {
  const filters = Filters as readonly { readonly Name: string; readonly Values: readonly string[] }[];
  looked.push({ action, filters: filters.map(({ Name, Values }) => `${Name}=${Values.join()}`).join(' '), region });
  const [prefix, kind] = Object.entries(namedKinds).find(([, each]) => each.action === action)!;
  const found = things.filter(({ id, name, within, region: of }) => {
    if (!id.startsWith(`${prefix}-`) || of !== region) return false;
    return filters.every(({ Name, Values }) =>
      Name === kind.filter ? Values.some((value) => name.includes(value)) : Values.includes(within ?? ''),
    );
  });
  const set = found.map(({ id, name }) => ({ [kind.id]: id, [kind.name]: name }));
  const first = Number(Offset);
  return Promise.resolve({ TotalCount: set.length, [kind.set]: set.slice(first, first + 100) });
};

async function resolve(name: ActionName, parameters: Record<string, unknown>): Promise<Record<string, unknown>> {
  const action = allActions.find((one) => one.name === name)!;
  await resolveNames(parameters, action, look);
  return parameters;
}

it('puts ids where names stand, by one filtered call for each, and leaves ids and other texts alone', async () => {
  expect(
    await resolve('CreateVpnConnection', {
      ...{ VpnGatewayId: 'gw', CustomerGatewayId: 'cgw-00000009', VpcId: 'office', VpnConnectionName: 'office' },
    }),
  ).toEqual({
    ...{ VpnGatewayId: 'vpngw-0000001', CustomerGatewayId: 'cgw-00000009', VpcId: 'vpc-00000001' },
    VpnConnectionName: 'office',
  });
  expect(looked).toEqual([
    { action: 'DescribeVpnGateways', filters: 'vpn-gateway-name=gw', region: undefined },
    { action: 'DescribeVpcs', filters: 'vpc-name=office', region: undefined },
  ]);
  looked = [];
  await resolve('CreateVpnGateway', { VpcId: '', VpnGatewayName: 'x' });
  expect(looked).toEqual([]);
});

it('finds names in lists, in filters, and beside a member that tells their kind', async () => {
  expect(await resolve('DescribeVpcs', { VpcIds: ['office', 'vpc-00000009', 'office'] })).toEqual({
    VpcIds: ['vpc-00000001', 'vpc-00000009', 'vpc-00000001'],
  });
  expect(looked).toHaveLength(1);
  expect(
    await resolve('DescribeSubnets', {
      Filters: [
        { Name: 'vpc-id', Values: ['office'] },
        { Name: 'subnet-name', Values: ['office'] },
      ],
    }),
  ).toEqual({
    Filters: [
      { Name: 'vpc-id', Values: ['vpc-00000001'] },
      { Name: 'subnet-name', Values: ['office'] },
    ],
  });
  const route = { DestinationCidrBlock: '192.168.1.0/24', InstanceType: 'VPNCONN', InstanceId: 'to-idc' };
  expect(await resolve('CreateVpnGatewayRoutes', { VpnGatewayId: 'gw', Routes: [route] })).toMatchObject({
    Routes: [{ InstanceId: 'vpnx-00000001' }],
  });
});

it('looks in the region that an instance is said to be in', async () => {
  const instance = { InstanceType: 'VPC', InstanceId: 'far', InstanceRegion: 'south' };
  expect(await resolve('AttachCcnInstances', { CcnId: 'ccn-00000001', Instances: [instance] })).toMatchObject({
    Instances: [{ InstanceId: 'vpc-00000003' }],
  });
});

it('a name of several is refused with their ids, and told apart by what they belong to', async () => {
  await expect(resolve('DeleteRouteTable', { RouteTableId: 'default' })).rejects.toThrow(
    '--route-table-id: default is the name of 2: rtb-00000001 (route tables), rtb-00000002 (route tables). Give an id.',
  );
  expect(await resolve('DeleteRouteTable', { RouteTableId: 'office-2/default' })).toEqual({
    RouteTableId: 'rtb-00000002',
  });
  expect(await resolve('DeleteRouteTable', { RouteTableId: 'vpc-00000001/default' })).toEqual({
    RouteTableId: 'rtb-00000001',
  });
  await expect(resolve('DescribeEvents', { ResourceId: 'office' })).rejects.toThrow('vpc-00000001 (VPCs)');
});

it('an unknown name is refused with those that there are', async () => {
  await expect(resolve('DeleteVpc', { VpcId: 'offices' })).rejects.toThrow(
    'nothing is called offices (VPCs); did you mean office?',
  );
  await expect(resolve('DeleteVpc', { VpcId: 'of' })).rejects.toThrow(
    'nothing is called of (VPCs); there are office, office-2',
  );
  await expect(resolve('DeleteCcn', { CcnId: 'all' })).rejects.toThrow('nothing is called all: there are no CCNs');
});

it('a name may look nearly like an id, and be on whatever page', async () => {
  expect(await resolve('DeleteVpnGateway', { VpnGatewayId: 'to-shanghai' })).toEqual({ VpnGatewayId: 'vpngw-0000002' });
  expect(await resolve('DeleteDirectConnectGateway', { DirectConnectGatewayId: 'line' })).toEqual({
    DirectConnectGatewayId: 'dcg-last',
  });
});

it('a route table is one of CCNs in their Actions, and one of VPCs elsewhere', async () => {
  const filtered = (Name: string, value: string) => ({ Filters: [{ Name, Values: [value] }] });
  const ofCcn = ['DescribeCcnRouteTables', 'DescribeCcnRoutes'] as const;
  for (const action of ofCcn) {
    const resolved = await resolve(action, filtered('route-table-id', 'no-idc'));
    expect(resolved).toEqual(filtered('route-table-id', 'ccnrtb-000001'));
  }
  expect(await resolve('DescribeRouteTableSelectionPolicies', filtered('ccn-route-table-id', 'no-idc'))).toEqual(
    filtered('ccn-route-table-id', 'ccnrtb-000001'),
  );
  await expect(resolve('DescribeRouteTables', filtered('route-table-id', 'no-idc'))).rejects.toThrow('route tables');
});

it('places of packets are subnets, tunnels and Direct Connect gateways', async () => {
  const ends = { SourceAddress: '10.0.1.5', DestinationAddress: '10.0.1.6' };
  expect(await resolve('TracePath', { ...ends, SourceId: 'line' })).toEqual({ ...ends, SourceId: 'dcg-last' });
  await expect(resolve('TracePath', { ...ends, DestinationId: 'nobody' })).rejects.toThrow(
    '--destination-id: nothing is called nobody (subnets, tunnels, Direct Connect gateways)',
  );
});

it('a name alone is looked for among all the kinds that are meant', async () => {
  const kinds = ['vpnx', 'vpngw', 'vpc'] as const;
  const named = (name: string) => idNamed('logs', name, kinds, look);
  expect(await named('gw')).toBe('vpngw-0000001');
  expect(await named('gw/to-idc')).toBe('vpnx-00000001');
  expect(await named('vpnx-0000zzzz')).toBe('vpnx-0000zzzz');
  await expect(named('office')).rejects.toThrow(
    'logs: office is the name of 2: vpnx-00000002 (tunnels), vpc-00000001 (VPCs). Give an id.',
  );
  await expect(named('to-idd')).rejects.toThrow(
    'logs: nothing is called to-idd (tunnels, VPN gateways, VPCs); did you mean to-idc?',
  );
});

it('an id of one of several kinds may be a name of each of these, and of no other', async () => {
  const named = (ResourceId: string) => resolve('CreatePacketCapture', { ResourceId });
  expect(await named('office')).toEqual({ ResourceId: 'vpnx-00000002' });
  expect(await resolve('DescribeTimeline', { ResourceId: 'host' })).toEqual({ ResourceId: 'host' });
  await expect(resolve('DescribeTimeline', { ResourceId: 'office' })).rejects.toThrow(
    '--resource-id: office is the name of 2',
  );
});
