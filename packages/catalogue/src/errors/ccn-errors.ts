import type { ErrorEntry } from './error-entry.ts';

/** What use cases of CCNs, and of routes that lead there, refuse. */
export const ccnErrors = {
  'ccn-in-use': {
    code: 'UnsupportedOperation.ExistCcnInstancesNotSupportDeleteCcn',
    en: 'The CCN `{id}` still has {blocking} attached. Detach them first.',
    zh: '云联网 `{id}` 仍关联 {blocking}，请先解关联。',
  },
  'ccn-attached': {
    code: 'UnsupportedOperation.CcnAttached',
    en: '`{id}` is attached to `{ccn}` already.',
    zh: '`{id}` 已关联云联网 `{ccn}`。',
  },
  'ccn-not-attached': {
    code: 'UnsupportedOperation.CcnNotAttached',
    en: '`{id}` is not attached to `{ccn}`.',
    zh: '`{id}` 未关联云联网 `{ccn}`。',
  },
  'ccn-request-not-pending': {
    code: 'UnsupportedOperation.NotPendingCcnInstance',
    en: 'Nothing is asked for `{id}` any more: it is attached, or the request was rejected or has expired.',
    zh: '`{id}` 没有待处理的申请：已关联，或申请已被拒绝或已过期。',
  },
  'ccn-request-not-accepted': {
    code: 'UnsupportedOperation.InvalidInstanceState',
    en: '`{id}` is not attached yet: AcceptAttachCcnInstances has to accept its request first.',
    zh: '`{id}` 尚未关联，请先通过 AcceptAttachCcnInstances 接受其申请。',
  },
  'ccn-gateway-of-vpc': {
    code: 'UnsupportedOperation',
    en: '`{id}` is a gateway of `{vpcId}`; only gateways of type CCN can be attached to a CCN.',
    zh: '`{id}` 是 `{vpcId}` 的网关；仅云联网类型的网关可关联云联网。',
  },
  'ccn-route-overlap': {
    code: 'UnsupportedOperation.CcnRouteCidrOverlap',
    en: '{destination} is enabled for `{instance}` already (route `{other}`). Disable that one first.',
    zh: '{destination} 已对 `{instance}` 启用（路由 `{other}`），请先禁用该路由。',
  },
  'ccn-has-route-tables': {
    code: 'UnsupportedOperation.ExistCcnCustomRouteTablesNotSupportDeleteCcn',
    en: 'The CCN `{id}` still has the route tables {blocking}. Delete them first.',
    zh: '云联网 `{id}` 仍有路由表 {blocking}，请先删除。',
  },
  'ccn-route-table-unknown': {
    code: 'UnsupportedOperation.CcnRouteTableNotExist',
    en: 'The CCN route table `{id}` does not exist here.',
    zh: '云联网路由表 `{id}` 不存在。',
  },
  'ccn-route-table-of-other-ccn': {
    code: 'UnsupportedOperation.InstanceAndRtbNotMatch',
    en: '`RouteTableId`: `{id}` is no route table of `{ccn}`.',
    zh: '`RouteTableId`：`{id}` 不是 `{ccn}` 的路由表。',
  },
  'ccn-route-table-quota-reached': {
    code: 'UnsupportedOperation.RouteTableExceedPerVbcLimit',
    en: 'The CCN `{id}` has {limit} route tables, which is the limit.',
    zh: '云联网 `{id}` 的路由表数已达上限 {limit}。',
  },
  'ccn-default-route-table-fixed': {
    code: 'UnsupportedOperation.NotSupportModifyDefaultCcnRouteTable',
    en: '`{id}` is the default route table of `{ccn}` and keeps its name and description.',
    zh: '`{id}` 是 `{ccn}` 的默认路由表，不能修改名称和描述。',
  },
  'ccn-default-route-table-stays': {
    code: 'UnsupportedOperation.NotSupportDeleteDefaultCcnRouteTable',
    en: '`{id}` is the default route table of `{ccn}` and goes with it.',
    zh: '`{id}` 是 `{ccn}` 的默认路由表，不能单独删除。',
  },
  'ccn-route-table-in-use': {
    code: 'UnsupportedOperation.RouteTableCanNotDelete',
    en: 'The CCN route table `{id}` still routes what these send: {blocking}. Bind them to another table, or change their selection policies.',
    zh: '云联网路由表 `{id}` 仍被 {blocking} 使用，请先绑定到其他路由表或修改路由选择策略。',
  },
  'ccn-association-without-attachment': {
    code: 'ResourceNotFound',
    en: '`{id}` is not attached to `{ccn}`: only what is attached can be bound to a route table.',
    zh: '`{id}` 未关联 `{ccn}`，只有已关联的实例才能绑定路由表。',
  },
  'ccn-route-policies-too-many': {
    code: 'LimitExceeded.CcnRouteBroadcastPolicy',
    en: '`Policys`: the CCN route table `{id}` holds at most {limit} policies of a kind.',
    zh: '`Policys`：云联网路由表 `{id}` 的同类策略最多 {limit} 条。',
  },
  'ccn-route-condition-values-too-many': {
    code: 'LimitExceeded.CcnRouteBroadcastPolicyCond',
    en: '`{name}` has a condition with more than {limit} values.',
    zh: '`{name}` 中有条件的取值超过 {limit} 个。',
  },
  'ccn-selection-quota-reached': {
    code: 'UnsupportedOperation.RouteTableSelectPolicyExceed',
    en: '`SelectionPolicies`: the CCN `{id}` holds at most {limit} of them.',
    zh: '`SelectionPolicies`：云联网 `{id}` 最多支持 {limit} 条路由选择策略。',
  },
  'ccn-selection-twice': {
    code: 'UnsupportedOperation.NotSupportSameCcnInstanceAndSourceAddress',
    en: '`SelectionPolicies` names `{id}` with the source {source} twice.',
    zh: '`SelectionPolicies` 中 `{id}` 与源网段 {source} 的组合重复。',
  },
  'ccn-selection-without-attachment': {
    code: 'UnsupportedOperation.InstanceNotExist',
    en: '`SelectionPolicies` names `{id}`, which is not attached to `{ccn}`.',
    zh: '`SelectionPolicies` 中的 `{id}` 未关联 `{ccn}`。',
  },
  'ccn-selection-of-default-table': {
    code: 'UnsupportedOperation.CanNotAssignDefaultRouteTable',
    en: '`SelectionPolicies` names `{id}`, the default route table of `{ccn}`: only others can be selected.',
    zh: '`SelectionPolicies` 指定了 `{ccn}` 的默认路由表 `{id}`，只能选择自定义路由表。',
  },
  'ccn-not-postpaid': {
    code: 'UnsupportedOperation.NotPostpaidCcnOperation',
    en: 'The CCN `{id}` is prepaid; only the limits of postpaid ones can be changed.',
    zh: '云联网 `{id}` 为预付费，仅后付费云联网支持修改带宽限速。',
  },
  'prepaid-ccn-limits-between-regions': {
    code: 'UnsupportedOperation.PrepaidCcnOnlySupportInterRegionLimit',
    en: '`BandwidthLimitType`: a prepaid CCN (`InstanceChargeType` PREPAID) has INTER_REGION_LIMIT only.',
    zh: '`BandwidthLimitType`：预付费云联网（`InstanceChargeType` 为 PREPAID）仅支持 INTER_REGION_LIMIT。',
  },
  'prepaid-ccn-meters-bandwidth': {
    code: 'UnsupportedOperation.PrepaidCcnOnlySupportBandwidthMetering',
    en: '`InstanceMeteringType`: a prepaid CCN (`InstanceChargeType` PREPAID) is metered by BANDWIDTH only.',
    zh: '`InstanceMeteringType`：预付费云联网（`InstanceChargeType` 为 PREPAID）仅支持按带宽计费（BANDWIDTH）。',
  },
  'limit-needs-peer-region': {
    code: 'UnsupportedOperation',
    en: '`DstRegion` is missing beside the region {region}: the CCN `{id}` limits between regions (INTER_REGION_LIMIT).',
    zh: '地域 {region} 缺少 `DstRegion`：云联网 `{id}` 为地域间限速（INTER_REGION_LIMIT）。',
  },
  'limit-takes-no-peer-region': {
    code: 'UnsupportedOperation',
    en: '`DstRegion` {region} cannot be used: the CCN `{id}` limits what leaves each region (OUTER_REGION_LIMIT).',
    zh: '不能指定 `DstRegion` {region}：云联网 `{id}` 为地域出口限速（OUTER_REGION_LIMIT）。',
  },
  'limit-within-region': {
    code: 'InvalidParameterValue',
    en: '`Region` and `DstRegion` are both {region}: traffic inside a region is never limited.',
    zh: '`Region` 与 `DstRegion` 均为 {region}：地域内流量不限速。',
  },
  'limit-named-twice': {
    code: 'InvalidParameterValue.Duplicate',
    en: '`CcnRegionBandwidthLimits` names {regions} twice.',
    zh: '`CcnRegionBandwidthLimits` 中 {regions} 重复。',
  },
  'route-to-ccn-exists': {
    code: 'UnsupportedOperation.EcmpWithCcnRoute',
    en: 'The CCN `{ccn}` already leads {destination} somewhere: see DescribeCcnRoutes.',
    zh: '云联网 `{ccn}` 已存在到 {destination} 的路由，请查看 DescribeCcnRoutes。',
  },
  'route-of-system': {
    code: 'UnsupportedOperation.SystemRoute',
    en: 'The route to {destination} belongs to the CCN `{ccn}` and cannot be changed in a route table.',
    zh: '到 {destination} 的路由属于云联网 `{ccn}`，不能在路由表中修改。',
  },
  'vpc-without-ccn': {
    code: 'UnsupportedOperation.CcnNotAttached',
    en: 'The VPC `{id}` of this route table is attached to no CCN.',
    zh: '该路由表所属的私有网络 `{id}` 未关联云联网。',
  },
  'route-not-publishable': {
    code: 'UnsupportedOperation.NotifyCcn',
    en: 'The route to {destination} leads to `{nextHop}`, and routes to gateways are not published to a CCN: a VPC passes nothing on. Attach the gateway itself to the CCN.',
    zh: '到 {destination} 的路由下一跳为 `{nextHop}`，下一跳为网关的路由不能发布到云联网：私有网络不转发流量。请将该网关直接关联到云联网。',
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
