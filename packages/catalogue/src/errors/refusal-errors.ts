import { accessErrors } from './access-errors.ts';
import { captureErrors } from './capture-errors.ts';
import { ccnErrors } from './ccn-errors.ts';
import { failoverDrillErrors } from './failover-drill-errors.ts';
import { pathProofErrors } from './path-proof-errors.ts';
import { peerQuestionErrors } from './peer-question-errors.ts';
import { notificationErrors } from './notification-errors.ts';
import type { ErrorEntry } from './error-entry.ts';
import { secondaryRangeErrors } from './secondary-range-errors.ts';

/** What use cases refuse, in the words of the wire. */
export const refusalErrors = {
  ...secondaryRangeErrors,
  ...ccnErrors,
  ...accessErrors,
  ...notificationErrors,
  ...captureErrors,
  ...peerQuestionErrors,
  ...pathProofErrors,
  ...failoverDrillErrors,
  'not-found': {
    code: 'ResourceNotFound',
    en: 'The resource `{id}` does not exist.',
    zh: '资源 `{id}` 不存在。',
  },
  'address-at-no-place': {
    code: 'InvalidParameterValue',
    en: 'No subnet of yours has the address {address}, and nothing says that it is behind a tunnel or line: name its place.',
    zh: '您的子网中没有地址 {address}，也没有路由或策略表明其位于某条通道或专线之后：请指明其位置。',
  },
  'address-at-several-places': {
    code: 'InvalidParameterValue',
    en: 'The address {address} may be at {places}: name the one that is meant.',
    zh: '地址 {address} 可能位于 {places}：请指明其中之一。',
  },
  'quota-reached': {
    code: 'LimitExceeded',
    en: '`{field}`: {owner} can have at most {limit} {things}.',
    zh: '`{field}`：{owner}最多可有 {limit} 个{things}。',
  },
  'region-not-offered': {
    code: 'UnsupportedRegion',
    en: 'There is no region `{region}` here: the setting `regions` of the server names {known}.',
    zh: '此处不存在地域 `{region}`：服务器设置 `regions` 中的地域为 {known}。',
  },
  'vpc-not-found': {
    code: 'InvalidVpcId.NotFound',
    en: 'The VPC `{id}` does not exist in this region.',
    zh: '当前地域不存在 VPC `{id}`。',
  },
  'vpc-in-use': {
    code: 'ResourceInUse',
    en: 'The VPC `{id}` still holds {blocking}. Delete them first.',
    zh: 'VPC `{id}` 中仍有 {blocking}，请先删除。',
  },
  'subnet-outside-vpc': {
    code: 'InvalidParameterValue.SubnetRange',
    en: '{cidr} cannot be a subnet of `{vpcId}`: it must lie inside {vpcCidr} and be a /16 to /28.',
    zh: '{cidr} 不能作为 `{vpcId}` 的子网：必须位于 {vpcCidr} 之内，且掩码为 /16 到 /28。',
  },
  'subnet-overlap': {
    code: 'InvalidParameterValue.SubnetConflict',
    en: '{cidr} overlaps the subnet `{other}` ({otherCidr}).',
    zh: '{cidr} 与子网 `{other}`（{otherCidr}）重叠。',
  },
  'subnet-in-use': {
    code: 'ResourceInUse',
    en: 'The subnet `{id}` still has the host interfaces {blocking} attached. Detach them first.',
    zh: '子网 `{id}` 仍绑定主机网卡 {blocking}，请先解绑。',
  },
  'route-table-is-default': {
    code: 'UnsupportedOperation.DelDefaultRoute',
    en: '`{id}` is the default route table of `{vpcId}` and goes with it.',
    zh: '`{id}` 是 `{vpcId}` 的默认路由表，不能单独删除。',
  },
  'route-table-in-use': {
    code: 'UnsupportedOperation.DelRouteWithSubnet',
    en: 'The route table `{id}` is still bound to {blocking}.',
    zh: '路由表 `{id}` 仍关联 {blocking}。',
  },
  'route-table-of-other-vpc': {
    code: 'UnsupportedOperation.VpcMismatch',
    en: 'The route table `{id}` does not belong to the VPC `{vpcId}`.',
    zh: '路由表 `{id}` 不属于 VPC `{vpcId}`。',
  },
  'route-inside-vpc': {
    code: 'InvalidParameterValue.VpcCidrConflict',
    en: 'The destination {destination} lies inside {vpcCidr} of `{vpcId}`, which is always local.',
    zh: '目的网段 {destination} 位于 `{vpcId}` 的 {vpcCidr} 之内，该网段始终为本地路由。',
  },
  'route-exists': {
    code: 'InvalidParameterValue.Duplicate',
    en: 'The route table `{id}` already has the route {destination} via `{nextHop}`: `{other}`.',
    zh: '路由表 `{id}` 中已存在到 {destination}、下一跳为 `{nextHop}` 的路由：`{other}`。',
  },
  'route-to-other-gateway-exists': {
    code: 'UnsupportedOperation.EcmpWithUserRoute',
    en: 'The route table `{id}` already leads {destination} to `{nextHop}` (route `{other}`). Disable that one first.',
    zh: '路由表 `{id}` 已将 {destination} 指向 `{nextHop}`（路由 `{other}`），请先禁用该路由。',
  },
  'route-next-hop-not-found': {
    code: 'InvalidParameterValue.RouteNextHopInvalid',
    en: 'The next hop `{id}` does not exist.',
    zh: '下一跳 `{id}` 不存在。',
  },
  'route-next-hop-of-other-vpc': {
    code: 'InvalidParameterValue.RouteNextHopInvalid',
    en: 'The next hop `{id}` is not a gateway of `{vpcId}`.',
    zh: '下一跳 `{id}` 不是 `{vpcId}` 的网关。',
  },
  'no-uplink': {
    code: 'ResourceInsufficient',
    en: 'There are no public addresses: the operator must configure `uplink` in the configuration file and restart.',
    zh: '没有可用的公网地址：运维人员必须在配置文件中设置 `uplink` 并重启服务。',
  },
  'no-public-address-left': {
    code: 'ResourceInsufficient',
    en: 'All public addresses are in use ({pool}). Delete a gateway, or enlarge `uplink` in the configuration file.',
    zh: '公网地址已用尽（{pool}）。请删除网关，或在配置文件中扩大 `uplink` 地址池。',
  },
  'host-full': {
    code: 'ResourceInsufficient',
    en: 'This host carries no more {things}, and those that there are go on. {problem}.',
    zh: '本主机无法承载更多{things}，已有资源不受影响。{problem}。',
  },
  'vpn-gateway-in-use': {
    code: 'UnsupportedOperation',
    en: 'The VPN gateway `{id}` is still used by {blocking}. Delete them first.',
    zh: 'VPN 网关 `{id}` 仍被 {blocking} 使用，请先删除。',
  },
  'vpn-gateway-not-available': {
    code: 'UnsupportedOperation.InvalidState',
    en: 'The VPN gateway `{id}` is not AVAILABLE yet. Wait until DescribeVpnGateways says so.',
    zh: 'VPN 网关 `{id}` 尚未处于 AVAILABLE 状态，请等待 DescribeVpnGateways 返回该状态。',
  },
  'vpn-gateway-not-prepaid': {
    code: 'UnsupportedOperation',
    en: 'The VPN gateway `{id}` is not prepaid.',
    zh: 'VPN 网关 `{id}` 不是预付费网关。',
  },
  'vpn-gateway-vpc-mismatch': {
    code: 'InvalidParameterValue',
    en: 'The parameter `VpcId` contradicts the VPN gateway `{id}`, which belongs to {vpcId}.',
    zh: '参数 `VpcId` 与 VPN 网关 `{id}` 不符，该网关属于 {vpcId}。',
  },
  'bandwidth-class-fixed': {
    code: 'UnsupportedOperation.VpnUnsupportedModifyBandwidth',
    en: 'The bandwidth of `{id}` cannot go from {from} to {to} Mbps: a gateway stays in its class (5-100, 200-1000, 3000).',
    zh: '`{id}` 的带宽不能从 {from} Mbps 改为 {to} Mbps：只能在同一档位内调整（5-100、200-1000、3000）。',
  },
  'customer-gateway-exists': {
    code: 'UnsupportedOperation.RecordExists',
    en: 'The customer gateway `{other}` has the address {address} already.',
    zh: '对端网关 `{other}` 已使用地址 {address}。',
  },
  'address-is-ours': {
    code: 'InvalidParameterValue',
    en: '{field}: {address} is an address of this service, and no VPN gateway that could be a peer has it.',
    zh: '{field}：{address} 是本服务的地址，且没有可作为对端的 VPN 网关使用该地址。',
  },
  'customer-gateway-in-use': {
    code: 'ResourceInUse',
    en: 'The customer gateway `{id}` is still used by {blocking}. Delete them first.',
    zh: '对端网关 `{id}` 仍被 {blocking} 使用，请先删除。',
  },
  'vpn-connection-pair-exists': {
    code: 'ResourceInUse',
    en: '`{vpnGateway}` and `{customerGateway}` are already connected by `{other}`.',
    zh: '`{vpnGateway}` 与 `{customerGateway}` 之间已存在通道 `{other}`。',
  },
  'vpn-connection-in-use': {
    code: 'UnsupportedOperation.InvalidState',
    en: 'The tunnel `{id}` is still the next hop of {blocking}. Delete these routes first.',
    zh: '通道 `{id}` 仍是 {blocking} 的下一跳，请先删除这些路由。',
  },
  'policy-remotes-overlap': {
    code: 'InvalidParameterValue.VpnConnSpdCidrConflict',
    en: 'In `SecurityPolicyDatabases` the remote ranges {first} and {second} of the local range {local} overlap.',
    zh: '`SecurityPolicyDatabases` 中本端网段 {local} 的对端网段 {first} 与 {second} 重叠。',
  },
  'policy-local-overlaps-remote': {
    code: 'InvalidParameterValue.VpnConnSpdCidrConflict',
    en: 'In `SecurityPolicyDatabases` the local range {local} and the remote range {remote} overlap.',
    zh: '`SecurityPolicyDatabases` 中本端网段 {local} 与对端网段 {remote} 重叠。',
  },
  'policy-remote-inside-vpc': {
    code: 'InvalidParameterValue.VpcCidrConflict',
    en: 'In `SecurityPolicyDatabases` the remote range {remote} lies inside the VPC ({vpcCidr}).',
    zh: '`SecurityPolicyDatabases` 中对端网段 {remote} 位于 VPC（{vpcCidr}）之内。',
  },
  'policy-conflict': {
    code: 'InvalidParameterValue.VpnConnCidrConflict',
    en: 'The mapping {mapping} collides with the mapping {other} of {owner}.',
    zh: '映射 {mapping} 与 {owner} 的映射 {other} 冲突。',
  },
  'policies-missing': {
    code: 'MissingParameter',
    en: 'The request is missing a required parameter `SecurityPolicyDatabases`: `RouteType` Policy needs it.',
    zh: '请求缺少必选参数 `SecurityPolicyDatabases`：`RouteType` 为 Policy 时必须指定。',
  },
  'policies-with-gateway-routes': {
    code: 'UnsupportedOperation.InvalidState',
    en: '`SecurityPolicyDatabases`: the gateway routes {blocking} lead into `{id}`, and none can lead into a tunnel with policies. Delete these routes first.',
    zh: '`SecurityPolicyDatabases`：网关路由 {blocking} 指向 `{id}`，而带有策略的通道不能作为网关路由的下一跳，请先删除这些路由。',
  },
  'aead-needs-ikev2': {
    code: 'InvalidParameterValue',
    en: 'The value of `IKEOptionsSpecification.PropoEncryAlgorithm` is not allowed: IKEV1 has no GCM (RFC 5282); use IKEV2.',
    zh: '`IKEOptionsSpecification.PropoEncryAlgorithm` 的取值不合法：IKEV1 不支持 GCM（RFC 5282），请使用 IKEV2。',
  },
  'local-name-missing': {
    code: 'MissingParameter',
    en: 'The request is missing a required parameter `IKEOptionsSpecification.LocalFqdnName`: LocalIdentity FQDN needs it.',
    zh: '请求缺少必选参数 `IKEOptionsSpecification.LocalFqdnName`：LocalIdentity 为 FQDN 时必须指定。',
  },
  'peer-is-gateway-itself': {
    code: 'InvalidParameterValue',
    en: '`CustomerGatewayId`: {address} of `{id}` is the address of `{gateway}` itself.',
    zh: '`CustomerGatewayId`：`{id}` 的地址 {address} 就是 `{gateway}` 自身的地址。',
  },
  'identity-is-pattern': {
    code: 'InvalidParameterValue.Malformed',
    en: 'The parameter `IKEOptionsSpecification.{side}FqdnName` is malformed: names without * are expected.',
    zh: '参数 `IKEOptionsSpecification.{side}FqdnName` 格式错误：名称不能包含 *。',
  },
  'pre-shared-key-ambiguous': {
    code: 'InvalidParameterValue',
    en: '`PreShareKey`: IKE finds a key by the identities (here {local} and {remote}), and `{other}` has another key for them. Give one of the two tunnels another identity (`IKEOptionsSpecification`, LocalIdentity or RemoteIdentity), both the same key, or both IKEV1.',
    zh: '`PreShareKey`：IKE 按标识（此处为 {local} 与 {remote}）查找密钥，而 `{other}` 为其使用了不同的密钥。请修改其中一个通道的标识（`IKEOptionsSpecification` 的 LocalIdentity 或 RemoteIdentity），或使用相同的密钥，或均使用 IKEV1。',
  },
  'health-check-needs-destination-routing': {
    code: 'UnsupportedOperation.VpnConnCidrNotSupportedHealthCheck',
    en: '`EnableHealthCheck`: only a tunnel with destination routing can have a health check.',
    zh: '`EnableHealthCheck`：仅目的路由类型的通道支持健康检查。',
  },
  'health-check-address-taken': {
    code: 'InvalidParameterValue.VpnConnHealthCheckIpConflict',
    en: '`HealthCheck{side}Ip` {address} is used by `{other}` of the same gateway.',
    zh: '`HealthCheck{side}Ip` {address} 已被同一网关的 `{other}` 使用。',
  },
  'health-check-address-is-public': {
    code: 'InvalidParameterValue.VpnConnHealthCheckIpConflict',
    en: '`HealthCheck{side}Ip` {address} is the public address of `{id}`.',
    zh: '`HealthCheck{side}Ip` {address} 是 `{id}` 的公网地址。',
  },
  'health-check-address-not-private': {
    code: 'InvalidParameterValue',
    en: '`HealthCheck{side}Ip` {address}: an address of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10 or 169.254.0.0/16 (without 169.254.0.0/24) is expected.',
    zh: '`HealthCheck{side}Ip` {address}：应为 10.0.0.0/8、172.16.0.0/12、192.168.0.0/16、100.64.0.0/10 或 169.254.0.0/16（169.254.0.0/24 除外）内的地址。',
  },
  'peer-address-is-probed': {
    code: 'InvalidParameterValue.VpnConnHealthCheckIpConflict',
    en: '`CustomerGatewayId` `{id}` has the address {address}, which is a health check address of `{other}` of the same VPN gateway.',
    zh: '`CustomerGatewayId` `{id}` 的地址 {address} 是同一 VPN 网关的 `{other}` 的健康检查地址。',
  },
  'health-check-no-address-left': {
    code: 'ResourceInsufficient',
    en: 'No health check address is left in 169.254.128.0/17 on this gateway.',
    zh: '该网关在 169.254.128.0/17 中已无可用的健康检查地址。',
  },
  'health-check-address-in-range': {
    code: 'InvalidParameterValue',
    en: '`HealthCheck{side}Ip` {address} lies inside {range} of `{id}`.',
    zh: '`HealthCheck{side}Ip` {address} 位于 `{id}` 的 {range} 之内。',
  },
  'health-check-addresses-equal': {
    code: 'InvalidParameterValue.VpnConnHealthCheckIpConflict',
    en: '`HealthCheckLocalIp` and `HealthCheckRemoteIp` are both {address}.',
    zh: '`HealthCheckLocalIp` 与 `HealthCheckRemoteIp` 均为 {address}。',
  },
  'no-if-id-left': {
    code: 'LimitExceeded',
    en: 'The gateway has {limit} tunnels; there is room for no more.',
    zh: '该网关已有 {limit} 条通道，无法继续创建。',
  },
  'peer-vendor-unknown': {
    code: 'InvalidParameterValue.Malformed',
    en: 'There is no `CustomerGatewayVendor` {vendor}: DescribeCustomerGatewayVendors lists them.',
    zh: '不存在 `CustomerGatewayVendor` {vendor}，可用类型见 DescribeCustomerGatewayVendors。',
  },
  'peer-configuration-impossible': {
    code: 'UnsupportedOperation',
    en: 'The tunnel `{id}` cannot be had on {platform} (`{field}` {value}): {reason}.',
    zh: '{platform} 无法配置通道 `{id}`（`{field}` 的取值 {value}）：{reason}。',
  },
  'peer-pair-of-two-devices': {
    code: 'InvalidParameterValue',
    en: '`StandbyVpnConnectionId` `{standby}` ends at {other}, and `{id}` at {address}: the tunnels of a pair end at one device.',
    zh: '`StandbyVpnConnectionId` `{standby}` 的对端为 {other}，而 `{id}` 的对端为 {address}：主备通道必须属于同一台设备。',
  },
  'peer-pair-of-one-gateway': {
    code: 'InvalidParameterValue',
    en: '`StandbyVpnConnectionId` `{standby}` begins at {address}, as `{id}` does: the tunnels of a pair begin at two gateways.',
    zh: '`StandbyVpnConnectionId` `{standby}` 与 `{id}` 的网关地址同为 {address}：主备通道必须使用两个网关。',
  },
  'peer-dialect-unknown': {
    code: 'InvalidParameterValue',
    en: '`Configuration` is in no form that is known: name one as `Dialect`.',
    zh: '无法识别 `Configuration` 的格式，请用 `Dialect` 指定。',
  },
  'peer-file-unreadable': {
    code: 'InvalidParameterValue.Malformed',
    en: '`Configuration` cannot be read: {problem}.',
    zh: '无法解析 `Configuration`：{problem}。',
  },
  'gateway-route-exists': {
    code: 'InvalidParameterValue.VpnGatewayRouteDuplicate',
    en: 'The route to {destination} with this next hop and priority exists already: `{other}`.',
    zh: '到 {destination} 且下一跳和优先级相同的路由已存在：`{other}`。',
  },
  'gateway-route-both-ways': {
    code: 'UnsupportedOperation',
    en: '{destination} leads to `{nextHop}` already (route `{other}`): a destination lies behind tunnels or in the CCN, not both.',
    zh: '{destination} 已指向 `{nextHop}`（路由 `{other}`）：同一目的网段不能同时指向通道和云联网。',
  },
  'gateway-route-into-policies': {
    code: 'UnsupportedOperation',
    en: 'No gateway route can lead {destination} into `{id}`: its `SecurityPolicyDatabases` alone say what passes it.',
    zh: '网关路由不能将 {destination} 指向通道 `{id}`：该通道放行的流量仅由其 `SecurityPolicyDatabases` 决定。',
  },
  'gateway-route-inside-vpc': {
    code: 'UnsupportedOperation',
    en: 'The destination {destination} lies inside {vpcCidr} of `{vpcId}`, the VPC of the gateway, and cannot be led into a tunnel.',
    zh: '目的网段 {destination} 位于网关所属私有网络 `{vpcId}` 的 {vpcCidr} 之内，不能指向通道。',
  },
  'gateway-route-quota-reached': {
    code: 'LimitExceeded.VpnGatewayRoutesLimitExceeded',
    en: 'The VPN gateway `{id}` has {limit} routes, which is the limit.',
    zh: 'VPN 网关 `{id}` 的路由数已达上限 {limit}。',
  },
  'interface-attached': {
    code: 'ResourceInUse',
    en: 'The host interface {name} is attached to `{other}` already.',
    zh: '主机网卡 {name} 已绑定到 `{other}`。',
  },
  'interface-reserved': {
    code: 'InvalidParameterValue',
    en: 'The host interface `{name}` in `InterfaceName` is reserved: loopback, uplink and own devices cannot be attached.',
    zh: '`InterfaceName` 中的主机网卡 `{name}` 为保留网卡：回环、上联及系统自建网卡不能绑定。',
  },
  'interface-in-use': {
    code: 'ResourceInUse',
    en: 'The host itself uses the interface {name} in `InterfaceName` ({uses}): without it the host may not be reached any more. `Force` attaches it all the same; it is given back as it was.',
    zh: '主机自身正在使用 `InterfaceName` 中的网卡 {name}（{uses}）：绑定后主机可能无法访问。如仍需绑定，请设置 `Force`；解绑后恢复原状。',
  },
  'agent-away': {
    code: 'ResourceUnavailable',
    en: 'Nothing was changed: the agent, which knows the host interface {name} in `InterfaceName`, is away. Try again; `landbridge status` tells whether it is back.',
    zh: '未做任何更改：负责主机网络的 agent 暂不可用，无法检查 `InterfaceName` 中的主机网卡 {name}，请稍后重试；可用 `landbridge status` 查看其状态。',
  },
  'sas-not-told': {
    code: 'ResourceUnavailable',
    en: 'The SAs of `{id}` cannot be told now, since the agent asks the IKE daemon for them: {why}. Gateways go on; try again.',
    zh: '`{id}` 的 SA 由 agent 向 IKE 守护进程查询，目前无法获取（{why}）。网关不受影响，请稍后重试。',
  },
  'history-away': {
    code: 'ResourceUnavailable',
    en: 'The agent, which keeps the history, cannot tell it now: it is away, busy, or its file cannot be read. Try again; `landbridge status` tells more.',
    zh: '保存历史数据的 agent 目前无法应答：不可用、繁忙或文件无法读取。请稍后重试；可用 `landbridge status` 查看详情。',
  },
  'history-busy': {
    code: 'RequestLimitExceeded',
    en: 'The account has {limit} questions about the history under way already. Wait for their answers, then try again.',
    zh: '该账号已有 {limit} 个历史数据查询正在进行，请等待其返回后重试。',
  },
  'timeline-not-there': {
    code: 'ResourceUnavailable',
    en: 'The timeline of `{id}` cannot be told now, since the agent keeps it: {why}. Gateways go on; try again.',
    zh: '`{id}` 的时间线由 agent 保存，目前无法查询（{why}）。网关不受影响，请稍后重试。',
  },
  'interface-not-attached': {
    code: 'ResourceNotFound',
    en: 'The host interface {name} is not attached to `{id}`.',
    zh: '主机网卡 {name} 未绑定到 `{id}`。',
  },
  'direct-connect-gateway-in-use': {
    code: 'ResourceInUse',
    en: 'The Direct Connect gateway `{id}` still has the line {blocking}. Detach it first.',
    zh: '专线网关 `{id}` 仍绑定线路 {blocking}，请先解绑。',
  },
  'direct-connect-gateway-without-ccn': {
    code: 'UnsupportedOperation',
    en: 'The Direct Connect gateway `{id}` has NetworkType VPC: only those of type CCN have ranges.',
    zh: '专线网关 `{id}` 的 NetworkType 为 VPC：仅 CCN 类型支持 IDC 网段。',
  },
  'direct-connect-range-exists': {
    code: 'InvalidParameterValue.Duplicate',
    en: '`{id}` would have the range {destination} twice.',
    zh: '`{id}` 中的网段 {destination} 重复。',
  },
  'direct-connect-line-attached': {
    code: 'ResourceInUse',
    en: '`{id}` has the line {name} already.',
    zh: '`{id}` 已绑定线路 {name}。',
  },
  'direct-connect-line-missing': {
    code: 'ResourceNotFound',
    en: '`{id}` has no line.',
    zh: '`{id}` 未绑定线路。',
  },
  'line-addresses': {
    code: 'InvalidParameterValue',
    en: '`PeerAddress` {peerAddress} must be another host address of the network of `LocalAddress` {localAddress}.',
    zh: '`PeerAddress` {peerAddress} 必须是 `LocalAddress` {localAddress} 所在网段中的另一主机地址。',
  },
  'vxlan-taken': {
    code: 'ResourceInUse',
    en: 'The VNI {vni} on UDP port {port} is used by `{other}` (remote {remote}): arrivals could not be told apart.',
    zh: 'UDP 端口 {port} 上的 VNI {vni} 已被 `{other}`（对端 {remote}）使用：无法区分收到的报文。',
  },
  'vxlan-to-itself': {
    code: 'InvalidParameterValue',
    en: '`RemoteAddress` and `UnderlayAddress` are both {remoteAddress}.',
    zh: '`RemoteAddress` 与 `UnderlayAddress` 均为 {remoteAddress}。',
  },
  'resource-tags-too-many': {
    code: 'LimitExceeded.ResourceAttachedTags',
    en: 'The resource `{id}` would have more than {limit} tags.',
    zh: '资源 `{id}` 的标签将超过 {limit} 个。',
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
