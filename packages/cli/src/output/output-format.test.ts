import { allActions, type ActionName } from '@landbridge/catalogue/services';
import { expect, it } from 'vitest';
import { checkedQuery, formatReply, type Output } from './output-format.ts';

const format = (name: ActionName, reply: object, output: Partial<Output> = {}) => {
  const { definition } = allActions.find((action) => action.name === name)!;
  return formatReply(reply, definition, { format: 'table', columns: 60, ...output });
};

const subnets = {
  TotalCount: 3,
  SubnetSet: [
    {
      VpcId: 'vpc-00000001',
      SubnetId: 'subnet-00000001',
      SubnetName: '北京',
      CidrBlock: '10.0.1.0/24',
      TagSet: [],
      Zone: '',
    },
    {
      VpcId: 'vpc-00000001',
      SubnetId: 'subnet-00000002',
      SubnetName: 'b\u001b[2J',
      CidrBlock: '10.0.2.0/24',
      TagSet: [],
      Zone: '',
    },
  ],
  RequestId: 'r-1',
};

it('a page is a table: what tells objects apart first, wide letters aligned, nothing that moves the cursor', () => {
  expect(format('DescribeSubnets', subnets)).toBe(
    [
      'SubnetId         SubnetName  CidrBlock    VpcId',
      'subnet-00000001  北京        10.0.1.0/24  vpc-00000001',
      'subnet-00000002  b\\u001b[2J  10.0.2.0/24  vpc-00000001',
      '2 of 3; --offset and --limit show others',
      '',
    ].join('\n'),
  );
  expect(format('DescribeSubnets', subnets, { columns: 30 }).split('\n')[0]).toBe('SubnetId         SubnetName');
  expect(format('DescribeSubnets', { TotalCount: 0, SubnetSet: [], RequestId: 'r-1' })).toBe('none\n');
});

it('a table shows no pre-shared key; whoever wants it asks for JSON', () => {
  const reply = { VpnConnection: { VpnConnectionId: 'vpnx-00000001', PreShareKey: 'hunter2' }, RequestId: 'r-1' };
  expect(format('CreateVpnConnection', reply)).toBe(
    'VpnConnectionId  vpnx-00000001\nPreShareKey      (not shown in tables)\n',
  );
  const list = { TotalCount: 1, VpnConnectionSet: [reply.VpnConnection], RequestId: 'r-1' };
  expect(format('DescribeVpnConnections', list)).not.toContain('hunter2');
  expect(format('DescribeVpnConnections', list, { format: 'json' })).toContain('hunter2');
});

it('what has nothing to say is done; several lists have titles', () => {
  expect(format('DeleteVpc', { RequestId: 'r-1' })).toBe('done (request r-1)\n');
  const preview = {
    Plans: [{ ResourceId: 'host', Change: 'changed', Parts: ['routes'] }],
    Tunnels: [],
    RequestId: 'r-1',
  };
  expect(format('PreviewChanges', preview)).toBe('Plans:\nResourceId  Change\nhost        changed\n');
});

it('ids one a line: the own ones, not those of what objects belong to', () => {
  expect(format('DescribeSubnets', subnets, { format: 'id' })).toBe('subnet-00000001\nsubnet-00000002\n');
  const vpc = { Vpc: { VpcName: 'a', VpcId: 'vpc-00000001', DhcpOptionsId: '' }, RequestId: 'r-1' };
  expect(format('CreateVpc', vpc, { format: 'id' })).toBe('vpc-00000001\n');
  expect(format('DescribeSubnets', { TotalCount: 0, SubnetSet: [], RequestId: 'r-1' }, { format: 'id' })).toBe('');
  expect(format('DeleteVpc', { RequestId: 'r-1' }, { format: 'id' })).toBe('');
  expect(() => format('GetTags', { Tags: [{ TagKey: 'a' }], RequestId: 'r-1' }, { format: 'id' })).toThrow(
    'has no ids',
  );
});

it('a query picks what is printed, as JSON, YAML, a table or lines', () => {
  const query = 'SubnetSet[].{Id: SubnetId, Range: CidrBlock}';
  expect(JSON.parse(format('DescribeSubnets', subnets, { format: 'json', query }))).toEqual([
    { Id: 'subnet-00000001', Range: '10.0.1.0/24' },
    { Id: 'subnet-00000002', Range: '10.0.2.0/24' },
  ]);
  expect(format('DescribeSubnets', subnets, { query })).toMatch(/^Id +Range\nsubnet-00000001 +10.0.1.0\/24\n/);
  expect(format('DescribeSubnets', subnets, { format: 'yaml', query: 'SubnetSet[0].CidrBlock' })).toBe('10.0.1.0/24\n');
  expect(format('DescribeSubnets', subnets, { format: 'id', query: 'SubnetSet[].CidrBlock' })).toBe(
    '10.0.1.0/24\n10.0.2.0/24\n',
  );
  expect(() => checkedQuery('SubnetSet[')).toThrow('--query SubnetSet[');
});
