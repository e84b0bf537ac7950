import type { RequestOf } from '@landbridge/catalogue/action-definition';
import { ccnActions, type WireCcn } from '@landbridge/catalogue/ccn/ccns';
import type { Ccn } from '../../../domain/ccn/ccn.ts';
import type { Services } from '../../../services/create-services.ts';
import type { CcnView, NewCcn } from '../../../services/ccn/ccns.ts';
import type { Handlers } from '../../action.ts';
import { describing } from '../../describe-action.ts';
import { reject } from '../../protocol/api-error.ts';
import { orderRows, type Orders } from '../../wire/order-rows.ts';
import { equals } from '../../wire/row-selection.ts';
import { defined, readTags, wireTags, wireTime } from '../../wire/wire-values.ts';

/** Cloud Connect Networks (docs/spec/actions.md section 2.6). */

const qosLevels = { PT: 'platinum', AU: 'gold', AG: 'silver' } as const;
export const wireQosLevels = { platinum: 'PT', gold: 'AU', silver: 'AG' } as const satisfies Record<
  Ccn['qosLevel'],
  string
>;

const bandwidthLimits = { OUTER_REGION_LIMIT: 'outer-region', INTER_REGION_LIMIT: 'inter-region' } as const;

const orders: Orders<CcnView> = {
  CcnId: ({ id }) => id,
  CcnName: ({ name }) => name,
  CreateTime: ({ createdAt }) => createdAt,
  State: () => 'AVAILABLE',
  QosLevel: ({ qosLevel }) => wireQosLevels[qosLevel],
};

export function ccnHandlers({ ccns }: Services): Handlers<typeof ccnActions> {
  return {
    CreateCcn: async (caller, parameters) => ({ Ccn: wireCcn(await ccns.create(caller, readCcn(parameters))) }),
    DescribeCcns: describing(ccnActions.DescribeCcns, {
      list: async (caller, _ids, parameters) => orderRows(await ccns.list(caller), parameters, orders),
      idOf: ({ id }) => id,
      tagsOf: ({ tags }) => tags,
      filters: {
        'ccn-id': equals(({ id }) => id),
        'ccn-name': equals(({ name }) => name),
        'ccn-description': equals(({ description }) => description),
        state: equals(() => 'AVAILABLE'),
      },
      show: (page) => page.map(wireCcn),
    }),
    ModifyCcnAttribute: async (caller, parameters) => {
      for (const name of ['TrafficMarkingPolicyFlag', 'MixedBillingFlag'] as const) {
        if (parameters[name] === true)
          reject('feature-not-built', { name, feature: { en: 'this feature of a CCN', zh: '云联网的这一功能' } });
      }
      const changes = defined({
        name: parameters.CcnName,
        description: parameters.CcnDescription,
        routeEcmp: parameters.RouteECMPFlag,
        routeOverlap: parameters.RouteOverlapFlag,
      });
      await ccns.modify(caller, parameters.CcnId, changes);
      return {};
    },
    DeleteCcn: async (caller, { CcnId: id }) => {
      await ccns.remove(caller, id);
      return {};
    },
  };
}

function readCcn(parameters: RequestOf<typeof ccnActions.CreateCcn>): NewCcn {
  const prepaid = parameters.InstanceChargeType === 'PREPAID';
  return {
    name: parameters.CcnName,
    description: parameters.CcnDescription ?? '',
    qosLevel: qosLevels[parameters.QosLevel ?? 'AU'],
    prepaid,
    metering: parameters.InstanceMeteringType === 'TRAFFIC' ? 'traffic' : 'bandwidth',
    bandwidthLimit: parameters.BandwidthLimitType === undefined ? null : bandwidthLimits[parameters.BandwidthLimitType],
    tags: readTags(parameters.Tags),
  };
}

function wireCcn(ccn: CcnView): WireCcn {
  return {
    CcnId: ccn.id,
    CcnName: ccn.name,
    CcnDescription: ccn.description,
    InstanceCount: ccn.instanceCount,
    CreateTime: wireTime(ccn.createdAt),
    State: 'AVAILABLE',
    QosLevel: wireQosLevels[ccn.qosLevel],
    InstanceChargeType: ccn.prepaid ? 'PREPAID' : 'POSTPAID',
    InstanceMeteringType: ccn.metering === 'traffic' ? 'TRAFFIC' : 'BANDWIDTH',
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
    ServiceLevelMode: 0,
  };
}
