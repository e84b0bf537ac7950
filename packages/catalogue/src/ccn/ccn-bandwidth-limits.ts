import { Type, type Static } from 'typebox';
import { changes, reads } from '../action-definition.ts';
import { about } from '../schema/about.ts';
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
} from '../schema/request-schemas.ts';
import { anyOf, emptyList, nothing, page, time } from '../schema/response-schemas.ts';
import { qosLevel } from './ccns.ts';

/** Bandwidth limits of CCNs (docs/spec/actions.md section 2.9). */

/** Mbit/s: what one line can carry. */
const highestLimit = 100_000;

export const limitRequest = object({
  Region: regionName(),
  BandwidthLimit: about(integer(0, highestLimit), 'Mbit/s; 0: the default.'),
  IsBm: maybe(about(Type.Boolean(), 'Of the bare-metal cloud, which is not offered: only false.')),
  DstRegion: maybe(
    about(regionName({ orEmpty: true }), 'The other region of an INTER_REGION_LIMIT; empty for an OUTER_REGION_LIMIT.'),
  ),
  DstIsBm: maybe(about(Type.Boolean(), 'Of the bare-metal cloud, which is not offered: only false.')),
});
const mostLimits = 100;

const limit = object({
  Region: Type.String(),
  BandwidthLimit: about(Type.Integer(), 'Mbit/s.'),
  IsBm: about(Type.Boolean(), 'Always false.'),
  DstRegion: about(Type.String(), 'The other region of an INTER_REGION_LIMIT; empty otherwise.'),
  DstIsBm: about(Type.Boolean(), 'Always false.'),
});
const bandwidth = object({
  CcnId: idOf('ccn'),
  CreatedTime: time(),
  ExpiredTime: about(time(), 'Always 0000-00-00 00:00:00: nothing expires here.'),
  RegionFlowControlId: about(idOf('fcr'), 'Stays the same for a region, or a pair of them.'),
  RenewFlag: about(Type.String(), 'Always empty.'),
  CcnRegionBandwidthLimit: limit,
  MarketId: about(Type.String(), 'Always empty.'),
  TagSet: emptyList(),
  DefaultQosBandwidthFlag: about(Type.Boolean(), 'Nobody set it: it is the default.'),
  QosLevel: qosLevel(),
});
/** A limit, alone and with what stands around it, as replies show it. */
export type WireRegionLimit = Static<typeof limit>;
export type WireRegionBandwidth = Static<typeof bandwidth>;

export const ccnBandwidthLimitActions = {
  SetCcnRegionBandwidthLimits: changes({
    summary: {
      en: 'Limits what leaves regions of a CCN, or what passes between two of them.',
      zh: '设置云联网各地域的出带宽上限，或地域间的带宽上限。',
    },
    request: object({
      CcnId: idOf('ccn'),
      CcnRegionBandwidthLimits: about(
        fullList(limitRequest, mostLimits),
        'Limits that are not named stay. All or none.',
      ),
      SetDefaultLimitFlag: maybe(about(Type.Boolean(), 'True: the default, whatever `BandwidthLimit` says.')),
    }),
    response: nothing(),
    errors: [
      'not-found',
      'ccn-not-postpaid',
      'limit-needs-peer-region',
      'limit-takes-no-peer-region',
      'limit-within-region',
      'limit-named-twice',
      'quota-reached',
      'feature-not-built',
    ],
  }),
  DescribeCcnRegionBandwidthLimits: reads({
    summary: {
      en: 'Lists the limits in force between or out of the regions that have instances of a CCN.',
      zh: '查询云联网中有关联实例的地域的带宽上限。',
    },
    request: object({ CcnId: idOf('ccn') }),
    response: object({ CcnRegionBandwidthLimitSet: anyOf(limit) }),
    errors: ['not-found'],
  }),
  GetCcnRegionBandwidthLimits: reads({
    summary: {
      en: 'Lists the limits of a CCN, those of regions without instances as well.',
      zh: '查询云联网的带宽上限，包括没有关联实例的地域。',
    },
    request: object({
      CcnId: idOf('ccn'),
      Filters: filterList(),
      SortedBy: maybe(
        about(
          oneOf('ExpireTime', 'BandwidthLimit'),
          'ExpireTime unless given: by age, as nothing expires; defaults last.',
        ),
      ),
      OrderBy: maybe(about(oneOf('ASC', 'DESC'), 'ASC unless given.')),
      ...paging(),
    }),
    response: page('CcnBandwidthSet', bandwidth),
    filters: {
      sregion: 'the region, or either of a pair',
      dregion: 'either region of a pair',
    },
    errors: ['not-found'],
  }),
  ModifyCcnRegionBandwidthLimitsType: changes({
    summary: {
      en: 'Changes whether limits of a CCN are about regions or pairs of them. Those of the other kind are deleted.',
      zh: '修改云联网的限速方式（地域出口限速或地域间限速），原有限速将被清除。',
    },
    request: object({
      CcnId: idOf('ccn'),
      BandwidthLimitType: maybe(
        about(oneOf('OUTER_REGION_LIMIT', 'INTER_REGION_LIMIT'), 'OUTER_REGION_LIMIT unless given.'),
      ),
    }),
    response: nothing(),
    errors: ['not-found', 'ccn-not-postpaid'],
  }),
};
