import { Type, type Static } from 'typebox';
import type { Ccn } from '../../../domain/ccn/ccn.ts';
import type { Services } from '../../../services/create-services.ts';
import type { CcnView } from '../../../services/ccn/ccns.ts';
import { action, type Action } from '../../action.ts';
import { reject } from '../../protocol/api-error.ts';
import { orderRows, type Orders } from '../../wire/order-rows.ts';
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
  text,
} from '@landbridge/catalogue/schema/request-schemas';
import { equals, selectRows, type SelectionRules } from '../../wire/row-selection.ts';
import { defined, readTags, wireTags, wireTime } from '../../wire/wire-values.ts';

/** Cloud Connect Networks (docs/spec/actions.md section 2.6). */

const description = () => maybe(text({ maxBytes: 100 }));
const createRequest = object({
  CcnName: nameInBytes(),
  CcnDescription: description(),
  QosLevel: maybe(oneOf('PT', 'AU', 'AG')),
  InstanceChargeType: maybe(oneOf('POSTPAID', 'PREPAID')),
  InstanceMeteringType: maybe(oneOf('BANDWIDTH', 'TRAFFIC')),
  BandwidthLimitType: maybe(oneOf('OUTER_REGION_LIMIT', 'INTER_REGION_LIMIT')),
  Tags: tagList(),
});
const describeRequest = object({
  CcnIds: idList('ccn'),
  Filters: filterList(),
  ...paging(),
  OrderField: maybe(oneOf('CcnId', 'CcnName', 'CreateTime', 'State', 'QosLevel')),
  OrderDirection: maybe(oneOf('ASC', 'DESC')),
});
const modifyRequest = object({
  CcnId: idOf('ccn'),
  CcnName: maybe(nameInBytes()),
  CcnDescription: description(),
  RouteECMPFlag: maybe(Type.Boolean()),
  RouteOverlapFlag: maybe(Type.Boolean()),
  TrafficMarkingPolicyFlag: maybe(Type.Boolean()),
  MixedBillingFlag: maybe(Type.Boolean()),
});

const qosLevels = { PT: 'platinum', AU: 'gold', AG: 'silver' } as const;
export const wireQosLevels = { platinum: 'PT', gold: 'AU', silver: 'AG' } as const satisfies Record<
  Ccn['qosLevel'],
  string
>;

const orders: Orders<CcnView> = {
  CcnId: ({ id }) => id,
  CcnName: ({ name }) => name,
  CreateTime: ({ createdAt }) => createdAt,
  State: () => 'AVAILABLE',
  QosLevel: ({ qosLevel }) => wireQosLevels[qosLevel],
};

const selection: SelectionRules<CcnView> = {
  idsName: 'CcnIds',
  idOf: ({ id }) => id,
  tagsOf: ({ tags }) => tags,
  filters: {
    'ccn-id': equals(({ id }) => id),
    'ccn-name': equals(({ name }) => name),
    'ccn-description': equals((ccn) => ccn.description),
    state: equals(() => 'AVAILABLE'),
  },
};

export function ccnActions({ ccns }: Services): Action[] {
  return [
    action('CreateCcn', createRequest, async (caller, parameters) => {
      return { Ccn: wireCcn(await ccns.create(caller, readCcn(parameters))) };
    }),
    action('DescribeCcns', describeRequest, async (caller, parameters) => {
      const rows = orderRows(await ccns.list(caller), parameters, orders);
      const { total, page } = selectRows(rows, { ...parameters, ids: parameters.CcnIds }, selection);
      return { TotalCount: total, CcnSet: page.map(wireCcn) };
    }),
    action('ModifyCcnAttribute', modifyRequest, async (caller, parameters) => {
      for (const name of ['TrafficMarkingPolicyFlag', 'MixedBillingFlag'] as const) {
        if (parameters[name] === true) reject('feature-not-built', { name, feature: 'this feature of a CCN' });
      }
      const changes = defined({
        name: parameters.CcnName,
        description: parameters.CcnDescription,
        routeEcmp: parameters.RouteECMPFlag,
        routeOverlap: parameters.RouteOverlapFlag,
      });
      await ccns.modify(caller, parameters.CcnId, changes);
      return {};
    }),
    action('DeleteCcn', object({ CcnId: idOf('ccn') }), async (caller, { CcnId: id }) => {
      await ccns.remove(caller, id);
      return {};
    }),
  ];
}

function readCcn(parameters: Static<typeof createRequest>) {
  const prepaid = parameters.InstanceChargeType === 'PREPAID';
  const isInterRegion = parameters.BandwidthLimitType === 'INTER_REGION_LIMIT' || prepaid;
  return {
    name: parameters.CcnName,
    description: parameters.CcnDescription ?? '',
    qosLevel: qosLevels[parameters.QosLevel ?? 'AU'],
    prepaid,
    metering: parameters.InstanceMeteringType === 'TRAFFIC' ? ('traffic' as const) : ('bandwidth' as const),
    bandwidthLimit: isInterRegion ? ('inter-region' as const) : ('outer-region' as const),
    tags: readTags(parameters.Tags),
  };
}

function wireCcn(ccn: CcnView) {
  return {
    CcnId: ccn.id,
    CcnName: ccn.name,
    CcnDescription: ccn.description,
    InstanceCount: ccn.instanceCount,
    CreateTime: wireTime(ccn.createdAt),
    State: 'AVAILABLE',
    QosLevel: wireQosLevels[ccn.qosLevel],
    InstanceChargeType: ccn.prepaid ? 'PREPAID' : 'POSTPAID',
    InstanceMeteringType: ccn.metering.toUpperCase(),
    BandwidthLimitType: ccn.bandwidthLimit === 'inter-region' ? 'INTER_REGION_LIMIT' : 'OUTER_REGION_LIMIT',
    TagSet: wireTags(ccn.tags),
    RoutePriorityFlag: false,
    RouteTableCount: ccn.routeTableCount,
    RouteTableFlag: true,
    IsSecurityLock: false,
    RouteBroadcastPolicyFlag: true,
    RouteECMPFlag: ccn.routeEcmp,
    RouteOverlapFlag: ccn.routeOverlap,
    TrafficMarkingPolicyFlag: false,
    RouteSelectPolicyFlag: true,
    DirectConnectAccelerateChannelFlag: false,
    Ipv6Flag: false,
    MrtbAggregatePolicyFlag: false,
    MrtbPolicyValueFlag: false,
    RouteTablePolicyValueCommunityFlag: false,
    PolicyBasedRoutingFlag: false,
  };
}
