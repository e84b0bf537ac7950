import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { completeQuotas } from '../../../domain/operator/quotas.ts';
import { startHarness, type ApiHarness } from '../../../../testing/api-harness.ts';
import { expectRefusal } from '../../../../testing/refusals.ts';
import { mainRouteTable, makeGateway, makeSubnet, makeVpc } from '../../../../testing/sample-resources.ts';

let api: ApiHarness;
let VpcId: string;
beforeEach(async () => {
  api = await startHarness();
  VpcId = await makeVpc(api);
});
afterEach(() => api.close());

describe('CreateSubnet', () => {
  it('answers every field', async () => {
    const subnet = await makeSubnet(api, VpcId, { Tags: [{ Key: 'a', Value: 'b' }] });
    expect(subnet).toEqual({
      VpcId,
      SubnetId: expect.stringMatching(/^subnet-[0-9a-z]{8}$/) as string,
      SubnetName: 'subnet',
      CidrBlock: '10.0.1.0/24',
      IsDefault: false,
      EnableBroadcast: false,
      Zone: 'z-1',
      RouteTableId: await mainRouteTable(api, VpcId),
      CreatedTime: '2026-11-22 12:00:00',
      AvailableIpAddressCount: 253,
      Ipv6CidrBlock: '',
      NetworkAclId: '',
      IsRemoteVpcSnat: false,
      TotalIpAddressCount: 253,
      TagSet: [{ Key: 'a', Value: 'b' }],
      CdcId: '',
      IsCdcSubnet: 0,
    });
  });

  it('concerns the VPC and its gateways', async () => {
    const gateway = await makeGateway(api, VpcId);
    await makeSubnet(api, VpcId);
    expect(api.commits.at(-1)?.toSorted()).toEqual([VpcId, gateway].sort());
  });

  it.each([
    ['10.1.0.0/24', 'InvalidParameterValue.SubnetRange', '10.0.0.0/16'],
    ['10.0.0.0/29', 'InvalidParameterValue.SubnetRange', '/28'],
    ['10.0.1.128/25', 'InvalidParameterValue.SubnetConflict', 'subnet-'],
    ['10.0.0.0/16', 'InvalidParameterValue.SubnetConflict', '10.0.1.0/24'],
    ['10.0.1.1/24', 'InvalidParameterValue.Malformed', 'CidrBlock'],
  ])('refuses %s with %s', async (CidrBlock, code, mention) => {
    await makeSubnet(api, VpcId);
    const error = await api.fail('CreateSubnet', { VpcId, SubnetName: 'b', CidrBlock, Zone: 'z' });
    expect(error.Code).toBe(code);
    expect(error.Message).toContain(mention);
  });

  it('may fill the whole VPC, and needs one that exists', async () => {
    await makeSubnet(api, VpcId, { CidrBlock: '10.0.0.0/16' });
    const request = { VpcId: 'vpc-00000000', SubnetName: 'b', CidrBlock: '10.0.0.0/24', Zone: 'z' };
    expect((await api.fail('CreateSubnet', request)).Code).toBe('ResourceNotFound');
  });
});

describe('CreateSubnets', () => {
  it('makes all or none', async () => {
    const { RouteTable } = await api.succeed('CreateRouteTable', { VpcId, RouteTableName: 'own' });
    const Subnets = [
      { SubnetName: 'a', CidrBlock: '10.0.1.0/24', Zone: 'z' },
      { SubnetName: 'b', CidrBlock: '10.0.2.0/24', Zone: 'z', RouteTableId: RouteTable.RouteTableId },
    ];
    const clash = { SubnetName: 'c', CidrBlock: '10.0.2.0/25', Zone: 'z' };
    expect((await api.fail('CreateSubnets', { VpcId, Subnets: [...Subnets, clash] })).Code).toBe(
      'InvalidParameterValue.SubnetConflict',
    );
    expect((await api.succeed('DescribeSubnets')).TotalCount).toBe(0);
    const { SubnetSet } = await api.succeed('CreateSubnets', { VpcId, Subnets, Tags: [{ Key: 'k' }] });
    expect(SubnetSet.map(({ RouteTableId }) => RouteTableId)).toEqual([
      await mainRouteTable(api, VpcId),
      RouteTable.RouteTableId,
    ]);
    expect((await api.fail('CreateSubnets', { VpcId, Subnets: [] })).Code).toBe('InvalidParameterValue.Empty');
  });
});

describe('DescribeSubnets', () => {
  it('pages by offset and by token', async () => {
    for (const part of [1, 2, 3]) await makeSubnet(api, VpcId, { CidrBlock: `10.0.${part}.0/24` });
    const page = await api.succeed('DescribeSubnets', { Offset: '1', Limit: '1' });
    expect([page.TotalCount, page.SubnetSet.length, page.NextToken]).toEqual([3, 1, '']);
    const seen: string[] = [];
    let NextToken: string | undefined;
    do {
      const part: { SubnetSet: { SubnetId: string }[]; NextToken: string } = await api.succeed('DescribeSubnets', {
        MaxResults: 2,
        NextToken,
      });
      seen.push(...part.SubnetSet.map(({ SubnetId }) => SubnetId));
      ({ NextToken } = part);
    } while (NextToken !== '');
    expect(new Set(seen).size).toBe(3);
    expect((await api.fail('DescribeSubnets', { NextToken: '!' })).Code).toBe('InvalidParameterValue.Malformed');
  });
});

describe('subnets beyond what a VPC may have', () => {
  const subnet = (CidrBlock: string, more: object = {}) => ({ SubnetName: 's', CidrBlock, Zone: 'z', ...more });

  it('are refused, one by one and several at once', async () => {
    const small = await startHarness({ quotas: completeQuotas({ subnetsPerVpc: 1 }) });
    try {
      const vpc = await makeVpc(small);
      const Subnets = [subnet('10.0.2.0/24'), subnet('10.0.3.0/24')];
      const refusal = { code: 'LimitExceeded', names: ['1'] };
      await expectRefusal(small, ['CreateSubnets', { VpcId: vpc, Subnets }], refusal);
      await makeSubnet(small, vpc);
      await expectRefusal(small, ['CreateSubnet', { VpcId: vpc, ...subnet('10.0.2.0/24') }], refusal);
      expect((await small.succeed('DescribeSubnets')).TotalCount).toBe(1);
    } finally {
      await small.close();
    }
  });

  it('in its ranges and its route tables are refused by CreateSubnets, all of them', async () => {
    const RouteTableId = await mainRouteTable(api, await makeVpc(api));
    const create = (second: object) => ['CreateSubnets', { VpcId, Subnets: [subnet('10.0.1.0/24'), second] }] as const;
    await expectRefusal(api, create(subnet('10.1.0.0/24')), {
      ...{ code: 'InvalidParameterValue.SubnetRange', names: ['10.1.0.0/24', VpcId, '10.0.0.0/16'] },
    });
    await expectRefusal(api, create(subnet('10.0.2.0/24', { RouteTableId })), {
      ...{ code: 'UnsupportedOperation.VpcMismatch', names: [RouteTableId, VpcId] },
    });
    expect((await api.succeed('DescribeSubnets')).TotalCount).toBe(0);
  });
});

describe('ModifySubnetAttribute and DeleteSubnet', () => {
  it('renames and switches broadcast', async () => {
    const { SubnetId } = await makeSubnet(api, VpcId);
    await api.succeed('ModifySubnetAttribute', { SubnetId, SubnetName: 'new', EnableBroadcast: 'true' });
    const { SubnetSet } = await api.succeed('DescribeSubnets', { SubnetIds: [SubnetId] });
    expect(SubnetSet).toMatchObject([{ SubnetName: 'new', EnableBroadcast: true }]);
  });

  it('keeps a subnet that has a host interface', async () => {
    const { SubnetId } = await makeSubnet(api, VpcId);
    await api.operate('AttachSubnetInterface', { SubnetId, InterfaceName: 'eth9' });
    const error = await api.fail('DeleteSubnet', { SubnetId });
    expect(error).toMatchObject({ Code: 'ResourceInUse', Message: expect.stringContaining('eth9') as string });
    await api.operate('DetachSubnetInterface', { SubnetId, InterfaceName: 'eth9' });
    await api.succeed('DeleteSubnet', { SubnetId });
    expect((await api.fail('DeleteSubnet', { SubnetId })).Code).toBe('ResourceNotFound');
  });
});
