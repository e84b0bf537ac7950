import { expect, it } from 'vitest';
import { chosenNetworks, endOfNetwork, networksOf } from './networks.ts';

type Sources = Parameters<typeof networksOf>[0];

const tunnel = (VpnConnectionId: string, CustomerGatewayId: string, RemoteCidrBlock: string[] = []) => ({
  ...{ VpnConnectionId, CustomerGatewayId },
  SecurityPolicyDatabaseSet: [{ LocalCidrBlock: '0.0.0.0/0', RemoteCidrBlock }],
});

const networks = networksOf({
  answers: {
    vpcs: [{ VpcId: 'vpc-1', VpcName: 'shop' }],
    subnets: [
      { SubnetId: 'subnet-b', SubnetName: 'db', CidrBlock: '10.0.10.0/24', VpcId: 'vpc-1' },
      { SubnetId: 'subnet-a', SubnetName: 'web', CidrBlock: '10.0.2.0/24', VpcId: 'vpc-1' },
    ],
    customerGateways: [
      { CustomerGatewayId: 'cgw-1', CustomerGatewayName: 'Berlin' },
      { CustomerGatewayId: 'cgw-2', CustomerGatewayName: 'Paris' },
    ],
    connections: [tunnel('vpnx-1', 'cgw-1', ['0.0.0.0/0']), tunnel('vpnx-2', 'cgw-2', ['192.168.9.0/24'])],
  } as unknown as Sources['answers'],
  ranges: [
    { range: '192.168.1.0/24', placeId: 'vpnx-1' },
    { range: '192.168.1.0/24', placeId: 'vpnx-2' },
    { range: '0.0.0.0/0', placeId: 'vpnx-1' },
    { range: '192.168.7.0/24', placeId: 'vpnx-others' },
    { range: '172.16.0.0/16', placeId: 'dcg-1' },
  ],
  stateOf: (id) => ({ State: id === 'vpnx-2' ? 'up' : 'refused' }),
});

it('subnets come first, then what is behind tunnels, then what is behind lines, each by its range', () => {
  expect(networks.map(({ kind, range }) => [kind, range])).toEqual([
    ['subnet', '10.0.2.0/24'],
    ['subnet', '10.0.10.0/24'],
    ['idc', '192.168.1.0/24'],
    ['idc', '192.168.9.0/24'],
    ['dedicated', '172.16.0.0/16'],
  ]);
});

it('a range behind two tunnels is one network, whose packets come by the one that works', () => {
  const both = networks[2];
  expect(both).toMatchObject({ name: 'Paris, Berlin', places: ['vpnx-2', 'vpnx-1'] });
  expect(both && endOfNetwork(both)).toBe('192.168.1.10@vpnx-2');
});

it('networks are chosen by name, range, place and kind', () => {
  const chosen = (filter: string) => chosenNetworks(networks, filter).map(({ range }) => range);
  expect(chosen('')).toHaveLength(5);
  expect(chosen('SHOP web')).toEqual(['10.0.2.0/24']);
  expect(chosen('dedicated')).toEqual(['172.16.0.0/16']);
  expect(chosen('vpnx-1')).toEqual(['192.168.1.0/24']);
});
