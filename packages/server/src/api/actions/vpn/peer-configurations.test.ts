import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dialects } from '@landbridge/peer-config/dialects';
import { startHarness, type ApiHarness } from '../../../../testing/api-harness.ts';
import { makeGateway, makePeer, makeTunnel, makeVpc, policy } from '../../../../testing/sample-resources.ts';

let api: ApiHarness;
let gatewayId: string;
let peerId: string;

beforeEach(async () => {
  api = await startHarness();
  gatewayId = await makeGateway(api, await makeVpc(api));
  peerId = await makePeer(api, '198.51.100.7');
});
afterEach(() => api.close());

const ios = { VendorName: 'cisco', Platform: 'ios', SoftwareVersion: 'V15.4' };
const swanctl = { VendorName: 'strongswan', Platform: 'swanctl', SoftwareVersion: 'V5.9' };
/** What every platform knows. */
const plain = {
  IKEOptionsSpecification: {
    IKEVersion: 'IKEV2',
    PropoEncryAlgorithm: 'AES-CBC-256',
    PropoAuthenAlgorithm: 'SHA-256',
    DhGroupName: 'GROUP14',
    IKESaLifetimeSeconds: 28_800,
  },
  IPSECOptionsSpecification: {
    EncryptAlgorithm: 'AES-CBC-256',
    IntegrityAlgorith: 'SHA-256',
    PfsDhGroup: 'DH-GROUP14',
    IPSECSaLifetimeSeconds: 3600,
  },
};

function request(VpnConnectionId: string, more: object = {}) {
  const where = { VpnGatewayId: gatewayId, InterfaceName: 'GigabitEthernet0/0' };
  return { ...where, VpnConnectionId, CustomerGatewayVendor: ios, ...more };
}

async function download(connectionId: string, more: object = {}): Promise<string> {
  const reply = await api.succeed('DownloadCustomerGatewayConfiguration', request(connectionId, more));
  return reply.CustomerGatewayConfiguration;
}

describe('configurations of peers', () => {
  it('are had for the vendor’s kinds of devices, and more', async () => {
    const { CustomerGatewayVendorSet: all } = await api.succeed('DescribeCustomerGatewayVendors');
    expect(all.slice(0, 2)).toEqual([ios, { VendorName: 'h3c', Platform: 'comware', SoftwareVersion: 'V1.0' }]);
    expect(all).toHaveLength(dialects.length);
    const id = await makeTunnel(api, gatewayId, peerId, { ...plain, ...policy('10.0.1.0/24', '192.168.1.0/24') });
    const { VpnGatewaySet } = await api.succeed('DescribeVpnGateways', { VpnGatewayIds: [gatewayId] });
    const gatewayAddress = VpnGatewaySet[0]?.PublicIpAddress;
    for (const vendor of all) {
      const call = request(id, { CustomerGatewayVendor: vendor });
      // The platforms that have no policies say so.
      if (['frr', 'aws'].includes(vendor.VendorName)) {
        const error = await api.fail('DownloadCustomerGatewayConfiguration', call);
        expect(error).toMatchObject({ Code: 'UnsupportedOperation' });
        expect(error.Message).toContain('traffic.mode');
      } else {
        const { CustomerGatewayConfiguration: text } = await api.succeed('DownloadCustomerGatewayConfiguration', call);
        expect(text).toContain(gatewayAddress);
      }
    }
  });

  it('are the tunnel’s, seen from its other end, with its key', async () => {
    const id = await makeTunnel(api, gatewayId, peerId, {
      ...policy('10.0.1.0/24', '192.168.1.0/24', '192.168.2.0/24'),
      PreShareKey: 'the key of this tunnel',
      IKEOptionsSpecification: {
        RemoteIdentity: 'FQDN',
        RemoteFqdnName: 'branch.example.com',
        IKESaLifetimeSeconds: 1000,
      },
      DpdEnable: 1,
      DpdTimeout: '60',
      NegotiationType: 'passive',
    });
    const text = await download(id, { CustomerGatewayVendor: swanctl });
    const { VpnGatewaySet } = await api.succeed('DescribeVpnGateways', { VpnGatewayIds: [gatewayId] });
    const address = VpnGatewaySet[0]?.PublicIpAddress ?? '';
    expect(text).toMatch(/local \{\s+auth = psk\s+id = "fqdn:branch\.example\.com"\s/);
    expect(text).toContain(`remote_addrs = ${address}\n`);
    expect(text).toMatch(new RegExp(`remote \\{\\s+auth = psk\\s+id = "${address.replaceAll('.', '\\.')}"\\s`));
    expect([...text.matchAll(/(?:local|remote)_ts = (\S+)/g)].map(([, range]) => range)).toEqual([
      ...['192.168.1.0/24', '10.0.1.0/24'],
      ...['192.168.2.0/24', '10.0.1.0/24'],
    ]);
    expect(text).toContain('secret = "the key of this tunnel"\n');
    expect(text).toContain('dpd_delay = 20s\n');
    expect(text).toMatch(/rekey_time = 900s\s+over_time = 100s/);
    expect(text).toContain('start_action = start\n');
  });

  it('route the VPC into a tunnel by route, and own the address that is probed', async () => {
    const id = await makeTunnel(api, gatewayId, peerId, {
      ...plain,
      RouteType: 'StaticRoute',
      PreShareKey: 'secret-word',
      EnableHealthCheck: true,
      HealthCheckLocalIp: '169.254.200.1',
      HealthCheckRemoteIp: '169.254.200.2',
    });
    const text = await download(id);
    expect(text).toContain(' ip address 169.254.200.2 255.255.255.255\n');
    expect(text).toContain(' icmp-echo 169.254.200.1 source-ip 169.254.200.2\n');
    expect(text).toMatch(/^ip route 10\.0\.0\.0 255\.255\.0\.0 Tunnel101 1 track 101$/m);
    expect(text).toContain(' tunnel source GigabitEthernet0/0\n');
    expect(text).toContain('  pre-shared-key secret-word\n');
  });

  it('route every range of the VPC into a tunnel by route', async () => {
    const id = await makeTunnel(api, gatewayId, peerId, { ...plain, RouteType: 'StaticRoute' });
    const secondary = /^ip route 10\.9\.0\.0 255\.255\.0\.0 Tunnel101/m;
    expect(await download(id)).not.toMatch(secondary);
    const { VpnGatewaySet } = await api.succeed('DescribeVpnGateways', { VpnGatewayIds: [gatewayId] });
    await api.succeed('CreateAssistantCidr', { VpcId: VpnGatewaySet[0]?.VpcId, CidrBlocks: ['10.9.0.0/16'] });
    const text = await download(id);
    expect(text).toMatch(secondary);
    expect(text).toMatch(/^ip route 10\.0\.0\.0 255\.255\.0\.0 Tunnel101/m);
  });

  it('are refused by what a platform lacks, without the key', async () => {
    const id = await makeTunnel(api, gatewayId, peerId, { RouteType: 'StaticRoute', PreShareKey: 'what? "this"' });
    const error = await api.fail('DownloadCustomerGatewayConfiguration', request(id));
    expect(error.Code).toBe('UnsupportedOperation');
    expect(error.Message).toContain('preSharedKey');
    expect(error.Message).not.toContain('this"');
  });

  it('are refused for what nobody knows', async () => {
    const id = await makeTunnel(api, gatewayId, peerId, { RouteType: 'StaticRoute' });
    const failing = (more: object) => api.fail('DownloadCustomerGatewayConfiguration', request(id, more));
    const unknown = { ...ios, SoftwareVersion: 'V12' };
    expect(await failing({ CustomerGatewayVendor: unknown })).toMatchObject({
      Code: 'InvalidParameterValue.Malformed',
      Message: expect.stringContaining('cisco/ios/V12') as string,
    });
    expect((await failing({ VpnConnectionId: 'vpnx-00000000' })).Code).toBe('ResourceNotFound');
    expect((await failing({ VpnGatewayId: await makeGateway(api, await makeVpc(api)) })).Code).toBe('ResourceNotFound');
    const error = await failing({ InterfaceName: 'eth0\nreload' });
    expect(error.Code).toMatch(/^InvalidParameterValue/);
    expect(error.Message).toContain('InterfaceName');
  });
});
