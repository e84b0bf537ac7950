import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHarness, type ApiHarness } from '../../../../testing/api-harness.ts';

/** Requests that leave nothing behind, so one server serves them all. */
let api: ApiHarness;
beforeAll(async () => {
  api = await startHarness();
});
afterAll(() => api.close());

describe('CreateVpc', () => {
  it.each([
    [{ VpcName: 'a' }, 'MissingParameter', 'CidrBlock'],
    [{ CidrBlock: '10.0.0.0/16' }, 'MissingParameter', 'VpcName'],
    [{ VpcName: '', CidrBlock: '10.0.0.0/16' }, 'InvalidParameterValue.Empty', 'VpcName'],
    [{ VpcName: 'ü'.repeat(31), CidrBlock: '10.0.0.0/16' }, 'InvalidParameterValue.TooLong', 'VpcName'],
    [{ VpcName: 'a', CidrBlock: '10.0.0.0' }, 'InvalidParameterValue.Malformed', 'CidrBlock'],
    [{ VpcName: 'a', CidrBlock: '10.0.0.1/16' }, 'InvalidParameterValue.Malformed', '10.0.0.0/16'],
    [{ VpcName: 'a', CidrBlock: '8.8.0.0/16' }, 'InvalidParameterValue', 'CidrBlock'],
    [{ VpcName: 'a', CidrBlock: '10.0.0.0/8' }, 'InvalidParameterValue', 'CidrBlock'],
    [{ VpcName: 'a', CidrBlock: '192.168.0.0/29' }, 'InvalidParameterValue', 'CidrBlock'],
    [{ VpcName: 'a', CidrBlock: 5 }, 'InvalidParameter', 'CidrBlock'],
    [{ VpcName: 'a', CidrBlock: '10.0.0.0/16', EnableMulticast: 'yes' }, 'InvalidParameterValue', 'EnableMulticast'],
    [
      { VpcName: 'a', CidrBlock: '10.0.0.0/16', EnableRouteVpcPublish: 'true' },
      'InvalidParameter',
      'EnableRouteVpcPublish',
    ],
    [{ VpcName: 'a', CidrBlock: '10.0.0.0/16', DnsServers: ['x'] }, 'InvalidParameterValue.Malformed', 'DnsServers.0'],
    [{ VpcName: 'a', CidrBlock: '10.0.0.0/16', DnsServers: ['::1'] }, 'InvalidParameterValue', 'DnsServers.0'],
    [
      { VpcName: 'a', CidrBlock: '10.0.0.0/16', DnsServers: ['1.1.1.1', '1.1.1.2', '1.1.1.3', '1.1.1.4', '1.1.1.5'] },
      'InvalidParameterValue.LimitExceeded',
      'DnsServers',
    ],
    [{ VpcName: 'a', CidrBlock: '10.0.0.0/16', Ipv6: true }, 'UnknownParameter', '`Ipv6`'],
    [{ VpcNames: 'a', CidrBlock: '10.0.0.0/16', VpcName: 'a' }, 'UnknownParameter.WithGuess', '`VpcName`'],
    [{ VpcName: 'a', CidrBlock: '10.0.0.0/16', Tags: [{ Kee: 'a', Key: 'b' }] }, 'UnknownParameter', 'Tags.0.Kee'],
    [
      { VpcName: 'a', CidrBlock: '10.0.0.0/16', Tags: [{ Key: 'a' }, { Key: 'a' }] },
      'InvalidParameterValue.TagDuplicateKey',
      '`a`',
    ],
    [{ VpcName: 'a', CidrBlock: '10.0.0.0/16', Tags: [{ Key: '' }] }, 'InvalidParameterValue.TagInvalidKeyLen', '127'],
    [
      { VpcName: 'a', CidrBlock: '10.0.0.0/16', Tags: [{ Key: 'a', Value: 'v'.repeat(256) }] },
      'InvalidParameterValue.TagInvalidVal',
      '255',
    ],
    [
      {
        VpcName: 'a',
        CidrBlock: '10.0.0.0/16',
        Tags: Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}` })),
      },
      'LimitExceeded.TagKeyPerResourceExceeded',
      '50',
    ],
  ])('refuses %j with %s', async (parameters, code, mention) => {
    const error = await api.fail('CreateVpc', parameters);
    expect(error.Code).toBe(code);
    expect(error.Message).toContain(mention);
  });
});

describe('DescribeVpcs', () => {
  it.each([
    [{ VpcIds: ['vpc-00000000'], Filters: [{ Name: 'vpc-id', Values: ['a'] }] }, 'InvalidParameter.Coexist'],
    [{ Filters: [{ Name: 'colour', Values: ['red'] }] }, 'InvalidParameter.FilterInvalidKey'],
    [{ Filters: [{ Name: 'toString', Values: ['red'] }] }, 'InvalidParameter.FilterInvalidKey'],
    [{ Limit: 101 }, 'InvalidParameterValue.Range'],
    [{ Limit: 'ten' }, 'InvalidParameter'],
    [{ Offset: '-1' }, 'InvalidParameterValue.Range'],
    [{ VpcIds: ['subnet-00000000'] }, 'InvalidParameterValue.Malformed'],
    [{ VpcIds: Array.from({ length: 101 }, () => 'vpc-00000000') }, 'InvalidParameterValue.LimitExceeded'],
    [{ Filters: [{ Name: 'vpc-id' }] }, 'MissingParameter'],
    [{ Filters: [{ Name: 'vpc-id', Values: 'a' }] }, 'InvalidParameter.FilterValuesNotList'],
    [{ Filters: ['vpc-id'] }, 'InvalidParameter.FilterNotDict'],
  ])('refuses %j with %s', async (parameters, code) => {
    expect((await api.fail('DescribeVpcs', parameters)).Code).toBe(code);
  });
});
