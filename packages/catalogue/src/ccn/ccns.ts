import { Type, type Static } from 'typebox';
import { changes, reads } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import {
  filterList,
  idList,
  idOf,
  maybe,
  nameInBytes,
  object,
  oneOf,
  paging,
  tagList,
} from '../schema/request-schemas.ts';
import { count, nothing, page, tags, time } from '../schema/response-schemas.ts';
import { tagErrors } from '../tag/tag-errors.ts';
import { ccnDescription } from './ccn-description.ts';

/** Cloud Connect Networks (docs/spec/actions.md section 2.6). */

export const qosLevel = () => about(oneOf('PT', 'AU', 'AG'), 'Platinum, gold or silver; kept and given back.');
const bandwidthLimitType = () => oneOf('OUTER_REGION_LIMIT', 'INTER_REGION_LIMIT');
const notBuilt = (feature: string) => about(Type.Boolean(), `Always false: ${feature} not offered.`);

const ccn = object({
  CcnId: idOf('ccn'),
  CcnName: Type.String(),
  CcnDescription: Type.String(),
  InstanceCount: about(count(), 'Attached instances.'),
  CreateTime: time(),
  State: oneOf('AVAILABLE'),
  QosLevel: qosLevel(),
  InstanceChargeType: oneOf('POSTPAID', 'PREPAID'),
  InstanceMeteringType: oneOf('BANDWIDTH', 'TRAFFIC'),
  BandwidthLimitType: about(bandwidthLimitType(), 'What its bandwidth limits are about.'),
  TagSet: tags(),
  RoutePriorityFlag: notBuilt('priorities of routes are'),
  RouteTableCount: about(count(), 'Its route tables, the default one included.'),
  RouteTableFlag: about(Type.Boolean(), 'Always true: it can have several route tables.'),
  IsSecurityLock: about(Type.Boolean(), 'Always false: nothing is locked here.'),
  RouteBroadcastPolicyFlag: about(Type.Boolean(), 'Always true: its route tables take broadcast policies.'),
  RouteECMPFlag: about(Type.Boolean(), 'Identical ranges of several instances share the traffic.'),
  RouteOverlapFlag: about(
    Type.Boolean(),
    'Overlapping ranges are enabled as they come; the longest prefix decides. True from the beginning.',
  ),
  TrafficMarkingPolicyFlag: notBuilt('marking of traffic is'),
  RouteSelectPolicyFlag: about(Type.Boolean(), 'Always true: it takes selection policies.'),
  DirectConnectAccelerateChannelFlag: notBuilt('accelerated channels are'),
  Ipv6Flag: notBuilt('IPv6 is'),
  MrtbAggregatePolicyFlag: notBuilt('aggregation of routes is'),
  MrtbPolicyValueFlag: notBuilt('values of policies are'),
  RouteTablePolicyValueCommunityFlag: notBuilt('communities are'),
  PolicyBasedRoutingFlag: notBuilt('policy-based routing is'),
  ServiceLevelMode: about(
    Type.Integer({ minimum: 0, maximum: 1 }),
    'Always 0: a service level is the CCN’s, not that of a pair of regions.',
  ),
});
/** A CCN as replies show it. */
export type WireCcn = Static<typeof ccn>;

export const ccnActions = {
  CreateCcn: changes({
    summary: {
      en: 'Creates a CCN, which joins VPCs, VPN gateways and Direct Connect gateways.',
      zh: '创建云联网，用于互联私有网络、VPN 网关和专线网关。',
    },
    request: object({
      CcnName: nameInBytes(),
      CcnDescription: maybe(ccnDescription()),
      QosLevel: maybe(about(qosLevel(), 'Platinum, gold or silver: kept and given back; gold (AU) unless given.')),
      InstanceChargeType: maybe(about(oneOf('POSTPAID', 'PREPAID'), 'Kept and given back; POSTPAID unless given.')),
      InstanceMeteringType: maybe(
        about(oneOf('BANDWIDTH', 'TRAFFIC'), 'Kept and given back; BANDWIDTH unless given, and always when PREPAID.'),
      ),
      BandwidthLimitType: maybe(
        about(
          bandwidthLimitType(),
          'Limits hold for what leaves a region, or between two regions. Unless given: OUTER_REGION_LIMIT, or the only one that a PREPAID has, INTER_REGION_LIMIT.',
        ),
      ),
      Tags: tagList(),
    }),
    response: object({ Ccn: ccn }),
    errors: ['quota-reached', 'prepaid-ccn-limits-between-regions', 'prepaid-ccn-meters-bandwidth', ...tagErrors],
  }),
  DescribeCcns: reads({
    summary: { en: 'Lists CCNs, by ids or by filters.', zh: '按 ID 或过滤条件查询云联网列表。' },
    request: object({
      CcnIds: idList('ccn'),
      Filters: filterList(),
      ...paging(),
      OrderField: maybe(
        about(
          oneOf('CcnId', 'CcnName', 'CreateTime', 'State', 'QosLevel'),
          'What they are sorted by; by age unless given.',
        ),
      ),
      OrderDirection: maybe(about(oneOf('ASC', 'DESC'), 'ASC unless given.')),
    }),
    response: page('CcnSet', ccn),
    filters: {
      'ccn-id': 'the id',
      'ccn-name': 'the name',
      'ccn-description': 'the description',
      state: '`AVAILABLE`',
      'tag-key': 'the keys of its tags',
      'tag:KEY': 'the value of its tag KEY',
    },
  }),
  ModifyCcnAttribute: changes({
    summary: {
      en: 'Changes the name, the description or the routing options of a CCN.',
      zh: '修改云联网的名称、描述或路由选项。',
    },
    request: object({
      CcnId: idOf('ccn'),
      CcnName: maybe(nameInBytes()),
      CcnDescription: maybe(ccnDescription()),
      RouteECMPFlag: maybe(about(Type.Boolean(), 'Identical ranges of several instances share the traffic.')),
      RouteOverlapFlag: maybe(
        about(
          Type.Boolean(),
          'Overlapping ranges are enabled as they come. On from the beginning, and it stays on: false changes nothing.',
        ),
      ),
      TrafficMarkingPolicyFlag: maybe(about(Type.Boolean(), 'Marking of traffic, which is not offered: only false.')),
      MixedBillingFlag: maybe(about(Type.Boolean(), 'Mixed billing, which is not offered: only false.')),
    }),
    response: nothing(),
    errors: ['not-found', 'feature-not-built'],
  }),
  DeleteCcn: changes({
    summary: {
      en: 'Deletes a CCN that has no instances and no route tables but its default one.',
      zh: '删除没有关联实例且没有自定义路由表的云联网。',
    },
    request: object({ CcnId: idOf('ccn') }),
    response: nothing(),
    errors: ['not-found', 'ccn-in-use', 'ccn-has-route-tables'],
  }),
};
