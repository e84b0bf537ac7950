import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultQuotas } from '../../../domain/operator/quotas.ts';
import { startHarness, type ApiHarness } from '../../../../testing/api-harness.ts';
import { makeGateway, makePeer, makeTunnel } from '../../../../testing/sample-resources.ts';

let api: ApiHarness;
beforeEach(async () => {
  api = await startHarness({ quotas: { ...defaultQuotas, customerGateways: 2 } });
});
afterEach(() => api.close());

describe('customer gateways', () => {
  it('are made, found, renamed and deleted', async () => {
    const { CustomerGateway } = await api.succeed('CreateCustomerGateway', {
      CustomerGatewayName: '设备'.repeat(30),
      IpAddress: '10.9.8.7',
      BgpAsn: 65001,
    });
    const id = CustomerGateway.CustomerGatewayId;
    expect(CustomerGateway).toEqual({
      CustomerGatewayId: expect.stringMatching(/^cgw-[0-9a-z]{8}$/) as string,
      CustomerGatewayName: '设备'.repeat(30),
      IpAddress: '10.9.8.7',
      CreatedTime: '2026-11-22 12:00:00',
      BgpAsn: 65001,
    });
    const rename = { CustomerGatewayId: id, CustomerGatewayName: 'new' };
    await api.succeed('ModifyCustomerGatewayAttribute', rename);
    const find = async (parameters: object) => api.succeed('DescribeCustomerGateways', parameters);
    for (const [Name, value] of [
      ['customer-gateway-id', id],
      ['customer-gateway-name', 'new'],
      ['ip-address', '10.9.8.7'],
    ]) {
      expect((await find({ Filters: [{ Name, Values: [value] }] })).TotalCount).toBe(1);
      expect((await find({ Filters: [{ Name, Values: ['other'] }] })).TotalCount).toBe(0);
    }
    await api.succeed('DeleteCustomerGateway', { CustomerGatewayId: id });
    expect(await find({ CustomerGatewayIds: [id] })).toMatchObject({ TotalCount: 0, CustomerGatewaySet: [] });
    expect((await api.fail('DeleteCustomerGateway', { CustomerGatewayId: id })).Code).toBe('ResourceNotFound');
    expect((await api.fail('ModifyCustomerGatewayAttribute', rename)).Code).toBe('ResourceNotFound');
  });

  it.each([
    '0.1.2.3',
    '127.0.0.1',
    '169.254.1.1',
    '224.0.0.5',
    '255.255.255.255',
    '198.51.100.0',
    '172.16.255.255',
    '2001:db8::1',
    '192.0.2',
    'router',
    '',
  ])('refuse the address "%s"', async (IpAddress) => {
    const error = await api.fail('CreateCustomerGateway', { CustomerGatewayName: 'c', IpAddress });
    expect(error.Code).toMatch(/^InvalidParameterValue/);
    expect(error.Message).toContain('IpAddress');
  });

  it('have an address each, and a quota', async () => {
    const first = await makePeer(api, '198.51.100.1');
    const error = await api.fail('CreateCustomerGateway', { CustomerGatewayName: 'c', IpAddress: '198.51.100.1' });
    expect(error.Code).toBe('UnsupportedOperation.RecordExists');
    expect(error.Message).toContain(first);
    await makePeer(api, '198.51.100.2');
    const third = { CustomerGatewayName: 'c', IpAddress: '198.51.100.3' };
    expect((await api.fail('CreateCustomerGateway', third)).Code).toBe('LimitExceeded');
  });

  it('are kept while a tunnel needs them', async () => {
    const peer = await makePeer(api, '198.51.100.1');
    const tunnel = await makeTunnel(api, await makeGateway(api, ''), peer);
    const error = await api.fail('DeleteCustomerGateway', { CustomerGatewayId: peer });
    expect(error.Code).toBe('ResourceInUse');
    expect(error.Message).toContain(tunnel);
  });

  it('limit filters', async () => {
    const filters = Array.from({ length: 11 }, () => ({ Name: 'ip-address', Values: ['a'] }));
    expect((await api.fail('DescribeCustomerGateways', { Filters: filters })).Code).toBe(
      'InvalidParameterValue.LimitExceeded',
    );
    const values = [{ Name: 'ip-address', Values: ['1', '2', '3', '4', '5', '6'] }];
    expect((await api.fail('DescribeCustomerGateways', { Filters: values })).Message).toContain('Filters.0.Values');
  });
});
