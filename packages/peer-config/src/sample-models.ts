import { parseCidr, parseIpAddress } from '@landbridge/net';
import type { PeerEsp, PeerIke, PeerModel, PeerTunnel } from './peer-model.ts';

const [deviceAddress, gatewayAddress, secondGatewayAddress] = ['198.51.100.7', '203.0.113.17', '203.0.113.18'].map(
  parseIpAddress,
) as [ReturnType<typeof parseIpAddress>, ReturnType<typeof parseIpAddress>, ReturnType<typeof parseIpAddress>];

const device = { publicAddress: deviceAddress, address: deviceAddress, interfaceName: 'GigabitEthernet0/0' };

/** What every platform knows. */
const plainIke: PeerIke = {
  version: 2,
  aggressive: false,
  encryption: 'aes256',
  integrity: 'sha256',
  dhGroup: 14,
  lifetimeSeconds: 28_800,
};
const plainEsp: PeerEsp = {
  encryption: 'aes256',
  integrity: 'sha256',
  pfsGroup: 14,
  lifetimeSeconds: 3600,
  lifetimeKilobytes: 4_096_000_000,
};

const byRoute: PeerTunnel = {
  id: 'vpnx-0a1b2c3d',
  name: 'to the head office',
  priority: 0,
  gatewayAddress,
  localIdentity: { kind: 'address', value: deviceAddress },
  remoteIdentity: { kind: 'address', value: gatewayAddress },
  preSharedKey: null,
  ike: plainIke,
  esp: plainEsp,
  dpd: { enabled: true, timeoutSeconds: 30, action: 'restart' },
  natTraversal: true,
  initiates: true,
  traffic: {
    mode: 'route',
    remotes: ['10.0.0.0/16', '172.16.8.0/22'].map(parseCidr),
    withheld: [],
    locals: [parseCidr('192.168.1.0/24')],
  },
  mtu: 1400,
  mss: 1360,
  healthCheck: null,
};

const byPolicy: PeerTunnel = {
  ...byRoute,
  traffic: {
    mode: 'policy',
    pairs: ['10.0.1.0/24', '10.0.2.0/24'].map((remote) => ({
      local: parseCidr('192.168.1.0/24'),
      remote: parseCidr(remote),
    })),
  },
};

const check = (local: string, remote: string): NonNullable<PeerTunnel['healthCheck']> => ({
  localAddress: parseIpAddress(local),
  remoteAddress: parseIpAddress(remote),
  intervalMs: 5000,
  threshold: 3,
  timeoutMs: 150,
});

/** The cases of the golden files, by their names. */
export const sampleModels = {
  'policy-ikev1': {
    device,
    tunnels: [
      { ...byPolicy, ike: { ...plainIke, version: 1, integrity: 'sha1' }, esp: { ...plainEsp, integrity: 'sha1' } },
    ],
  },
  'policy-ikev2': { device, tunnels: [{ ...byPolicy, preSharedKey: 'a-long-random-secret', initiates: false }] },
  'route-ikev2': { device, tunnels: [byRoute] },
  'route-ikev2-gcm': {
    device,
    tunnels: [
      {
        ...byRoute,
        ike: { ...plainIke, encryption: 'aes256gcm16', dhGroup: 19 },
        esp: { ...plainEsp, encryption: 'aes256gcm16', pfsGroup: 19 },
      },
    ],
  },
  'failover-pair': {
    device,
    tunnels: [
      { ...byRoute, healthCheck: check('169.254.130.2', '169.254.130.1') },
      {
        ...byRoute,
        id: 'vpnx-4e5f6g7h',
        name: 'to the head office, second',
        priority: 100,
        gatewayAddress: secondGatewayAddress,
        remoteIdentity: { kind: 'address', value: secondGatewayAddress },
        healthCheck: check('169.254.130.6', '169.254.130.5'),
      },
    ],
  },
  'fqdn-behind-nat': {
    device: { ...device, address: parseIpAddress('192.168.100.2') },
    tunnels: [
      {
        ...byPolicy,
        localIdentity: { kind: 'fqdn', value: 'branch.example.com' },
        remoteIdentity: { kind: 'fqdn', value: 'cloud.example.com' },
        dpd: { enabled: false, timeoutSeconds: 30, action: 'restart' },
        esp: { ...plainEsp, pfsGroup: null },
      },
    ],
  },
} satisfies Record<string, PeerModel>;
