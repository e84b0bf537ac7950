import {
  ccnBandwidthLimitActions,
  type limitRequest,
  type WireRegionBandwidth,
  type WireRegionLimit,
} from '@landbridge/catalogue/ccn/ccn-bandwidth-limits';
import type { Static } from 'typebox';
import { scopeKey } from '../../../domain/ccn/ccn-bandwidth-limit.ts';
import { digestId } from '../../../domain/digest-id.ts';
import type { LimitSetting, RegionLimitView } from '../../../services/ccn/ccn-bandwidth-limits.ts';
import type { Services } from '../../../services/create-services.ts';
import type { Handlers } from '../../action.ts';
import { describing } from '../../describe-action.ts';
import { reject } from '../../protocol/api-error.ts';
import { wireQosLevels } from './ccns.ts';
import { orderRows, type Orders } from '../../wire/order-rows.ts';
import { equals } from '../../wire/row-selection.ts';
import { noTime, wireTime } from '../../wire/wire-values.ts';

/** Bandwidth limits of CCNs (docs/spec/actions.md section 2.9). */

/** A postpaid CCN's limits do not expire: all alike. */
const orders: Orders<RegionLimitView> = { ExpireTime: () => noTime, BandwidthLimit: ({ limitMbps }) => limitMbps };

export function ccnBandwidthLimitHandlers({ ccnBandwidthLimits }: Services): Handlers<typeof ccnBandwidthLimitActions> {
  return {
    SetCcnRegionBandwidthLimits: async (caller, parameters) => {
      const { CcnId: id, CcnRegionBandwidthLimits: limits, SetDefaultLimitFlag: toDefault = false } = parameters;
      const settings = limits.map(readSetting);
      await ccnBandwidthLimits.set(
        caller,
        id,
        toDefault ? settings.map((setting) => ({ ...setting, limitMbps: null })) : settings,
      );
      return {};
    },
    DescribeCcnRegionBandwidthLimits: async (caller, { CcnId: id }) => {
      const limits = await ccnBandwidthLimits.list(caller, id);
      return { CcnRegionBandwidthLimitSet: limits.filter(({ isAttached }) => isAttached).map(wireLimit) };
    },
    GetCcnRegionBandwidthLimits: describing(ccnBandwidthLimitActions.GetCcnRegionBandwidthLimits, {
      list: async (caller, _ids, { CcnId: id, SortedBy: field = 'ExpireTime', OrderBy: direction = 'ASC' }) => {
        const order = { OrderField: field, OrderDirection: direction };
        return orderRows(await ccnBandwidthLimits.list(caller, id), order, orders);
      },
      show: (page) => page.map(wireBandwidth),
      // Either end of a pair: its limit holds in both directions.
      filters: {
        sregion: equals(({ region, peerRegion }) => (peerRegion === null ? [region] : [region, peerRegion])),
        dregion: equals(({ region, peerRegion }) => (peerRegion === null ? [] : [region, peerRegion])),
      },
    }),
    ModifyCcnRegionBandwidthLimitsType: async (caller, { CcnId: id, BandwidthLimitType: type }) => {
      await ccnBandwidthLimits.changeKind(caller, id, type === 'INTER_REGION_LIMIT' ? 'inter-region' : 'outer-region');
      return {};
    },
  };
}

/** Terraform writes 0 where nobody named a limit: the default. */
function readSetting(given: Static<typeof limitRequest>, index: number): LimitSetting {
  for (const name of ['IsBm', 'DstIsBm'] as const) {
    if (given[name] !== true) continue;
    reject('feature-not-built', {
      name: `CcnRegionBandwidthLimits.${index}.${name}`,
      feature: { en: 'the bare-metal cloud', zh: '黑石物理服务器' },
    });
  }
  const { Region: region, DstRegion: peer = '', BandwidthLimit: limitMbps } = given;
  return { region, peerRegion: peer === '' ? null : peer, limitMbps: limitMbps === 0 ? null : limitMbps };
}

function wireLimit({ region, peerRegion, limitMbps }: RegionLimitView): WireRegionLimit {
  return { Region: region, BandwidthLimit: limitMbps, IsBm: false, DstRegion: peerRegion ?? '', DstIsBm: false };
}

function wireBandwidth(limit: RegionLimitView): WireRegionBandwidth {
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
