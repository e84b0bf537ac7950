import { tunnelTerms, type TunnelSetting } from '../vpn/tunnel-terms.ts';
import type { FindingEntry } from './finding-entry.ts';

/** The way into the tunnel. Errors: nothing finds it; warnings: something does not. */
const ways = {
  'no-gateway-route': {
    severity: 'error',
    layer: 'routing',
    field: 'Routes.N.DestinationCidrBlock',
    summary: {
      en: 'The tunnel is routed by destination, and no enabled route of its gateway leads into it.',
      zh: '通道采用目的路由，但其网关没有启用的路由指向该通道。',
    },
    fixHere: {
      en: 'Create a route to the ranges behind the peer by CreateVpnGatewayRoutes, or enable the one that there is.',
      zh: '通过 CreateVpnGatewayRoutes 创建指向对端网段的路由，或启用已有的路由。',
    },
  },
  'no-vpc-route': {
    severity: 'error',
    layer: 'routing',
    field: 'Routes.N.GatewayId',
    summary: {
      en: 'No route table of a subnet leads {ours} to the gateway of the tunnel: what the VPC sends there is lost.',
      zh: '没有任何子网的路由表将 {ours} 指向该通道的网关：私有网络发往该网段的报文会丢失。',
    },
    fixHere: {
      en: 'Create routes to these ranges with GatewayType `VPN` by CreateRoutes, in the route table of each subnet that is meant.',
      zh: '在相关子网的路由表中，通过 CreateRoutes 创建 GatewayType 为 `VPN`、指向上述网段的路由。',
    },
  },
  'no-ccn-route': {
    severity: 'error',
    layer: 'routing',
    field: 'RouteIds',
    summary: {
      en: 'No route table of the CCN leads {ours} to the gateway of the tunnel: what the CCN carries does not come here.',
      zh: '云联网的路由表均未将 {ours} 指向该通道的网关：云联网的流量无法到达。',
    },
    fixHere: {
      en: 'Enable the ranges by ModifyVpnGatewayCcnRoutes and EnableCcnRoutes, or move what they overlap.',
      zh: '通过 ModifyVpnGatewayCcnRoutes 和 EnableCcnRoutes 启用这些网段，或调整与其重叠的网段。',
    },
  },
  'gateway-not-attached': {
    severity: 'error',
    layer: 'routing',
    field: 'Instances.N.InstanceId',
    summary: {
      en: 'The gateway of the tunnel is for a CCN and attached to none, and has no other tunnel to forward to.',
      zh: '该通道的网关为云联网类型，但未关联任何云联网，也没有其他可转发的通道。',
    },
    fixHere: {
      en: 'Attach the gateway by AttachCcnInstances.',
      zh: '通过 AttachCcnInstances 将网关关联到云联网。',
    },
  },
  'destination-in-own-vpc': {
    severity: 'error',
    layer: 'routing',
    field: 'DestinationCidrBlock',
    summary: {
      en: 'All that is behind the tunnel, {ours}, lies in ranges of its own VPC, which are always local.',
      zh: '通道对端的全部网段 {ours} 均位于自身私有网络的网段内，始终按本地路由处理。',
    },
    fixHere: { en: 'Lead other ranges into the tunnel.', zh: '将其他网段指向该通道。' },
    fixThere: {
      en: 'Use ranges that are not the VPC’s, by NAT if need be.',
      zh: '改用与私有网络不同的网段，必要时使用 NAT。',
    },
  },
  'no-mapping-reached': {
    severity: 'error',
    layer: 'policy',
    field: 'SecurityPolicyDatabases.N.LocalCidrBlock',
    summary: {
      en: 'No local range of the policies, {ours}, is one that the gateway reaches: no packet can match.',
      zh: '策略的本端网段 {ours} 均不是网关可达的网段：没有报文可以匹配。',
    },
    fixHere: {
      en: 'Name ranges of the VPC, or of what is on the CCN, as local ranges by ModifyVpnConnectionAttribute.',
      zh: '通过 ModifyVpnConnectionAttribute 将本端网段改为私有网络或云联网内的网段。',
    },
    fixThere: { en: 'Change the remote ranges of the peer in the same way.', zh: '相应修改对端的远端网段。' },
  },
  'range-without-vpc-route': {
    severity: 'warning',
    layer: 'routing',
    field: 'Routes.N.GatewayId',
    summary: {
      en: 'No route table of a subnet leads {ours} to the gateway of the tunnel.',
      zh: '没有任何子网的路由表将 {ours} 指向该通道的网关。',
    },
    fixHere: {
      en: 'Create routes to these ranges with GatewayType `VPN` by CreateRoutes.',
      zh: '通过 CreateRoutes 创建 GatewayType 为 `VPN`、指向上述网段的路由。',
    },
  },
  'range-without-ccn-route': {
    severity: 'warning',
    layer: 'routing',
    field: 'RouteIds',
    summary: {
      en: 'No route table of the CCN leads {ours} to the gateway of the tunnel.',
      zh: '云联网的路由表均未将 {ours} 指向该通道的网关。',
    },
    fixHere: {
      en: 'Enable the ranges by ModifyVpnGatewayCcnRoutes and EnableCcnRoutes, or move what they overlap.',
      zh: '通过 ModifyVpnGatewayCcnRoutes 和 EnableCcnRoutes 启用这些网段，或调整与其重叠的网段。',
    },
  },
  'range-waits-on-ccn': {
    severity: 'notice',
    layer: 'routing',
    field: 'RouteIds',
    summary: {
      en: 'On the CCN another VPN gateway serves {ours}; this one follows when that one fails.',
      zh: '云联网中 {ours} 由另一 VPN 网关提供服务；其故障时由本网关接替。',
    },
    fixHere: {
      en: 'Nothing, where it is meant to stand by; otherwise disable the route of the other gateway (DisableCcnRoutes).',
      zh: '若本网关为备用则无需处理；否则禁用另一网关的路由（DisableCcnRoutes）。',
    },
  },
  'mapping-unreached': {
    severity: 'warning',
    layer: 'policy',
    field: 'SecurityPolicyDatabases.N.LocalCidrBlock',
    summary: {
      en: 'The local ranges {ours} of the policies are none that the gateway reaches: nothing can match them.',
      zh: '策略的本端网段 {ours} 不是网关可达的网段：没有报文可以匹配。',
    },
    fixHere: {
      en: 'Remove them, or name ranges of the VPC or of what is on the CCN.',
      zh: '删除这些网段，或改为私有网络或云联网内的网段。',
    },
  },
  'route-never-serves': {
    severity: 'warning',
    layer: 'routing',
    field: 'Routes.N.Priority',
    summary: {
      en: 'The gateway routes {ours} into the tunnel never serve: others that always stand beat them.',
      zh: '指向该通道的网关路由 {ours} 永远不会生效：始终存在优先于它们的路由。',
    },
    fixHere: {
      en: 'Delete them by DeleteVpnGatewayRoutes, or those that beat them.',
      zh: '通过 DeleteVpnGatewayRoutes 删除这些路由，或删除优先于它们的路由。',
    },
  },
  'route-outside-mappings': {
    severity: 'warning',
    layer: 'policy',
    field: 'SecurityPolicyDatabases.N.RemoteCidrBlock',
    summary: {
      en: 'Gateway routes lead {ours} into a tunnel whose policies do not cover them: such packets are dropped.',
      zh: '网关路由将 {ours} 指向策略未覆盖的通道：此类报文会被丢弃。',
    },
    fixHere: {
      en: 'Add the ranges to the policies, or delete the routes by DeleteVpnGatewayRoutes.',
      zh: '将这些网段加入策略，或通过 DeleteVpnGatewayRoutes 删除路由。',
    },
  },
  'policies-ignored': {
    severity: 'notice',
    layer: 'policy',
    field: 'RouteType',
    summary: {
      en: 'Its policies are ignored: the tunnel is routed by destination, so the route table of its gateway decides what passes.',
      zh: '该通道的策略不生效：其采用目的路由，由网关的路由表决定放行的流量。',
    },
    fixHere: {
      en: 'Set RouteType to `Policy` if the policies are meant.',
      zh: '若需按策略放行，请将 RouteType 设为 `Policy`。',
    },
  },
} as const satisfies Readonly<Record<string, FindingEntry>>;

/** @param better what it may be set to */
const weak = (layer: 'ike' | 'esp', field: TunnelSetting, better: string) =>
  ({
    severity: 'warning',
    layer,
    field,
    summary: {
      en: `The ${tunnelTerms[field].en} of the tunnel, {ours}, is one that RFC 8247 and RFC 8221 advise against.`,
      zh: `该通道的 ${tunnelTerms[field].zh} {ours} 是 RFC 8247 与 RFC 8221 不建议使用的。`,
    },
    fixHere: {
      en: `Set ${field} to a stronger one, such as \`${better}\`, together with the peer.`,
      zh: `与对端同时将 ${field} 改为更强的算法，例如 \`${better}\`。`,
    },
    fixThere: { en: 'Change it together with ours.', zh: '与本端同时修改。' },
  }) as const satisfies FindingEntry;

const options = {
  'weak-ike-encryption': weak('ike', 'IKEOptionsSpecification.PropoEncryAlgorithm', 'AES-CBC-256'),
  'weak-ike-integrity': weak('ike', 'IKEOptionsSpecification.PropoAuthenAlgorithm', 'SHA-256'),
  'weak-ike-dh-group': weak('ike', 'IKEOptionsSpecification.DhGroupName', 'GROUP14'),
  'weak-esp-encryption': weak('esp', 'IPSECOptionsSpecification.EncryptAlgorithm', 'AES256GCM128'),
  'weak-esp-integrity': weak('esp', 'IPSECOptionsSpecification.IntegrityAlgorithm', 'SHA-256'),
  'weak-pfs-group': weak('esp', 'IPSECOptionsSpecification.PfsDhGroup', 'DH-GROUP14'),
  'sha1-esp-integrity': {
    severity: 'notice',
    layer: 'esp',
    field: 'IPSECOptionsSpecification.IntegrityAlgorithm',
    summary: {
      en: 'ESP is protected by HMAC-SHA1: still sound, and on its way out.',
      zh: 'ESP 使用 HMAC-SHA1 认证：目前仍安全，但正被淘汰。',
    },
    fixHere: {
      en: 'Set IntegrityAlgorithm to `SHA-256`, or EncryptAlgorithm to `AES256GCM128`, together with the peer.',
      zh: '与对端同时将 IntegrityAlgorithm 设为 `SHA-256`，或将 EncryptAlgorithm 设为 `AES256GCM128`。',
    },
    fixThere: { en: 'Change it together with ours.', zh: '与本端同时修改。' },
  },
  'aggressive-mode': {
    severity: 'warning',
    layer: 'ike-auth',
    field: 'IKEOptionsSpecification.ExchangeMode',
    summary: {
      en: 'Aggressive mode of IKEv1 shows a digest of the pre-shared key to whoever asks: it can be guessed at leisure.',
      zh: '野蛮模式会向任何请求者暴露预共享密钥的摘要，可被离线猜解。',
    },
    fixHere: {
      en: 'Set IKEVersion to `IKEV2`, or ExchangeMode to `MAIN`.',
      zh: '将 IKEVersion 设为 `IKEV2`，或将 ExchangeMode 设为 `MAIN`。',
    },
    fixThere: { en: 'Change it together with ours.', zh: '与本端同时修改。' },
  },
  'ike-lifetime-short': {
    severity: 'warning',
    layer: 'ike',
    field: 'IKEOptionsSpecification.IKESaLifetimeSeconds',
    summary: {
      en: 'The keys of IKE live {ours}: when packets are lost while they are renewed, they end before the last try, and the tunnel with them.',
      zh: 'IKE 密钥的生存时间为 {ours}：更新期间若丢失报文，密钥会在重传完成前到期，通道随之中断。',
    },
    fixHere: {
      en: 'Set IKESaLifetimeSeconds to 3600 or more.',
      zh: '将 IKESaLifetimeSeconds 设为 3600 或更大。',
    },
  },
  'esp-lifetime-short': {
    severity: 'warning',
    layer: 'esp',
    field: 'IPSECOptionsSpecification.IPSECSaLifetimeSeconds',
    summary: {
      en: 'The keys of ESP (a CHILD_SA) live {ours}: when packets are lost while they are renewed, they end before the last try.',
      zh: 'ESP 密钥（CHILD_SA）的生存时间为 {ours}：更新期间若丢失报文，密钥会在重传完成前到期。',
    },
    fixHere: {
      en: 'Set IPSECSaLifetimeSeconds to 3600 or more.',
      zh: '将 IPSECSaLifetimeSeconds 设为 3600 或更大。',
    },
  },
  'esp-traffic-lifetime-short': {
    severity: 'warning',
    layer: 'esp',
    field: 'IPSECOptionsSpecification.IPSECSaLifetimeTraffic',
    summary: {
      en: 'The keys of ESP (a CHILD_SA) end after {ours}: at the bandwidth of the gateway the last tenth of that is gone in less than a second, before new ones are there.',
      zh: 'CHILD_SA 在传输 {ours} 后到期：按网关带宽，其最后十分之一不足一秒即用尽，新的 SA 来不及建立。',
    },
    fixHere: {
      en: 'Set IPSECSaLifetimeTraffic higher: the lifetime in seconds (IPSECSaLifetimeSeconds) is there as well.',
      zh: '调高 IPSECSaLifetimeTraffic：以秒计的生存时间（IPSECSaLifetimeSeconds）同时有效。',
    },
  },
} as const satisfies Readonly<Record<string, FindingEntry>>;

export const planFindings = {
  'both-ends-passive': {
    severity: 'error',
    layer: 'ike',
    field: 'NegotiationType',
    summary: {
      en: 'This end waits for the peer to begin, and the peer has never begun.',
      zh: '本端等待对端发起协商，而对端从未发起。',
    },
    fixHere: { en: 'Set NegotiationType to `active`.', zh: '将 NegotiationType 设为 `active`。' },
    fixThere: { en: 'Have the peer initiate.', zh: '由对端发起协商。' },
  },
  'waits-for-traffic': {
    severity: 'notice',
    layer: 'ike',
    field: 'NegotiationType',
    summary: {
      en: 'The tunnel is negotiated with the first packet from this side that is meant for it.',
      zh: '该通道在本端首个匹配的报文到来时才开始协商。',
    },
    fixHere: {
      en: 'Set NegotiationType to `active` if it shall stand before.',
      zh: '若需提前建立，请将 NegotiationType 设为 `active`。',
    },
  },
  ...ways,
  ...options,
} as const satisfies Readonly<Record<string, FindingEntry>>;
