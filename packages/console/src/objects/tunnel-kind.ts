import { call, type Parameters } from '../calls/call.ts';
import { change } from '../changes/change.ts';
import type { Form } from '../changes/difference.ts';
import { slugs } from './addresses.ts';
import { choices } from './choices.ts';
import { customerGatewayKind } from './customer-gateway-kind.ts';
import { formOf, requestOf, type Field, type PathOf } from './field.ts';
import { selected, type ObjectKind } from './object-kind.ts';

type Request = Parameters<'ModifyVpnConnectionAttribute'>;

const isIkev1 = (form: Form) => form['IKEOptionsSpecification.IKEVersion'] === 'IKEV1';
const isNamed = (whose: 'Local' | 'Remote') => (form: Form) =>
  form[`IKEOptionsSpecification.${whose}Identity`] === 'FQDN';
const isAddressed = (whose: 'Local' | 'Remote') => (form: Form) => !isNamed(whose)(form);
const hasDpd = (form: Form) => form['DpdEnable'] === 'true';
const hasCheck = (form: Form) => form['EnableHealthCheck'] === 'true';

const ikeChoice = { type: 'choice', group: 'ike' } as const;
const ikeText = { type: 'text', group: 'ike' } as const;
const espChoice = { type: 'choice', group: 'esp' } as const;
const checkNumber = { type: 'number', group: 'check', when: hasCheck } as const;

const fields = [
  { path: 'VpnConnectionName', type: 'text', required: true },
  { path: 'CustomerGatewayId', type: 'object', from: [customerGatewayKind] },
  { path: 'PreShareKey', type: 'secret', hasHint: true },
  { path: 'NegotiationType', type: 'choice', choices: choices.negotiation },
  { path: 'SecurityPolicyDatabases', type: 'policies', hasHint: true },
  { path: 'IKEOptionsSpecification.IKEVersion', ...ikeChoice, choices: choices.ikeVersion },
  { path: 'IKEOptionsSpecification.ExchangeMode', ...ikeChoice, choices: choices.exchangeMode, when: isIkev1 },
  { path: 'IKEOptionsSpecification.PropoEncryAlgorithm', ...ikeChoice, choices: choices.ikeEncryption },
  { path: 'IKEOptionsSpecification.PropoAuthenAlgorithm', ...ikeChoice, choices: choices.ikeIntegrity },
  { path: 'IKEOptionsSpecification.DhGroupName', ...ikeChoice, choices: choices.ikeGroup },
  { path: 'IKEOptionsSpecification.IKESaLifetimeSeconds', type: 'number', group: 'ike', required: true },
  { path: 'IKEOptionsSpecification.LocalIdentity', ...ikeChoice, choices: choices.identity },
  { path: 'IKEOptionsSpecification.LocalAddress', ...ikeText, when: isAddressed('Local') },
  { path: 'IKEOptionsSpecification.LocalFqdnName', ...ikeText, when: isNamed('Local') },
  { path: 'IKEOptionsSpecification.RemoteIdentity', ...ikeChoice, choices: choices.identity },
  { path: 'IKEOptionsSpecification.RemoteAddress', ...ikeText, when: isAddressed('Remote') },
  { path: 'IKEOptionsSpecification.RemoteFqdnName', ...ikeText, when: isNamed('Remote') },
  { path: 'IPSECOptionsSpecification.EncryptAlgorithm', ...espChoice, choices: choices.espEncryption },
  { path: 'IPSECOptionsSpecification.IntegrityAlgorithm', ...espChoice, choices: choices.espIntegrity },
  { path: 'IPSECOptionsSpecification.PfsDhGroup', ...espChoice, choices: choices.pfsGroup },
  { path: 'IPSECOptionsSpecification.IPSECSaLifetimeSeconds', type: 'number', group: 'esp', required: true },
  { path: 'IPSECOptionsSpecification.IPSECSaLifetimeTraffic', type: 'number', group: 'esp', required: true },
  { path: 'DpdEnable', type: 'flag', group: 'dpd' },
  { path: 'DpdTimeout', type: 'text', group: 'dpd', when: hasDpd },
  { path: 'DpdAction', type: 'choice', group: 'dpd', choices: choices.dpdAction, when: hasDpd },
  { path: 'EnableHealthCheck', type: 'truth', group: 'check' },
  { path: 'HealthCheckLocalIp', type: 'text', group: 'check', when: hasCheck },
  { path: 'HealthCheckRemoteIp', type: 'text', group: 'check', when: hasCheck },
  { path: 'HealthCheckConfig.ProbeInterval', ...checkNumber },
  { path: 'HealthCheckConfig.ProbeThreshold', ...checkNumber },
  { path: 'HealthCheckConfig.ProbeTimeout', ...checkNumber },
] as const satisfies readonly (Field & { path: PathOf<Request> })[];

export const tunnelKind: ObjectKind = {
  slug: slugs.vpnx,
  prefix: 'vpnx',
  word: 'kinds.tunnels',
  rows: ['vpnConnections'],
  fields,
  filters: { ids: { vpnx: 'vpn-connection-id', vpngw: 'vpn-gateway-id', cgw: 'customer-gateway-id', vpc: 'vpc-id' } },
  read: async (selection, options) => {
    const asked = selected('VpnConnectionIds', selection);
    const { VpnConnectionSet, TotalCount } = await call('DescribeVpnConnections', asked, options);
    const objects = VpnConnectionSet.map((row) => {
      const { VpnConnectionId, VpnConnectionName: name, VpnGatewayId, VpcId, RouteType, CreatedTime } = row;
      return {
        ...{ id: VpnConnectionId, name, region: options.region, summary: VpnGatewayId, within: VpnGatewayId },
        facts: { VpnGatewayId, VpcId, RouteType, CreatedTime },
        form: formOf(fields, { ...row, SecurityPolicyDatabases: row.SecurityPolicyDatabaseSet }),
        save: (changed: readonly string[], draft: Form) => [
          change('ModifyVpnConnectionAttribute', {
            ...requestOf(fields, changed, draft),
            VpnConnectionId,
          }),
        ],
        removal: change('DeleteVpnConnection', { VpnGatewayId, VpnConnectionId }),
      };
    });
    return { objects, total: TotalCount };
  },
};
