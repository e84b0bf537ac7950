import { Type, type Static } from 'typebox';
import { highestLimitMbps, scopeKey } from '../../../domain/ccn/ccn-bandwidth-limit.ts';
import { digestId } from '../../../domain/digest-id.ts';
import type { LimitSetting, RegionLimitView } from '../../../services/ccn/ccn-bandwidth-limits.ts';
import type { Services } from '../../../services/create-services.ts';
import { action, type Action } from '../../action.ts';
import { reject } from '../../protocol/api-error.ts';
import { wireQosLevels } from './ccns.ts';
import { orderRows, type Orders } from '../../wire/order-rows.ts';
import {
  filterList,
  fullList,
  idOf,
  integer,
  maybe,
  object,
  oneOf,
  paging,
  regionName,
} from '@landbridge/catalogue/schema/request-schemas';
import { equals, selectRows, type SelectionRules } from '../../wire/row-selection.ts';
import { noTime, wireTime } from '../../wire/wire-values.ts';

/** Bandwidth limits of CCNs (docs/spec/actions.md section 2.9). */

const limit = object({
  Region: regionName(),
  BandwidthLimit: integer(0, highestLimitMbps),
  IsBm: maybe(Type.Boolean()),
  DstRegion: maybe(regionName({ orEmpty: true })),
  DstIsBm: maybe(Type.Boolean()),
});
const mostLimits = 100;
const setRequest = object({
  CcnId: idOf('ccn'),
  CcnRegionBandwidthLimits: fullList(limit, mostLimits),
  SetDefaultLimitFlag: maybe(Type.Boolean()),
});
const getRequest = object({
  CcnId: idOf('ccn'),
  Filters: filterList(),
  SortedBy: maybe(oneOf('ExpireTime', 'BandwidthLimit')),
  OrderBy: maybe(oneOf('ASC', 'DESC')),
  ...paging(),
});
const modifyRequest = object({
  CcnId: idOf('ccn'),
  BandwidthLimitType: maybe(oneOf('OUTER_REGION_LIMIT', 'INTER_REGION_LIMIT')),
});

/** Either end of a pair: its limit holds in both directions. */
const selection: SelectionRules<RegionLimitView> = {
  filters: {
    sregion: equals(({ region, peerRegion }) => (peerRegion === null ? [region] : [region, peerRegion])),
    dregion: equals(({ region, peerRegion }) => (peerRegion === null ? [] : [region, peerRegion])),
  },
};

/** A postpaid CCN's limits do not expire: all alike. */
const orders: Orders<RegionLimitView> = { ExpireTime: () => noTime, BandwidthLimit: ({ limitMbps }) => limitMbps };

export function ccnBandwidthLimitActions({ ccnBandwidthLimits }: Services): Action[] {
  return [
    action('SetCcnRegionBandwidthLimits', setRequest, async (caller, parameters) => {
      const { CcnId: id, CcnRegionBandwidthLimits: limits, SetDefaultLimitFlag: toDefault = false } = parameters;
      const settings = limits.map((given, index) => readSetting(given, index));
      await ccnBandwidthLimits.set(
        caller,
        id,
        toDefault ? settings.map((setting) => ({ ...setting, limitMbps: null })) : settings,
      );
      return {};
    }),
    action('DescribeCcnRegionBandwidthLimits', object({ CcnId: idOf('ccn') }), async (caller, { CcnId: id }) => {
      const limits = await ccnBandwidthLimits.list(caller, id);
      return { CcnRegionBandwidthLimitSet: limits.filter(({ isAttached }) => isAttached).map(wireLimit) };
    }),
    action('GetCcnRegionBandwidthLimits', getRequest, async (caller, parameters) => {
      const order = { OrderField: parameters.SortedBy ?? 'ExpireTime', OrderDirection: parameters.OrderBy ?? 'ASC' };
      const rows = orderRows(await ccnBandwidthLimits.list(caller, parameters.CcnId), order, orders);
      const { total, page } = selectRows(rows, parameters, selection);
      return { TotalCount: total, CcnBandwidthSet: page.map(wireBandwidth) };
    }),
    action('ModifyCcnRegionBandwidthLimitsType', modifyRequest, async (caller, parameters) => {
      const { CcnId: id, BandwidthLimitType: type } = parameters;
      await ccnBandwidthLimits.changeKind(caller, id, type === 'INTER_REGION_LIMIT' ? 'inter-region' : 'outer-region');
      return {};
    }),
  ];
}

/** Terraform writes 0 where nobody named a limit: the default. */
function readSetting(given: Static<typeof limit>, index: number): LimitSetting {
  for (const name of ['IsBm', 'DstIsBm'] as const) {
    if (given[name] !== true) continue;
    reject('feature-not-built', { name: `CcnRegionBandwidthLimits.${index}.${name}`, feature: 'the bare-metal cloud' });
  }
  const { Region: region, DstRegion: peer = '', BandwidthLimit: limitMbps } = given;
  return { region, peerRegion: peer === '' ? null : peer, limitMbps: limitMbps === 0 ? null : limitMbps };
}

function wireLimit({ region, peerRegion, limitMbps }: RegionLimitView) {
  return { Region: region, BandwidthLimit: limitMbps, IsBm: false, DstRegion: peerRegion ?? '', DstIsBm: false };
}

function wireBandwidth(limit: RegionLimitView) {
  return {
    CcnId: limit.ccnId,
    CreatedTime: wireTime(limit.createdAt),
    ExpiredTime: noTime,
    RegionFlowControlId: digestId('fcr', limit.ccnId, scopeKey(limit)),
    RenewFlag: '',
    CcnRegionBandwidthLimit: wireLimit(limit),
    MarketId: '',
    TagSet: [],
    DefaultQosBandwidthFlag: limit.isDefault,
    QosLevel: wireQosLevels[limit.qosLevel],
  };
}
