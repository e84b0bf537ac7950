import { afterAll, beforeAll, describe, it } from 'vitest';
import { completeQuotas } from '../../../domain/operator/quotas.ts';
import { startHarness, type ApiHarness } from '../../../../testing/api-harness.ts';
import { expectRefusal } from '../../../../testing/refusals.ts';
import {
  makeGateway,
  makePeer,
  makeTunnel,
  makeVpc,
  policy,
  tunnelRequest,
} from '../../../../testing/sample-resources.ts';

/** Changes of a tunnel that creation would have refused as well. Nothing is changed, so one server serves them all. */
let api: ApiHarness;
let VpnGatewayId: string;
let VpnConnectionId: string;
/** With policies. */
let selective: string;
/** Of the same gateway, with a health check from 169.254.200.1 to 169.254.200.2. */
let probed: string;

beforeAll(async () => {
  api = await startHarness({ quotas: completeQuotas({ policiesPerVpnConnection: 1 }) });
  VpnGatewayId = await makeGateway(api, await makeVpc(api));
  VpnConnectionId = await makeTunnel(api, VpnGatewayId, await makePeer(api, '198.51.100.1'));
  selective = await makeTunnel(api, VpnGatewayId, await makePeer(api, '198.51.100.2'), {
    ...{ RouteType: 'Policy', ...policy('10.0.0.0/16', '192.168.1.0/24') },
  });
  probed = await makeTunnel(api, VpnGatewayId, await makePeer(api, '198.51.100.3'), {
    ...{ EnableHealthCheck: true, HealthCheckLocalIp: '169.254.200.1', HealthCheckRemoteIp: '169.254.200.2' },
  });
});
afterAll(() => api.close());

const IKE = 'IKEOptionsSpecification';
const health = 'InvalidParameterValue.VpnConnHealthCheckIpConflict';

describe('ModifyVpnConnectionAttribute refuses', () => {
  it.each([
    [
      { BgpConfig: { TunnelCidr: '169.254.1.0/30', LocalBgpIp: '169.254.1.1', RemoteBgpIp: '169.254.1.2' } },
      ...(['UnsupportedOperation', ['BgpConfig', 'BGP']] as const),
    ],
    [{ [IKE]: { PropoEncryAlgorithm: 'SM4' } }, 'InvalidParameterValue', [`${IKE}.PropoEncryAlgorithm`, 'SM4']],
    [{ [IKE]: { LocalIdentity: 'FQDN' } }, 'MissingParameter', [`${IKE}.LocalFqdnName`]],
    [
      { [IKE]: { RemoteIdentity: 'FQDN', RemoteFqdnName: '*.example' } },
      ...(['InvalidParameterValue.Malformed', [`${IKE}.RemoteFqdnName`, '*']] as const),
    ],
    [{ HealthCheckLocalIp: '169.254.201.1', HealthCheckRemoteIp: '169.254.201.1' }, health, ['169.254.201.1']],
    [{ HealthCheckLocalIp: '198.51.100.77' }, 'InvalidParameterValue', ['HealthCheckLocalIp', '198.51.100.77']],
  ])('%j', async (change, code, names) => {
    const request = { VpnConnectionId, ...change };
    await expectRefusal(api, ['ModifyVpnConnectionAttribute', request], { code, names });
  });

  it.each(['Local', 'Remote'])('a %s address of another tunnel’s health check', async (side) => {
    const request = { VpnConnectionId, [`HealthCheck${side}Ip`]: '169.254.200.2' };
    const names = [`HealthCheck${side}Ip`, '169.254.200.2', probed];
    await expectRefusal(api, ['ModifyVpnConnectionAttribute', request], { code: health, names });
  });

  it.each([
    [
      policy('10.0.1.0/24', '10.0.1.128/25'),
      'InvalidParameterValue.VpnConnSpdCidrConflict',
      ['10.0.1.0/24', '10.0.1.128/25'],
    ],
    [policy('10.0.1.0/24', '10.0.2.0/24'), 'InvalidParameterValue.VpcCidrConflict', ['10.0.2.0/24', '10.0.0.0/16']],
    [
      policy('10.0.1.0/24', '192.168.0.0/16', '192.168.1.0/24'),
      ...(['InvalidParameterValue.VpnConnSpdCidrConflict', ['192.168.0.0/16', '192.168.1.0/24']] as const),
    ],
  ])('the policies %j', async (policies, code, conflicting) => {
    const names = ['SecurityPolicyDatabases', ...conflicting];
    const request = { VpnConnectionId: selective, ...policies };
    await expectRefusal(api, ['ModifyVpnConnectionAttribute', request], { code, names });
  });

  it('more policies than a tunnel may have', async () => {
    const SecurityPolicyDatabases = [
      ...policy('10.0.1.0/24', '192.168.1.0/24').SecurityPolicyDatabases,
      ...policy('10.0.2.0/24', '192.168.2.0/24').SecurityPolicyDatabases,
    ];
    const request = { VpnConnectionId: selective, SecurityPolicyDatabases };
    await expectRefusal(api, ['ModifyVpnConnectionAttribute', request], { code: 'LimitExceeded', names: ['1'] });
  });
});

it('an address of ours that no gateway has any more is no peer', async () => {
  const gone = await makeGateway(api, '');
  const { VpnGatewaySet } = await api.succeed('DescribeVpnGateways', { VpnGatewayIds: [gone] });
  const address = VpnGatewaySet[0]!.PublicIpAddress;
  const CustomerGatewayId = await makePeer(api, address);
  await api.succeed('DeleteVpnGateway', { VpnGatewayId: gone });
  const refusal = { code: 'InvalidParameterValue', names: ['CustomerGatewayId', CustomerGatewayId, address] };
  await expectRefusal(api, ['CreateVpnConnection', tunnelRequest(VpnGatewayId, CustomerGatewayId)], refusal);
  const change = { VpnConnectionId, CustomerGatewayId };
  await expectRefusal(api, ['ModifyVpnConnectionAttribute', change], refusal);
});
