import { Type, type Static } from 'typebox';
import { reads } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import { idOf, maybe, object, oneOf, oneOfNumbers } from '../schema/request-schemas.ts';
import { bandwidths, maxConnection, prepaidRequest } from './vpn-gateways.ts';

/** Price calls (docs/spec/actions.md, "Tier 3"): nothing costs anything here. */

const itemPrice = object({
  UnitPrice: about(Type.Literal(0), 'Of what is paid by the hour.'),
  ChargeUnit: oneOf('HOUR', 'GB'),
  OriginalPrice: about(Type.Literal(0), 'Of what is paid in advance.'),
  DiscountPrice: Type.Literal(0),
});
const price = object({ Price: object({ InstancePrice: itemPrice, BandwidthPrice: itemPrice }) });
export type WirePrice = Static<typeof price>;

export const priceActions = {
  InquiryPriceCreateVpnGateway: reads({
    summary: { en: 'Tells what a VPN gateway would cost: nothing.', zh: '查询创建 VPN 网关的价格：始终为零。' },
    request: object({
      InternetMaxBandwidthOut: about(oneOfNumbers(bandwidths), 'Mbit/s that it would send at most.'),
      InstanceChargeType: maybe(about(oneOf('PREPAID', 'POSTPAID_BY_HOUR'), 'How it would be paid.')),
      InstanceChargePrepaid: maybe(about(prepaidRequest, 'For how long.')),
      MaxConnection: maxConnection(),
      Type: maybe(about(oneOf('IPSEC', 'SSL', 'CCN', 'SSL_CCN'), 'IPSEC unless given.')),
    }),
    response: price,
  }),
  InquiryPriceRenewVpnGateway: reads({
    summary: {
      en: 'Tells what extending a VPN gateway would cost: nothing.',
      zh: '查询续费 VPN 网关的价格：始终为零。',
    },
    request: object({
      VpnGatewayId: idOf('vpngw'),
      InstanceChargePrepaid: about(prepaidRequest, 'For how long.'),
    }),
    response: price,
    errors: ['not-found'],
  }),
  InquiryPriceResetVpnGatewayInternetMaxBandwidth: reads({
    summary: {
      en: 'Tells what another bandwidth of a VPN gateway would cost: nothing.',
      zh: '查询调整 VPN 网关带宽的价格：始终为零。',
    },
    request: object({
      VpnGatewayId: idOf('vpngw'),
      InternetMaxBandwidthOut: about(oneOfNumbers(bandwidths), 'Mbit/s that it would send at most.'),
    }),
    response: price,
    errors: ['not-found'],
  }),
  InquirePriceCreateDirectConnectGateway: reads({
    summary: {
      en: 'Tells what a Direct Connect gateway would cost: nothing.',
      zh: '查询创建专线网关的价格：始终为零。',
    },
    request: object({}),
    response: object({ TotalCost: Type.Literal(0), RealTotalCost: Type.Literal(0) }),
  }),
};
