import type { DifferenceField, Finding } from './difference.ts';

/** Parameters of ModifyVpnConnectionAttribute that decide a field; null: another Action does, or none. */
const parameters: Readonly<Record<DifferenceField, string | null>> = {
  'ike-version': 'IKEOptionsSpecification.IKEVersion',
  'gateway-address': null,
  'device-address': null,
  'gateway-identity': 'IKEOptionsSpecification.LocalIdentity with LocalAddress or LocalFqdnName',
  'device-identity': 'IKEOptionsSpecification.RemoteIdentity with RemoteAddress or RemoteFqdnName',
  authentication: null,
  key: 'PreShareKey',
  'exchange-mode': 'IKEOptionsSpecification.ExchangeMode',
  'ike-encryption': 'IKEOptionsSpecification.PropoEncryAlgorithm',
  'ike-integrity': 'IKEOptionsSpecification.PropoAuthenAlgorithm',
  'ike-group': 'IKEOptionsSpecification.DhGroupName',
  'ike-lifetime': 'IKEOptionsSpecification.IKESaLifetimeSeconds',
  encapsulation: null,
  'esp-encryption': 'IPSECOptionsSpecification.EncryptAlgorithm',
  'esp-integrity': 'IPSECOptionsSpecification.IntegrityAlgorithm',
  pfs: 'IPSECOptionsSpecification.PfsDhGroup',
  'esp-lifetime': 'IPSECOptionsSpecification.IPSECSaLifetimeSeconds',
  selectors: 'SecurityPolicyDatabases',
  routes: null,
  dpd: 'DpdEnable',
  'nat-traversal': null,
  initiation: 'NegotiationType',
};

/** Where no parameter helps. */
const otherwise: Partial<Record<DifferenceField, string>> = {
  'gateway-address': 'not possible: the gateway keeps its address',
  'device-address': 'CustomerGatewayId of a customer gateway with the device’s address',
  authentication: 'not possible: the gateway knows shared keys only',
  encapsulation: 'not possible: the gateway knows ESP in tunnel mode only',
  routes: 'nothing',
  'nat-traversal': 'nothing',
};

/** What to change at the gateway. */
export function fixHere({ field, theirs }: Finding): string {
  const parameter = parameters[field];
  if (parameter === null) return otherwise[field] ?? 'nothing';
  if (field === 'key') return `${parameter}: the device’s key`;
  if (field === 'dpd') return `${parameter}: 0`;
  if (field === 'initiation') return `${parameter}: active`;
  return `${parameter}: what the device has (${theirs})`;
}
