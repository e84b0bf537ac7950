import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHarness, type ApiHarness } from '../../../../testing/api-harness.ts';
import { makeGateway, makePeer, makeTunnel, makeVpc, tunnelRequest } from '../../../../testing/sample-resources.ts';

let api: ApiHarness;
let gateway: string;
let peers: readonly [string, string];

beforeEach(async () => {
  api = await startHarness();
  gateway = await makeGateway(api, await makeVpc(api));
  peers = [await makePeer(api, '198.51.100.1'), await makePeer(api, '198.51.100.2')];
});
afterEach(() => api.close());

const everyBranch = { RemoteIdentity: 'ADDRESS', RemoteAddress: '192.168.0.2' };
const secondKey = { PreShareKey: 'another secret' };

function ike(version: 1 | 2, more: object = everyBranch) {
  return { IKEOptionsSpecification: { IKEVersion: `IKEV${version}`, ...more } };
}

describe('two peers that call themselves the same and have different keys', () => {
  it.each([
    ['an address', everyBranch],
    ['a name', { RemoteIdentity: 'FQDN', RemoteFqdnName: 'branch.example' }],
  ])('are refused with IKEv2, naming the first: %s', async (_what, identity) => {
    const first = await makeTunnel(api, gateway, peers[0], ike(2, identity));
    const error = await api.fail(
      'CreateVpnConnection',
      tunnelRequest(gateway, peers[1], { ...ike(2, identity), ...secondKey }),
    );
    expect([error.Code, error.Message]).toEqual(['InvalidParameterValue', expect.stringContaining('`PreShareKey`')]);
    expect(error.Message).toContain(first);
    // The key itself is in no message.
    expect(error.Message).not.toContain('secret');
  });

  it.each(['MAIN', 'AGGRESSIVE'])('are told apart by their addresses with IKEv1, mode %s', async (ExchangeMode) => {
    await makeTunnel(api, gateway, peers[0], ike(1, { ...everyBranch, ExchangeMode }));
    await makeTunnel(api, gateway, peers[1], { ...ike(1, { ...everyBranch, ExchangeMode }), ...secondKey });
  });

  it('may have different keys where the gateway calls itself differently, and the same key anywhere', async () => {
    await makeTunnel(api, gateway, peers[0], ike(2));
    const named = { ...everyBranch, LocalIdentity: 'FQDN', LocalFqdnName: 'gateway.example' };
    await makeTunnel(api, gateway, peers[1], { ...ike(2, named), ...secondKey });
    await makeTunnel(api, gateway, await makePeer(api, '198.51.100.3'), ike(2));
  });

  it('are refused by a change as well, of the key, of the identity or of the version', async () => {
    const first = await makeTunnel(api, gateway, peers[0], ike(2));
    const second = await makeTunnel(api, gateway, peers[1], ike(2));
    const change = (VpnConnectionId: string, more: object) =>
      api.fail('ModifyVpnConnectionAttribute', { VpnConnectionId, ...more });
    expect((await change(second, secondKey)).Message).toContain(first);
    const other = {
      PreShareKey: 'a third secret',
      ...ike(1, { RemoteIdentity: 'FQDN', RemoteFqdnName: 'other', PropoEncryAlgorithm: 'AES-CBC-256' }),
    };
    await api.succeed('ModifyVpnConnectionAttribute', { VpnConnectionId: second, ...other });
    expect((await change(second, ike(2))).Message).toContain(first);
    expect((await change(first, ike(2, { RemoteIdentity: 'FQDN', RemoteFqdnName: 'other' }))).Message).toContain(
      second,
    );
    await api.succeed('ModifyVpnConnectionAttribute', { VpnConnectionId: second, VpnConnectionName: 'renamed' });
  });
});

describe('if_ids', () => {
  it('of deleted tunnels are not given again soon', async () => {
    const seen: number[] = [];
    for (let round = 0; round < 3; round++) {
      const VpnConnectionId = await makeTunnel(api, gateway, peers[0]);
      seen.push(...api.rows.vpnConnections.all().map(({ ifId }) => ifId));
      await api.succeed('DeleteVpnConnection', { VpnGatewayId: gateway, VpnConnectionId });
    }
    expect(seen).toEqual([1, 2, 3]);
  });
});

describe('a peer that is this service', () => {
  const create = (IpAddress: string) => api.fail('CreateCustomerGateway', { CustomerGatewayName: 'us', IpAddress });

  it('is refused where no gateway has the address', async () => {
    const error = await create('203.0.113.31');
    expect(error.Code).toBe('InvalidParameterValue');
    expect(error.Message).toMatch(/`IpAddress`.*203\.0\.113\.31/);
  });

  it('is refused where it is the gateway itself, by a change as well; another gateway of ours is a peer', async () => {
    const other = await makeGateway(api, await makeVpc(api));
    const { VpnGatewaySet } = await api.succeed('DescribeVpnGateways', { VpnGatewayIds: [gateway] });
    const self = await makePeer(api, VpnGatewaySet[0]?.PublicIpAddress ?? '');
    const error = await api.fail('CreateVpnConnection', tunnelRequest(gateway, self));
    expect(error.Message).toMatch(new RegExp(`CustomerGatewayId.*${self}.*${gateway}`));
    const VpnConnectionId = await makeTunnel(api, gateway, peers[0]);
    const change = await api.fail('ModifyVpnConnectionAttribute', { VpnConnectionId, CustomerGatewayId: self });
    expect(change.Message).toContain(gateway);
    await makeTunnel(api, other, self);
  });
});
