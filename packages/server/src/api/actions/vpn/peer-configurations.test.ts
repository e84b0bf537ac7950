import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dialects } from '@landbridge/peer-config/dialects';
import { startHarness, type ApiHarness } from '../../../../testing/api-harness.ts';
import { expectRefusal } from '../../../../testing/refusals.ts';
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
  it('are refused while the service has no public addresses any more', async () => {
    const id = await makeTunnel(api, gatewayId, peerId, plain);
    await api.close({ keepData: true });
    api = await startHarness({ dataDir: api.dataDir, uplink: null });
    const refusal = { code: 'ResourceInsufficient', names: ['uplink'] };
    await expectRefusal(api, ['DownloadCustomerGatewayConfiguration', request(id)], refusal);
  });

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

  describe('by route', () => {
    const byRoute = { ...plain, RouteType: 'StaticRoute' };
    const leadTo = async (VpnConnectionId: string, DestinationCidrBlock: string, Status = 'ENABLE') => {
      const { Routes } = await api.succeed('CreateVpnGatewayRoutes', {
        VpnGatewayId: gatewayId,
        Routes: [{ DestinationCidrBlock, InstanceType: 'VPNCONN', InstanceId: VpnConnectionId, Priority: 0, Status }],
      });
      expect(Routes).toHaveLength(1);
    };
    const routeTo = (range: string) => new RegExp(`^ip route ${range.replaceAll('.', '\\.')} \\S+ Tunnel101`, 'm');

    it('route what else the gateway forwards to, and nothing that it does not', async () => {
      const [id, second, byPolicy] = [
        await makeTunnel(api, gatewayId, peerId, byRoute),
        await makeTunnel(api, gatewayId, await makePeer(api, '198.51.100.8'), byRoute),
        await makeTunnel(api, gatewayId, await makePeer(api, '198.51.100.9'), policy('10.0.0.0/16', '192.168.3.0/24')),
      ];
      await leadTo(id, '192.168.1.0/24');
      await leadTo(second, '192.168.2.0/24');
      await leadTo(second, '192.168.4.0/24', 'DISABLE');
      const text = await download(id);
      expect(text).toMatch(routeTo('10.0.0.0'));
      expect(text).toMatch(routeTo('192.168.2.0'));
      for (const range of ['192.168.1.0', '192.168.3.0', '192.168.4.0']) expect(text).not.toMatch(routeTo(range));
      expect(byPolicy).toMatch(/^vpnx-/);
    });

    it('leave out a range that the gateway itself is in, and say so', async () => {
      const id = await makeTunnel(api, gatewayId, peerId, byRoute);
      const second = await makeTunnel(api, gatewayId, await makePeer(api, '198.51.100.8'), byRoute);
      await leadTo(second, '0.0.0.0/0');
      const text = await download(id);
      expect(text).toMatch(routeTo('10.0.0.0'));
      expect(text).not.toMatch(routeTo('0.0.0.0'));
      expect(text).toMatch(/^! Not routed into the tunnel, since the gateway \S+ itself is in it: 0\.0\.0\.0\/0\./m);
    });
  });

  describe('of a pair', () => {
    const byRoute = { ...plain, RouteType: 'StaticRoute' };

    it('have both tunnels of the device, the named one first', async () => {
      const other = await makeGateway(api, await makeVpc(api, { CidrBlock: '10.7.0.0/16' }));
      const id = await makeTunnel(api, gatewayId, peerId, byRoute);
      const StandbyVpnConnectionId = await makeTunnel(api, other, peerId, byRoute);
      const text = await download(id, { StandbyVpnConnectionId });
      expect(text).toMatch(/^ip route 10\.0\.0\.0 255\.255\.0\.0 Tunnel101 1$/m);
      expect(text).toMatch(/^ip route 10\.7\.0\.0 255\.255\.0\.0 Tunnel102 101$/m);
      const { VpnGatewaySet } = await api.succeed('DescribeVpnGateways', { VpnGatewayIds: [gatewayId, other] });
      for (const { PublicIpAddress } of VpnGatewaySet)
        expect(text).toContain(` tunnel destination ${PublicIpAddress}\n`);
      expect(await download(id)).not.toContain('Tunnel102');
    });

    it('are refused for two devices, and for tunnels of one gateway', async () => {
      const other = await makeGateway(api, await makeVpc(api, { CidrBlock: '10.7.0.0/16' }));
      const id = await makeTunnel(api, gatewayId, peerId, byRoute);
      const elsewhere = await makeTunnel(api, other, await makePeer(api, '198.51.100.8'), byRoute);
      const failing = (StandbyVpnConnectionId: string) =>
        api.fail('DownloadCustomerGatewayConfiguration', request(id, { StandbyVpnConnectionId }));
      const devices = await failing(elsewhere);
      expect(devices.Code).toBe('InvalidParameterValue');
      for (const named of ['StandbyVpnConnectionId', elsewhere, '198.51.100.8', id, '198.51.100.7']) {
        expect(devices.Message).toContain(named);
      }
      const gateways = await failing(id);
      expect(gateways.Code).toBe('InvalidParameterValue');
      expect(gateways.Message).toMatch(/StandbyVpnConnectionId.*two gateways/);
      expect((await failing('vpnx-00000000')).Code).toBe('ResourceNotFound');
      const byPolicy = await makeTunnel(api, other, peerId, policy('10.7.0.0/16', '192.168.1.0/24'));
      expect(await failing(byPolicy)).toMatchObject({
        Code: 'UnsupportedOperation',
        Message: expect.stringContaining('a failover pair is by route') as string,
      });
    });
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
