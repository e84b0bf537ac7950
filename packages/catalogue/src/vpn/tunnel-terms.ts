import type { Words } from '../action-definition.ts';

/** What each setting of a tunnel is called wherever somebody reads of it, by the parameter as the API writes it. */
export const tunnelTerms = {
  VpnConnectionName: { en: 'Name', zh: '名称' },
  CustomerGatewayId: { en: 'Customer gateway', zh: '对端网关' },
  PreShareKey: { en: 'Pre-shared key', zh: '预共享密钥' },
  NegotiationType: { en: 'Negotiation', zh: '协商类型' },
  SecurityPolicyDatabases: { en: 'SPD policies', zh: 'SPD 策略' },
  'IKEOptionsSpecification.IKEVersion': { en: 'IKE version', zh: 'IKE 版本' },
  'IKEOptionsSpecification.ExchangeMode': { en: 'Exchange mode', zh: '协商模式' },
  'IKEOptionsSpecification.PropoEncryAlgorithm': { en: 'IKE encryption', zh: 'IKE 加密算法' },
  'IKEOptionsSpecification.PropoAuthenAlgorithm': { en: 'IKE integrity', zh: 'IKE 认证算法' },
  'IKEOptionsSpecification.DhGroupName': { en: 'IKE DH group', zh: 'IKE DH 组' },
  'IKEOptionsSpecification.IKESaLifetimeSeconds': { en: 'IKE_SA lifetime, seconds', zh: 'IKE SA 生存周期（秒）' },
  'IKEOptionsSpecification.LocalIdentity': { en: 'Local identity', zh: '本端标识类型' },
  'IKEOptionsSpecification.LocalAddress': { en: 'Local identity, address', zh: '本端标识地址' },
  'IKEOptionsSpecification.LocalFqdnName': { en: 'Local identity, name', zh: '本端标识名称' },
  'IKEOptionsSpecification.RemoteIdentity': { en: 'Remote identity', zh: '对端标识类型' },
  'IKEOptionsSpecification.RemoteAddress': { en: 'Remote identity, address', zh: '对端标识地址' },
  'IKEOptionsSpecification.RemoteFqdnName': { en: 'Remote identity, name', zh: '对端标识名称' },
  'IPSECOptionsSpecification.EncryptAlgorithm': { en: 'ESP encryption', zh: 'ESP 加密算法' },
  'IPSECOptionsSpecification.IntegrityAlgorithm': { en: 'ESP integrity', zh: 'ESP 认证算法' },
  'IPSECOptionsSpecification.PfsDhGroup': { en: 'PFS group', zh: 'PFS 组' },
  'IPSECOptionsSpecification.IPSECSaLifetimeSeconds': {
    en: 'CHILD_SA lifetime, seconds',
    zh: 'IPsec SA 生存周期（秒）',
  },
  'IPSECOptionsSpecification.IPSECSaLifetimeTraffic': { en: 'CHILD_SA lifetime, KB', zh: 'IPsec SA 生存周期（KB）' },
  DpdEnable: { en: 'Dead peer detection', zh: 'DPD 检测' },
  DpdTimeout: { en: 'DPD timeout, seconds', zh: 'DPD 超时时间（秒）' },
  DpdAction: { en: 'DPD action', zh: 'DPD 超时操作' },
  EnableHealthCheck: { en: 'Health check', zh: '健康检查' },
  HealthCheckLocalIp: { en: 'Probe address of the gateway', zh: '健康检查本端地址' },
  HealthCheckRemoteIp: { en: 'Probe address of the peer', zh: '健康检查对端地址' },
  'HealthCheckConfig.ProbeInterval': { en: 'Probe interval, ms', zh: '探测间隔（毫秒）' },
  'HealthCheckConfig.ProbeThreshold': { en: 'Failures until it counts as down', zh: '探测失败次数' },
  'HealthCheckConfig.ProbeTimeout': { en: 'Probe timeout, ms', zh: '探测超时（毫秒）' },
} as const satisfies Readonly<Record<string, Words>>;

export type TunnelSetting = keyof typeof tunnelTerms;

const ike = <Name extends string>(name: Name) => `IKEOptionsSpecification.${name}` as const;
const esp = <Name extends string>(name: Name) => `IPSECOptionsSpecification.${name}` as const;

/** The setting that each field of ComparePeerConfiguration is about, or what else the field is called. */
export const comparedFields = {
  'ike-version': ike('IKEVersion'),
  'gateway-address': { en: 'Address of the gateway', zh: '本端网关地址' },
  'device-address': { en: 'Address of the customer gateway', zh: '对端网关地址' },
  'gateway-identity': ike('LocalIdentity'),
  'device-identity': ike('RemoteIdentity'),
  authentication: { en: 'Authentication', zh: '认证方式' },
  key: 'PreShareKey',
  'exchange-mode': ike('ExchangeMode'),
  'ike-encryption': ike('PropoEncryAlgorithm'),
  'ike-integrity': ike('PropoAuthenAlgorithm'),
  'ike-group': ike('DhGroupName'),
  'ike-lifetime': ike('IKESaLifetimeSeconds'),
  encapsulation: { en: 'Encapsulation', zh: '封装模式' },
  'esp-encryption': esp('EncryptAlgorithm'),
  'esp-integrity': esp('IntegrityAlgorithm'),
  pfs: esp('PfsDhGroup'),
  'esp-lifetime': esp('IPSECSaLifetimeSeconds'),
  selectors: 'SecurityPolicyDatabases',
  routes: { en: 'Routes', zh: '路由' },
  dpd: 'DpdEnable',
  'nat-traversal': { en: 'NAT traversal', zh: 'NAT 穿越' },
  initiation: 'NegotiationType',
} as const satisfies Readonly<Record<string, TunnelSetting | Words>>;

export type ComparedField = keyof typeof comparedFields;

/** What a field of a comparison is called. */
export function comparedTerm(field: ComparedField): Words {
  const known = comparedFields[field];
  return typeof known === 'string' ? tunnelTerms[known] : known;
}
