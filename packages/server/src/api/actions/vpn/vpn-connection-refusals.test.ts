import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHarness, type ApiHarness } from '../../../../testing/api-harness.ts';
import { makeGateway, makePeer, makeVpc, policy, tunnelRequest } from '../../../../testing/sample-resources.ts';

/** Requests that leave nothing behind, so one server serves them all. */
let api: ApiHarness;
let VpnGatewayId: string;
let CustomerGatewayId: string;
beforeAll(async () => {
  api = await startHarness();
  VpnGatewayId = await makeGateway(api, await makeVpc(api));
  CustomerGatewayId = await makePeer(api, '198.51.100.1');
});
afterAll(async () => {
  expect((await api.succeed('DescribeVpnConnections')).TotalCount).toBe(0);
  await api.close();
});

const named = (side: 'Local' | 'Remote', name: string) => ({
  IKEOptionsSpecification: { [`${side}Identity`]: 'FQDN', [`${side}FqdnName`]: name },
});
const valid = (more: object = {}) => tunnelRequest(VpnGatewayId, CustomerGatewayId, more);

describe('CreateVpnConnection', () => {
  it.each([
    [{ PreShareKey: '' }, 'InvalidParameterValue.Empty', 'PreShareKey'],
    [{ PreShareKey: 'a\nb' }, 'InvalidParameterValue', 'PreShareKey'],
    [{ PreShareKey: 'a\u0000b' }, 'InvalidParameterValue', 'PreShareKey'],
    [{ PreShareKey: '\ud800' }, 'InvalidParameterValue', 'PreShareKey'],
    [{ PreShareKey: 'x'.repeat(1025) }, 'InvalidParameterValue.TooLong', 'PreShareKey'],
    [{ PreShareKey: undefined }, 'MissingParameter', 'PreShareKey'],
    [{ VpnConnectionName: 'x'.repeat(61) }, 'InvalidParameterValue.TooLong', 'VpnConnectionName'],
    [{ VpnConnectionName: 'a\u0000b' }, 'InvalidParameterValue', 'VpnConnectionName'],
    [{ VpnConnectionName: 'a\nb' }, 'InvalidParameterValue', 'VpnConnectionName'],
    [{ VpnConnectionName: 'a\u2028b' }, 'InvalidParameterValue', 'VpnConnectionName'],
    [{ VpnConnectionName: '\udc00\ud800' }, 'InvalidParameterValue', 'VpnConnectionName'],
    [{ Tags: [{ Key: 'a\tb' }] }, 'InvalidParameterValue', 'Tags.0.Key'],
    [{ CustomerGatewayId: 'cgw-00000000' }, 'ResourceNotFound', 'cgw-00000000'],
    [{ VpnGatewayId: 'vpngw-00000000' }, 'ResourceNotFound', 'vpngw-00000000'],
    [{ VpcId: 'vpc-00000000' }, 'InvalidParameterValue', 'VpcId'],
    [{ VpcId: 'vpc-X' }, 'InvalidParameterValue.Malformed', 'VpcId'],
    [{ RouteType: 'Bgp' }, 'UnsupportedOperation', 'BGP'],
    [{ BgpConfig: { TunnelCidr: 'a', LocalBgpIp: 'b', RemoteBgpIp: 'c' } }, 'UnsupportedOperation', 'BgpConfig'],
    [{ RouteType: 'Dynamic' }, 'InvalidParameterValue', 'RouteType'],
    [{ Route: { DestinationCidrBlock: '10.0.0.0/8' } }, 'UnsupportedOperation', 'CreateVpnGatewayRoutes'],
    [{ DpdEnable: 2 }, 'InvalidParameterValue', 'DpdEnable'],
    [{ DpdTimeout: '4' }, 'InvalidParameterValue.Range', 'DpdTimeout'],
    [{ DpdTimeout: 'soon' }, 'InvalidParameterValue.Malformed', 'DpdTimeout'],
    [{ DpdAction: 'hold' }, 'InvalidParameterValue', 'DpdAction'],
    [{ NegotiationType: 'lazy' }, 'InvalidParameterValue', 'NegotiationType'],
    [
      { IKEOptionsSpecification: { PropoEncryAlgorithm: 'SM4' } },
      'InvalidParameterValue',
      'IKEOptionsSpecification.PropoEncryAlgorithm',
    ],
    [
      { IPSECOptionsSpecification: { IntegrityAlgorith: 'SM3' } },
      'InvalidParameterValue',
      'IPSECOptionsSpecification.IntegrityAlgorith',
    ],
    [{ IPSECOptionsSpecification: { EncryptAlgorithm: 'SM4' } }, 'InvalidParameterValue', 'EncryptAlgorithm'],
    [{ IPSECOptionsSpecification: { EncryptAlgorithm: 'DES-CBC' } }, 'InvalidParameterValue', 'DES-CBC'],
    [{ IKEOptionsSpecification: { PropoEncryAlgorithm: 'DES-CBC' } }, 'InvalidParameterValue', 'DES-CBC'],
    [{ IKEOptionsSpecification: { PropoEncryAlgorithm: 'NULL' } }, 'InvalidParameterValue', 'PropoEncryAlgorithm'],
    [{ IKEOptionsSpecification: { PropoAuthenAlgorithm: 'SHA-384' } }, 'InvalidParameterValue', 'PropoAuthenAlgorithm'],
    [{ IKEOptionsSpecification: { DhGroupName: 'DH-GROUP2' } }, 'InvalidParameterValue', 'GROUP2'],
    [{ IPSECOptionsSpecification: { PfsDhGroup: 'GROUP2' } }, 'InvalidParameterValue', 'DH-GROUP2'],
    [{ IKEOptionsSpecification: { IKESaLifetimeSeconds: 59 } }, 'InvalidParameterValue.Range', 'IKESaLifetimeSeconds'],
    [{ IKEOptionsSpecification: { IKEVersion: 'IKEV3' } }, 'InvalidParameterValue', 'IKEVersion'],
    [
      { IKEOptionsSpecification: { IKEVersion: 'IKEV1', PropoEncryAlgorithm: 'AES256GCM128' } },
      'InvalidParameterValue',
      'IKEV2',
    ],
    [{ IKEOptionsSpecification: { LocalIdentity: 'FQDN' } }, 'MissingParameter', 'LocalFqdnName'],
    [{ IKEOptionsSpecification: { RemoteFqdnName: 'a b' } }, 'InvalidParameterValue.Malformed', 'RemoteFqdnName'],
    [named('Local', '*'), 'InvalidParameterValue.Malformed', 'LocalFqdnName'],
    [named('Remote', '*.example'), 'InvalidParameterValue.Malformed', 'RemoteFqdnName'],
    [named('Remote', 'x'.repeat(251)), 'InvalidParameterValue.Malformed', 'at most 250'],
    [named('Local', 'x'.repeat(255)), 'InvalidParameterValue.Malformed', 'LocalFqdnName'],
    [named('Remote', `#${'x'.repeat(124)}`), 'InvalidParameterValue.Malformed', 'at most 124'],
    [{ IKEOptionsSpecification: { LocalAddress: 'me' } }, 'InvalidParameterValue.Malformed', 'LocalAddress'],
    [
      { IKEOptionsSpecification: { PropoEncrAlgorithm: 'AES-CBC-128' } },
      'UnknownParameter.WithGuess',
      'IKEOptionsSpecification.PropoEncryAlgorithm',
    ],
    [{ IPSECOptionsSpecification: { Colour: 1 } }, 'UnknownParameter', 'IPSECOptionsSpecification.Colour'],
    [{ HealthCheckConfig: { ProbeThreshold: 9 } }, 'InvalidParameterValue.Range', 'HealthCheckConfig.ProbeThreshold'],
    [{ HealthCheckConfig: { ProbeType: 'TCP' } }, 'InvalidParameterValue', 'ProbeType'],
  ])('refuses %j with %s', async (change, code, mention) => {
    const error = await api.fail('CreateVpnConnection', valid(change));
    expect([error.Code, error.Message]).toEqual([code, expect.stringContaining(mention)]);
  });
});

describe('security policies', () => {
  const selective = policy('10.0.1.0/24', '192.168.1.0/24');

  it.each([
    [{ RouteType: 'Policy' }, 'MissingParameter', 'SecurityPolicyDatabases'],
    [policy('10.0.1.0/24'), 'InvalidParameterValue.Empty', 'SecurityPolicyDatabases.0.RemoteCidrBlock'],
    [policy('10.0.1.0/24', '10.0.1.128/25'), 'InvalidParameterValue.VpnConnSpdCidrConflict', '10.0.1.128/25'],
    [policy('10.0.1.0/24', '10.0.2.0/24'), 'InvalidParameterValue.VpcCidrConflict', '10.0.2.0/24'],
    [
      policy('10.0.1.0/24', '192.168.0.0/16', '192.168.1.0/24'),
      'InvalidParameterValue.VpnConnSpdCidrConflict',
      '192.168.1.0/24',
    ],
    [policy('10.0.1.0/24', '224.0.0.0/4'), 'InvalidParameterValue', 'RemoteCidrBlock.0'],
    [policy('127.0.0.0/8', '192.168.1.0/24'), 'InvalidParameterValue', 'LocalCidrBlock'],
    [policy('fd00::/8', '192.168.1.0/24'), 'InvalidParameterValue', 'LocalCidrBlock'],
    [policy('10.0.1.0', '192.168.1.0/33'), 'InvalidParameterValue.Malformed', 'RemoteCidrBlock.0'],
    [
      {
        SecurityPolicyDatabases: [
          { LocalCidrBlock: '10.0.0.0/16', RemoteCidrBlock: ['192.168.1.0/24'] },
          { LocalCidrBlock: '10.0.1.0/24', RemoteCidrBlock: ['192.168.1.128/25'] },
        ],
      },
      'InvalidParameterValue.VpnConnCidrConflict',
      '10.0.0.0/16 - 192.168.1.0/24',
    ],
    [
      { ...selective, EnableHealthCheck: true },
      'UnsupportedOperation.VpnConnCidrNotSupportedHealthCheck',
      'EnableHealthCheck',
    ],
  ])('refuses %j with %s', async (change, code, mention) => {
    const error = await api.fail('CreateVpnConnection', valid(change));
    expect([error.Code, error.Message]).toEqual([code, expect.stringContaining(mention)]);
  });
});

describe('health checks', () => {
  const checked = (local?: string, remote?: string) => ({
    EnableHealthCheck: true,
    HealthCheckLocalIp: local,
    HealthCheckRemoteIp: remote,
  });

  it.each([
    [
      checked('10.0.5.5', '169.254.200.2'),
      'InvalidParameterValue',
      '`HealthCheckLocalIp` 10.0.5.5 lies inside 10.0.0.0/16',
    ],
    [checked('169.254.200.1', '8.8.8.8'), 'InvalidParameterValue', '`HealthCheckRemoteIp` 8.8.8.8: an address of'],
    [
      checked('169.254.0.2', '169.254.200.2'),
      'InvalidParameterValue',
      '`HealthCheckLocalIp` 169.254.0.2: an address of',
    ],
    [checked('169.254.200.1', '255.255.255.255'), 'InvalidParameterValue', 'HealthCheckRemoteIp'],
    [checked('169.254.200.1', '169.254.200.1'), 'InvalidParameterValue.VpnConnHealthCheckIpConflict', '169.254.200.1'],
    [checked('224.0.0.1', '169.254.200.1'), 'InvalidParameterValue', 'HealthCheckLocalIp'],
    [checked('127.0.0.1', '169.254.200.1'), 'InvalidParameterValue', 'HealthCheckLocalIp'],
    [checked('x', '169.254.200.1'), 'InvalidParameterValue.Malformed', 'HealthCheckLocalIp'],
  ])('refuse %j with %s', async (change, code, mention) => {
    const error = await api.fail('CreateVpnConnection', valid(change));
    expect([error.Code, error.Message]).toEqual([code, expect.stringContaining(mention)]);
  });
});
