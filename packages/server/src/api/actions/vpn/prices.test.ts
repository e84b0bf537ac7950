import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHarness, type ApiHarness } from '../../../../testing/api-harness.ts';
import { makeGateway, makeVpc } from '../../../../testing/sample-resources.ts';

/** What the vendor bills, and what it offers beside IPsec. */
let api: ApiHarness;
beforeAll(async () => {
  api = await startHarness();
});
afterAll(() => api.close());

const InstanceChargePrepaid = { Period: 1 };
const sums = (price: object) => JSON.stringify(price).match(/\d+(\.\d+)?/g);

describe('prices', () => {
  it('are zero, of what is there and of what might be', async () => {
    const VpnGatewayId = await makeGateway(api, await makeVpc(api));
    const { Price: create } = await api.succeed('InquiryPriceCreateVpnGateway', { InternetMaxBandwidthOut: 5 });
    const renewal = { VpnGatewayId, InstanceChargePrepaid };
    const { Price: renew } = await api.succeed('InquiryPriceRenewVpnGateway', renewal);
    const bandwidth = { VpnGatewayId, InternetMaxBandwidthOut: 10 };
    const { Price: reset } = await api.succeed('InquiryPriceResetVpnGatewayInternetMaxBandwidth', bandwidth);
    for (const price of [create, renew, reset]) expect(sums(price)).toEqual(['0', '0', '0', '0', '0', '0']);
    expect(await api.succeed('InquirePriceCreateDirectConnectGateway')).toMatchObject({
      TotalCost: 0,
      RealTotalCost: 0,
    });
  });

  it.each([
    ['InquiryPriceRenewVpnGateway', { InstanceChargePrepaid }],
    ['InquiryPriceResetVpnGatewayInternetMaxBandwidth', { InternetMaxBandwidthOut: 10 }],
  ])('of a gateway that is not there are not told: %s', async (action, parameters) => {
    const error = await api.fail(action, { VpnGatewayId: 'vpngw-notthere', ...parameters });
    expect(error).toMatchObject({ Code: 'ResourceNotFound' });
  });
});

describe('SSL VPN', () => {
  it('has no servers and no clients, and makes none', async () => {
    expect(await api.succeed('DescribeVpnGatewaySslServers')).toMatchObject({ TotalCount: 0, SslVpnSeverSet: [] });
    const Filters = [{ Name: 'vpn-gateway-id', Values: ['vpngw-abcdefgh'] }];
    expect(await api.succeed('DescribeVpnGatewaySslClients', { Filters })).toMatchObject({ SslVpnClientSet: [] });
    expect((await api.fail('CreateVpnGatewaySslServer')).Code).toBe('UnsupportedOperation');
  });

  it.each(['Server', 'Client'])('refuses what no Describe call takes: %s', async (kind) => {
    const action = `DescribeVpnGatewaySsl${kind}s`;
    const Filters = [{ Name: 'colour', Values: ['red'] }];
    expect((await api.fail(action, { Filters })).Code).toBe('InvalidParameter.FilterInvalidKey');
    const both = { Filters: [], [`SslVpn${kind}Ids`]: ['x'] };
    expect(await api.call(action, both)).toMatchObject({ TotalCount: 0 });
    const excluding = { Filters: [{ Name: 'vpc-id', Values: ['x'] }], [`SslVpn${kind}Ids`]: ['x'] };
    expect((await api.fail(action, excluding)).Code).toBe('InvalidParameter.Coexist');
  });
});
