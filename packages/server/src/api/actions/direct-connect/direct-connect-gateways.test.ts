import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { completeQuotas } from '../../../domain/operator/quotas.ts';
import { startHarness, type ApiHarness } from '../../../../testing/api-harness.ts';
import { expectRefusal } from '../../../../testing/refusals.ts';
import { mainRouteTable, makeVpc } from '../../../../testing/sample-resources.ts';

let api: ApiHarness;
beforeEach(async () => {
  api = await startHarness();
});
afterEach(() => api.close());

const request = { DirectConnectGatewayName: 'dc', NetworkType: 'CCN' };

async function makeGateway(more: object = {}): Promise<string> {
  const { DirectConnectGateway } = await api.succeed('CreateDirectConnectGateway', { ...request, ...more });
  return DirectConnectGateway.DirectConnectGatewayId;
}

const line = (DirectConnectGatewayId: string) => ({
  ...{ DirectConnectGatewayId, InterfaceName: 'eth7', LocalAddress: '198.18.0.1/30', PeerAddress: '198.18.0.2' },
});

describe('Direct Connect gateways', () => {
  it('join a CCN when they are created, and leave it when they are deleted', async () => {
    const { CcnId } = (await api.succeed('CreateCcn', { CcnName: 'ccn' })).Ccn;
    const id = await makeGateway({ NetworkInstanceId: CcnId, ModeType: 'exquisite' });
    const filters = {
      'direct-connect-gateway-id': id,
      'direct-connect-gateway-name': 'dc',
      'gateway-type': 'NORMAL',
      'network-type': 'CCN',
      'ccn-id': CcnId,
    };
    const Filters = Object.entries(filters).map(([Name, value]) => ({ Name, Values: [value] }));
    const { DirectConnectGatewaySet } = await api.succeed('DescribeDirectConnectGateways', { Filters });
    expect(DirectConnectGatewaySet).toMatchObject([
      { CcnId, NetworkInstanceId: CcnId, CcnRouteType: 'STATIC', ModeType: 'exquisite', Zone: null, EnableBGP: false },
    ]);
    const names = { DirectConnectGatewayId: id };
    await api.succeed('ModifyDirectConnectGatewayAttribute', { ...names, DirectConnectGatewayName: 'new' });
    await api.succeed('DeleteDirectConnectGateway', names);
    expect((await api.succeed('DescribeCcnAttachedInstances', { CcnId })).TotalCount).toBe(0);
    expect((await api.succeed('DescribeDirectConnectGateways', {})).TotalCount).toBe(0);
    expect((await api.fail('DeleteDirectConnectGateway', names)).Code).toBe('ResourceNotFound');
  });

  it.each([
    [{ NetworkInstanceId: 'ccn-00000000' }, 'ResourceNotFound'],
    [{ NetworkInstanceId: 'vpc-00000000' }, 'InvalidParameterValue.Malformed'],
    [{ NetworkType: 'VPC' }, 'InvalidParameterValue.Malformed'],
    [{ NetworkType: 'VPC', NetworkInstanceId: 'vpc-00000000' }, 'ResourceNotFound'],
    [{ GatewayType: 'NAT' }, 'UnsupportedOperation'],
  ])('with %j are refused with %s', async (change, code) => {
    expect((await api.fail('CreateDirectConnectGateway', { ...request, ...change })).Code).toBe(code);
  });

  it.each([45_089, 45_091, 64_511, 65_535, 4_199_999_999, 1])('refuse the GatewayAsn %d', async (GatewayAsn) => {
    const request = { DirectConnectGatewayName: 'dcg', NetworkType: 'CCN', GatewayAsn };
    const error = await api.fail('CreateDirectConnectGateway', request);
    expect([error.Code, error.Message]).toEqual(['InvalidParameterValue.Range', expect.stringContaining('45090')]);
  });

  it.each([45_090, 64_512, 65_534, 4_200_000_000, 4_294_967_294])('keep the GatewayAsn %d', async (GatewayAsn) => {
    const request = { DirectConnectGatewayName: 'dcg', NetworkType: 'CCN', GatewayAsn };
    const { DirectConnectGateway } = await api.succeed('CreateDirectConnectGateway', request);
    expect(DirectConnectGateway.GatewayAsn).toBe(GatewayAsn);
  });

  it('announce their ranges', async () => {
    const { CcnId } = (await api.succeed('CreateCcn', { CcnName: 'ccn' })).Ccn;
    const DirectConnectGatewayId = await makeGateway({ NetworkInstanceId: CcnId });
    const change = (...ranges: string[]) => ({
      DirectConnectGatewayId,
      Routes: ranges.map((DestinationCidrBlock) => ({ DestinationCidrBlock })),
    });
    await api.succeed('CreateDirectConnectGatewayCcnRoutes', change('192.168.9.0/24', '192.168.8.0/24'));
    expect(api.commits.at(-1)).toEqual([CcnId]);
    const code = async (action: string, parameters: object) => (await api.fail(action, parameters)).Code;
    expect(await code('CreateDirectConnectGatewayCcnRoutes', change('192.168.9.0/24'))).toBe(
      'InvalidParameterValue.Duplicate',
    );
    const read = async () =>
      (await api.succeed('DescribeDirectConnectGatewayCcnRoutes', { DirectConnectGatewayId })).RouteSet;
    const RouteId = (await read()).find((one) => one.DestinationCidrBlock === '192.168.9.0/24')!.RouteId;
    const Routes = [{ RouteId, DestinationCidrBlock: '192.168.7.0/24', Description: 'moved' }];
    await api.succeed('ReplaceDirectConnectGatewayCcnRoutes', { DirectConnectGatewayId, Routes });
    expect((await read()).find((one) => one.RouteId === RouteId)).toMatchObject(Routes[0]!);
    const published = await api.succeed('DescribeCcnRoutes', { CcnId });
    expect(published.RouteSet.map((one) => one.DestinationCidrBlock).sort()).toEqual([
      '192.168.7.0/24',
      '192.168.8.0/24',
    ]);
    await api.succeed('DeleteDirectConnectGatewayCcnRoutes', { DirectConnectGatewayId, RouteIds: [RouteId] });
    expect(await read()).toHaveLength(1);
    const unknown = { DirectConnectGatewayId, RouteIds: ['dcr-00000000'] };
    expect(await code('DeleteDirectConnectGatewayCcnRoutes', unknown)).toBe('ResourceNotFound');
  });

  it('with BGP are not offered', async () => {
    const change = { DirectConnectGatewayId: await makeGateway(), CcnRouteType: 'BGP' };
    const refusal = { code: 'UnsupportedOperation', names: ['CcnRouteType', 'BGP'] };
    await expectRefusal(api, ['ModifyDirectConnectGatewayAttribute', change], refusal);
  });

  it('of a VPC have no ranges to announce', async () => {
    const id = await makeGateway({ NetworkType: 'VPC', NetworkInstanceId: await makeVpc(api) });
    const own = { DirectConnectGatewayId: id };
    const Routes = [{ DestinationCidrBlock: '192.168.9.0/24', RouteId: 'dcr-00000000' }];
    const refusal = { code: 'UnsupportedOperation', names: [id] };
    await expectRefusal(api, ['CreateDirectConnectGatewayCcnRoutes', { ...own, Routes }], refusal);
    await expectRefusal(api, ['ReplaceDirectConnectGatewayCcnRoutes', { ...own, Routes }], refusal);
    const RouteIds = ['dcr-00000000'];
    await expectRefusal(api, ['DeleteDirectConnectGatewayCcnRoutes', { ...own, RouteIds }], refusal);
  });

  it('announce a range once, and no more than they may', async () => {
    await api.close();
    api = await startHarness({ quotas: completeQuotas({ rangesPerDirectConnectGateway: 2 }) });
    const DirectConnectGatewayId = await makeGateway();
    const range = (DestinationCidrBlock: string, more: object = {}) => ({ DestinationCidrBlock, ...more });
    const Routes = [range('192.168.1.0/24'), range('192.168.2.0/24')];
    await api.succeed('CreateDirectConnectGatewayCcnRoutes', { DirectConnectGatewayId, Routes });
    const third = { DirectConnectGatewayId, Routes: [range('192.168.3.0/24')] };
    const quota = { code: 'LimitExceeded', names: ['2'] };
    await expectRefusal(api, ['CreateDirectConnectGatewayCcnRoutes', third], quota);
    const shown = await api.succeed('DescribeDirectConnectGatewayCcnRoutes', { DirectConnectGatewayId });
    const { RouteId } = shown.RouteSet.find((one) => one.DestinationCidrBlock === '192.168.1.0/24')!;
    const twice = { DirectConnectGatewayId, Routes: [range('192.168.2.0/24', { RouteId })] };
    const names = [DirectConnectGatewayId, '192.168.2.0/24'];
    const refusal = { code: 'InvalidParameterValue.Duplicate', names };
    await expectRefusal(api, ['ReplaceDirectConnectGatewayCcnRoutes', twice], refusal);
  });

  it('of a VPC are next hops of its routes, which go with them', async () => {
    const VpcId = await makeVpc(api);
    const id = await makeGateway({ NetworkType: 'VPC', NetworkInstanceId: VpcId });
    const RouteTableId = await mainRouteTable(api, VpcId);
    const route = { DestinationCidrBlock: '192.168.9.0/24', GatewayType: 'DIRECTCONNECT', GatewayId: id };
    const { RouteTableSet } = await api.succeed('CreateRoutes', { RouteTableId, Routes: [route] });
    expect(RouteTableSet[0]!.RouteSet).toMatchObject([route]);
    const ranges = { DirectConnectGatewayId: id, Routes: [{ DestinationCidrBlock: '192.168.9.0/24' }] };
    expect((await api.fail('CreateDirectConnectGatewayCcnRoutes', ranges)).Code).toBe('UnsupportedOperation');
    expect((await api.fail('DeleteVpc', { VpcId })).Message).toContain(id);
    await api.succeed('DeleteDirectConnectGateway', { DirectConnectGatewayId: id });
    expect((await api.succeed('DescribeRoutes', {})).TotalCount).toBe(0);
    await api.succeed('DeleteVpc', { VpcId });
  });
});

describe('lines', () => {
  it('are attached by the operator, once, and hold the gateway', async () => {
    const id = await makeGateway();
    await api.operate('AttachDirectConnectInterface', line(id));
    expect(api.commits.at(-1)).toEqual([id]);
    const { DirectConnectGatewaySet } = await api.succeed('DescribeDirectConnectGateways', {});
    expect(DirectConnectGatewaySet).toMatchObject([{ DirectConnectGatewayIp: '198.18.0.1' }]);
    const lines = await api.operate('DescribeDirectConnectInterfaces');
    expect(lines).toMatchObject({ TotalCount: 1, DirectConnectInterfaceSet: [{ ...line(id), VlanId: null }] });
    const other = await makeGateway();
    const code = async (action: string, parameters: object) =>
      (await api.fail(action, parameters, { service: 'landbridge' })).Code;
    expect(await code('AttachDirectConnectInterface', line(id))).toBe('ResourceInUse');
    expect(await code('AttachDirectConnectInterface', { ...line(other), VlanId: 7 })).toBe('ResourceInUse');
    expect((await api.fail('DeleteDirectConnectGateway', { DirectConnectGatewayId: id })).Code).toBe('ResourceInUse');
    await api.operate('DetachDirectConnectInterface', { DirectConnectGatewayId: id });
    expect(await code('DetachDirectConnectInterface', { DirectConnectGatewayId: id })).toBe('ResourceNotFound');
    await api.succeed('DeleteDirectConnectGateway', { DirectConnectGatewayId: id });
  });

  it.each([
    [{ LocalAddress: '198.18.0.1' }, 'InvalidParameterValue.Malformed'],
    [{ LocalAddress: 'x/30' }, 'InvalidParameterValue.Malformed'],
    [{ PeerAddress: '198.18.0.1' }, 'InvalidParameterValue'],
    [{ PeerAddress: '198.18.0.9' }, 'InvalidParameterValue'],
    [{ InterfaceName: 'eth0' }, 'InvalidParameterValue'],
    [{ InterfaceName: 'ccn-x' }, 'InvalidParameterValue'],
    [{ DirectConnectGatewayId: 'dcg-00000000' }, 'ResourceNotFound'],
  ])('with %j are refused with %s', async (change, code) => {
    const parameters = { ...line(await makeGateway()), ...change };
    expect((await api.fail('AttachDirectConnectInterface', parameters, { service: 'landbridge' })).Code).toBe(code);
  });
});

const vxlan = (DirectConnectGatewayId: string) => ({
  ...{ DirectConnectGatewayId, Vni: 100, RemoteAddress: '203.0.113.11', UnderlayAddress: '203.0.113.1' },
  ...{ LocalAddress: '198.18.0.1/30', PeerAddress: '198.18.0.2' },
});

describe('VXLAN lines', () => {
  it('are attached by the operator, once, and hold the gateway', async () => {
    const id = await makeGateway();
    await api.operate('AttachDirectConnectVxlan', vxlan(id));
    expect(api.commits.at(-1)?.toSorted()).toEqual([id, 'host'].sort());
    const lines = await api.operate('DescribeDirectConnectInterfaces');
    const { Vni, RemoteAddress, UnderlayAddress, ...rest } = vxlan(id);
    const Vxlan = { Vni, RemoteAddress, UnderlayAddress, Port: 4789, UnderlayMtu: 1500 };
    expect(lines['DirectConnectInterfaceSet']).toMatchObject([{ ...rest, InterfaceName: '', VlanId: null, Vxlan }]);
    const { DirectConnectGatewaySet } = await api.succeed('DescribeDirectConnectGateways', {});
    expect(DirectConnectGatewaySet).toMatchObject([{ DirectConnectGatewayIp: '198.18.0.1' }]);
    const fail = async (action: string, parameters: object) => api.fail(action, parameters, { service: 'landbridge' });
    expect((await fail('AttachDirectConnectInterface', line(id))).Message).toContain('VXLAN 100 to 203.0.113.11:4789');
    const inUse = await api.fail('DeleteDirectConnectGateway', { DirectConnectGatewayId: id });
    expect(inUse.Message).toContain('VXLAN 100');
    await expectRefusal(api, ['AttachDirectConnectVxlan', { ...vxlan(id), Vni: 101 }, { service: 'landbridge' }], {
      ...{ code: 'ResourceInUse', names: [id, 'VXLAN 100 to 203.0.113.11:4789'] },
    });
    const other = await makeGateway();
    const taken = await fail('AttachDirectConnectVxlan', { ...vxlan(other), RemoteAddress: '203.0.113.12' });
    expect(taken).toMatchObject({ Code: 'ResourceInUse', Message: expect.stringContaining(id) as string });
    await api.operate('AttachDirectConnectVxlan', { ...vxlan(other), Port: 8472 });
    await api.operate('DetachDirectConnectInterface', { DirectConnectGatewayId: id });
    expect(api.commits.at(-1)?.toSorted()).toEqual([id, 'host'].sort());
    await api.succeed('DeleteDirectConnectGateway', { DirectConnectGatewayId: id });
  });

  it.each([
    [{ Vni: 16_777_216 }, 'InvalidParameterValue.Range'],
    [{ Vni: undefined }, 'MissingParameter'],
    [{ Port: 0 }, 'InvalidParameterValue.Range'],
    [{ UnderlayMtu: 500 }, 'InvalidParameterValue.Range'],
    [{ RemoteAddress: 'x' }, 'InvalidParameterValue.Malformed'],
    [{ RemoteAddress: '224.0.0.1' }, 'InvalidParameterValue'],
    [{ RemoteAddress: '2001:db8::1' }, 'InvalidParameterValue'],
    [{ RemoteAddress: '203.0.113.1' }, 'InvalidParameterValue'],
    [{ PeerAddress: '198.18.0.9' }, 'InvalidParameterValue'],
    [{ PeerAddress: '198.18.0.3' }, 'InvalidParameterValue'],
    [{ LocalAddress: '198.18.0.0/30' }, 'InvalidParameterValue'],
    [{ DirectConnectGatewayId: 'dcg-00000000' }, 'ResourceNotFound'],
  ])('with %j are refused with %s', async (change, code) => {
    const parameters = { ...vxlan(await makeGateway()), ...change };
    expect((await api.fail('AttachDirectConnectVxlan', parameters, { service: 'landbridge' })).Code).toBe(code);
  });
});
