import { expect, it } from 'vitest';
import type { Gateway } from '../tunnels/gateway-book.ts';
import { graphOf, lineIdOf } from './graph-model.ts';
import type { NetworkAnswers } from './network-answers.ts';

const answers = {
  vpcs: [
    {
      ...{ VpcId: 'vpc-1', VpcName: 'shop', CidrBlock: '10.0.0.0/16' },
      ...{ AssistantCidrSet: [{ CidrBlock: '10.9.0.0/16' }], TagSet: [{ Key: 'team', Value: 'Blue' }] },
    },
  ],
  subnets: [{ SubnetId: 'subnet-1', SubnetName: 'web', CidrBlock: '10.0.1.0/24', VpcId: 'vpc-1', TagSet: [] }],
  customerGateways: [{ CustomerGatewayId: 'cgw-1', CustomerGatewayName: 'Berlin', IpAddress: '198.51.100.7' }],
  connections: [
    {
      ...{ VpnConnectionId: 'vpnx-1', VpnConnectionName: 'to Berlin', VpnGatewayId: 'vpngw-1' },
      ...{ CustomerGatewayId: 'cgw-1', TagSet: [] },
    },
    {
      ...{ VpnConnectionId: 'vpnx-2', VpnConnectionName: '', VpnGatewayId: 'vpngw-others' },
      ...{ CustomerGatewayId: 'cgw-1', TagSet: [] },
    },
  ],
  ccns: [{ CcnId: 'ccn-1', CcnName: 'core', TagSet: [] }],
  attachments: [
    { CcnId: 'ccn-1', InstanceId: 'vpc-1', InstanceType: 'VPC', InstanceName: 'shop', State: 'ACTIVE' },
    { CcnId: 'ccn-1', InstanceId: 'vpc-others', InstanceType: 'VPC', InstanceName: 'guest', State: 'ACTIVE' },
    { CcnId: 'ccn-1', InstanceId: 'vpc-asked', InstanceType: 'VPC', InstanceName: 'asked', State: 'PENDING' },
    { CcnId: 'ccn-1', InstanceId: 'dcg-1', InstanceType: 'DIRECTCONNECT', InstanceName: 'dc', State: 'ACTIVE' },
  ],
  directConnectGateways: [
    { DirectConnectGatewayId: 'dcg-1', DirectConnectGatewayName: 'dc', DirectConnectGatewayIp: '', VpcId: '' },
  ],
  lines: ['dcg-1', 'dcg-others'].map((DirectConnectGatewayId) => ({
    ...{ DirectConnectGatewayId, InterfaceName: 'eth1', VlanId: 7, Vxlan: null, PeerAddress: '192.0.2.1' },
  })),
  refused: [],
} as unknown as NetworkAnswers;

const gateway = {
  ...{ VpnGatewayId: 'vpngw-1', VpnGatewayName: 'edge', PublicIpAddress: '203.0.113.1', VpcId: 'vpc-1', TagSet: [] },
} as unknown as Gateway;

const graph = graphOf({
  ...{ answers, gateways: [gateway] },
  stateOf: (id) => (id === 'vpnx-1' ? { State: 'refused' } : undefined),
});

it('objects are nodes; what is asked for only, and what is somebody else’s, is none', () => {
  expect([...graph.nodes.keys()].toSorted()).toEqual(
    ['vpc-1', 'cgw-1', 'ccn-1', 'dcg-1', lineIdOf('dcg-1'), 'vpngw-1', 'vpc-others'].toSorted(),
  );
  expect(graph.nodes.get('vpc-others')).toMatchObject({ isOthers: true, kind: 'vpc', name: 'guest' });
  expect(graph.nodes.get('vpc-1')).toMatchObject({
    ...{ isOthers: false, detail: '10.0.0.0/16, 10.9.0.0/16' },
    rows: [{ id: 'subnet-1', name: 'web', detail: '10.0.1.0/24' }],
  });
  expect(graph.nodes.get(lineIdOf('dcg-1'))?.name).toBe('eth1.7');
});

it('a filter finds an object by its tags and by its subnets', () => {
  const { text = '' } = graph.nodes.get('vpc-1') ?? {};
  for (const word of ['team=blue', 'shop', 'vpc-1', 'subnet-1', '10.0.1.0/24']) expect(text).toContain(word);
});

it('links lead from the outside inwards, and a tunnel has its state', () => {
  const ends = graph.links.map(({ from, to, tunnel }) => [from, to, tunnel?.id ?? ''].join(' ').trim());
  expect(ends.toSorted()).toEqual(
    [
      ...['cgw-1 vpngw-1 vpnx-1', 'vpngw-1 vpc-1', 'ccn-1 vpc-1', 'ccn-1 vpc-others', 'dcg-1 ccn-1'],
      `${lineIdOf('dcg-1')} dcg-1`,
    ].toSorted(),
  );
  expect(graph.links[0]?.tunnel).toEqual({ id: 'vpnx-1', name: 'to Berlin', state: 'refused', kind: 'bad' });
});
