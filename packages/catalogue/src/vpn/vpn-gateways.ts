import { Type, type Static } from 'typebox';
import { changes, reads } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import {
  dedicatedClusters,
  notOffered,
  asn,
  filterList,
  fullList,
  idList,
  idOf,
  integer,
  maybe,
  nameInBytes,
  object,
  oneOf,
  oneOfNumbers,
  paging,
  tagList,
  text,
} from '../schema/request-schemas.ts';
import { anyOf, nothing, page, tags, time } from '../schema/response-schemas.ts';
import { tagErrors } from '../tag/tag-errors.ts';

/** VPN gateways (docs/spec/actions.md section 1.1). */

/** Mbit/s (docs/spec/semantics.md section 2). */
export const bandwidths = [5, 10, 20, 50, 100, 200, 500, 1000, 3000];

export const prepaidRequest = object({
  Period: about(oneOfNumbers([1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 24, 36]), 'Months. Nothing expires here.'),
  RenewFlag: maybe(
    about(oneOf('NOTIFY_AND_AUTO_RENEW', 'NOTIFY_AND_MANUAL_RENEW'), 'Kept and given back; auto unless given.'),
  ),
});
export const maxConnection = () =>
  maybe(about(oneOfNumbers([5, 10, 20, 50, 100, 200, 500, 1000]), 'Of SSL gateways; kept and given back.'));
const bandwidth = (values: readonly number[]) =>
  about(oneOfNumbers(values), 'Mbit/s that the gateway sends at most. It stays in its class: 5-100, 200-1000, 3000.');

const vpnGateway = object({
  VpnGatewayId: idOf('vpngw'),
  VpcId: about(Type.String(), 'The VPC it belongs to; empty for a gateway of type CCN.'),
  VpnGatewayName: Type.String(),
  Type: about(oneOf('IPSEC', 'CCN'), 'Of a VPC, or for CCNs.'),
  State: about(oneOf('PENDING', 'AVAILABLE'), 'AVAILABLE once its network stands.'),
  PublicIpAddress: about(Type.String({ format: 'ipv4' }), 'Where its peers reach it.'),
  RenewFlag: oneOf('NOTIFY_AND_AUTO_RENEW', 'NOTIFY_AND_MANUAL_RENEW', 'NOT_NOTIFY_AND_NOT_RENEW'),
  InstanceChargeType: oneOf('PREPAID', 'POSTPAID_BY_HOUR'),
  InternetMaxBandwidthOut: about(Type.Integer(), 'Mbit/s that it sends at most.'),
  CreatedTime: time(),
  ExpiredTime: time(),
  IsAddressBlocked: about(Type.Boolean(), 'Always false: nothing is blocked here.'),
  NewPurchasePlan: Type.String(),
  RestrictState: Type.String(),
  Zone: Type.String(),
  VpnGatewayQuotaSet: anyOf(object({ Bandwidth: Type.Integer(), Cname: Type.String(), Name: Type.String() })),
  Version: about(Type.String(), 'The generation of gateways whose features it has.'),
  NetworkInstanceId: about(Type.String(), 'The CCN it is attached to; empty for none.'),
  CdcId: Type.String(),
  MaxConnection: Type.Integer(),
  BgpAsn: about(Type.Integer(), '0 for none.'),
  TagSet: tags(),
});
/** A VPN gateway as replies show it. */
export type WireVpnGateway = Static<typeof vpnGateway>;

export const vpnGatewayActions = {
  CreateVpnGateway: changes({
    summary: {
      en: 'Creates a VPN gateway with a public address of its own, for a VPC or for CCNs.',
      zh: '创建 VPN 网关并分配公网地址，用于 VPC 或云联网。',
    },
    completes: 'later',
    request: object({
      VpcId: about(text(), 'The VPC of a gateway of type IPSEC; the empty text for type CCN.'),
      VpnGatewayName: nameInBytes(),
      InternetMaxBandwidthOut: bandwidth(bandwidths),
      InstanceChargeType: maybe(
        about(oneOf('PREPAID', 'POSTPAID_BY_HOUR'), 'Kept and given back; POSTPAID_BY_HOUR unless given.'),
      ),
      InstanceChargePrepaid: maybe(about(prepaidRequest, 'Needed when `InstanceChargeType` is PREPAID.')),
      Zone: maybe(about(text({ maxLength: 60 }), 'Kept and given back.')),
      Type: maybe(about(oneOf('IPSEC', 'SSL', 'CCN', 'SSL_CCN'), 'IPSEC unless given; the SSL ones are not offered.')),
      Tags: tagList(),
      CdcId: notOffered('string', dedicatedClusters),
      MaxConnection: maxConnection(),
      BgpAsn: maybe(asn()),
    }),
    response: object({ VpnGateway: vpnGateway }),
    errors: [
      'vpc-not-found',
      'gateway-needs-vpc',
      'gateway-takes-no-vpc',
      'quota-reached',
      'no-uplink',
      'no-public-address-left',
      'host-full',
      'feature-not-built',
      ...tagErrors,
    ],
  }),
  DescribeVpnGateways: reads({
    summary: { en: 'Lists VPN gateways, by ids or by filters.', zh: '按 ID 或过滤条件查询 VPN 网关列表。' },
    request: object({ VpnGatewayIds: idList('vpngw'), Filters: filterList(), ...paging() }),
    response: page('VpnGatewaySet', vpnGateway),
    filters: {
      'vpc-id': 'the VPC',
      'vpn-gateway-id': 'the id',
      'vpn-gateway-name': 'the name',
      type: '`IPSEC` or `CCN`',
      'public-ip-address': 'the public address',
      'renew-flag': '`RenewFlag`',
      zone: 'the zone',
    },
  }),
  ModifyVpnGatewayAttribute: changes({
    summary: {
      en: 'Changes the name, the charge type or the ASN of a VPN gateway.',
      zh: '修改 VPN 网关的名称、计费类型或 ASN。',
    },
    request: object({
      VpnGatewayId: idOf('vpngw'),
      VpnGatewayName: maybe(nameInBytes()),
      InstanceChargeType: maybe(about(oneOf('POSTPAID_BY_HOUR'), 'From prepaid to postpaid; there is no way back.')),
      BgpAsn: maybe(asn()),
      MaxConnection: maxConnection(),
    }),
    response: nothing(),
    errors: ['not-found'],
  }),
  DeleteVpnGateway: changes({
    summary: {
      en: 'Deletes a VPN gateway that nothing uses any more.',
      zh: '删除不再被使用的 VPN 网关。',
    },
    completes: 'later',
    request: object({ VpnGatewayId: idOf('vpngw') }),
    response: nothing(),
    errors: ['not-found', 'vpn-gateway-in-use'],
  }),
  ResetVpnGatewayInternetMaxBandwidth: changes({
    summary: {
      en: 'Changes what a VPN gateway sends at most, within its class.',
      zh: '在同一档位内调整 VPN 网关的出带宽上限。',
    },
    completes: 'later',
    request: object({
      VpnGatewayId: idOf('vpngw'),
      InternetMaxBandwidthOut: bandwidth(bandwidths.filter((mbps) => mbps <= 1000)),
    }),
    response: nothing(),
    errors: ['not-found', 'bandwidth-class-fixed'],
  }),
  SetVpnGatewaysRenewFlag: changes({
    summary: { en: 'Sets whether prepaid VPN gateways renew themselves.', zh: '设置预付费 VPN 网关的自动续费标记。' },
    request: object({
      VpnGatewayIds: about(fullList(idOf('vpngw'), 100), 'Prepaid gateways.'),
      AutoRenewFlag: about(integer(0, 2), '0: ask, 1: renew, 2: do not renew.'),
      Type: maybe(about(oneOf('IPSEC', 'SSL'), 'IPSEC unless given.')),
    }),
    response: nothing(),
    errors: ['not-found', 'vpn-gateway-not-prepaid'],
  }),
  RenewVpnGateway: changes({
    summary: {
      en: 'Extends a prepaid VPN gateway. Nothing expires here.',
      zh: '续费预付费 VPN 网关（此处不会到期）。',
    },
    request: object({
      VpnGatewayId: idOf('vpngw'),
      InstanceChargePrepaid: about(prepaidRequest, 'For how long.'),
    }),
    response: nothing(),
    errors: ['not-found', 'vpn-gateway-not-prepaid'],
  }),
};
