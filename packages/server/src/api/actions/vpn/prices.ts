import type { priceActions, WirePrice } from '@landbridge/catalogue/vpn/prices';
import type { VpnGatewayId } from '../../../domain/resource-id.ts';
import { refuse } from '../../../domain/refusal.ts';
import type { Caller } from '../../../services/caller.ts';
import type { Services } from '../../../services/create-services.ts';
import type { Handlers } from '../../action.ts';

const nothing = { UnitPrice: 0, OriginalPrice: 0, DiscountPrice: 0 } as const;
const free: WirePrice = {
  Price: {
    InstancePrice: { ...nothing, ChargeUnit: 'HOUR' },
    BandwidthPrice: { ...nothing, ChargeUnit: 'GB' },
  },
};

/** Prices of gateways that are there, or that a caller thinks of. */
export function priceHandlers({ vpnGateways }: Services): Handlers<typeof priceActions> {
  const priceOf = async (caller: Caller, id: VpnGatewayId) => {
    const [gateway] = await vpnGateways.list(caller, [id]);
    return gateway === undefined ? refuse('not-found', { id }) : free;
  };
  return {
    InquiryPriceCreateVpnGateway: async () => free,
    InquiryPriceRenewVpnGateway: (caller, { VpnGatewayId: id }) => priceOf(caller, id),
    InquiryPriceResetVpnGatewayInternetMaxBandwidth: (caller, { VpnGatewayId: id }) => priceOf(caller, id),
    InquirePriceCreateDirectConnectGateway: async () => ({ TotalCost: 0, RealTotalCost: 0 }),
  };
}
