import type { WireEspOptions, WireIkeOptions } from '@landbridge/catalogue/vpn/negotiation';

/**
 * What can be chosen, where a call takes one of a few words. The catalogue's schemas stay on the server: choices.test.ts holds this
 * against them.
 */
const ciphers = [
  ...(['AES256GCM128', 'AES192GCM128', 'AES128GCM128', 'AES-CBC-256', 'AES-CBC-192', 'AES-CBC-128'] as const),
  '3DES-CBC',
] as const satisfies readonly WireIkeOptions['PropoEncryAlgorithm'][];

const groups = ['14', '15', '16', '19', '20', '21', '24', '5', '2', '1'] as const;

export const choices = {
  ikeEncryption: ciphers,
  ikeIntegrity: ['SHA-512', 'SHA-256', 'SHA', 'MD5'] satisfies WireIkeOptions['PropoAuthenAlgorithm'][],
  ikeGroup: groups.map((group) => `GROUP${group}` as const) satisfies WireIkeOptions['DhGroupName'][],
  ikeVersion: ['IKEV2', 'IKEV1'],
  exchangeMode: ['MAIN', 'AGGRESSIVE'],
  identity: ['ADDRESS', 'FQDN'],
  espEncryption: [...ciphers, 'NULL'] satisfies WireEspOptions['EncryptAlgorithm'][],
  espIntegrity: ['SHA-512', 'SHA-384', 'SHA-256', 'SHA1', 'MD5'] satisfies WireEspOptions['IntegrityAlgorithm'][],
  pfsGroup: ['NULL', ...groups.map((group) => `DH-GROUP${group}` as const)] satisfies WireEspOptions['PfsDhGroup'][],
  negotiation: ['active', 'passive', 'flowTrigger'],
  dpdAction: ['restart', 'clear'],
  bandwidth: ['5', '10', '20', '50', '100', '200', '500', '1000'],
  gatewayRouteTarget: ['VPNCONN', 'CCN'],
  gatewayRoutePriority: ['0', '100'],
  gatewayRouteStatus: ['ENABLE', 'DISABLE'],
  ccnInstance: ['VPC', 'VPNGW', 'DIRECTCONNECT'],
  mode: ['standard', 'exquisite'],
} as const;
