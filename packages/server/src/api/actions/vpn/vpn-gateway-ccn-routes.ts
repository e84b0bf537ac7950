import {
  vpnGatewayCcnRouteActions,
  type WireVpnGatewayCcnRoute,
} from '@landbridge/catalogue/vpn/vpn-gateway-ccn-routes';
import type { Services } from '../../../services/create-services.ts';
import type { CcnRange } from '../../../derive/vpn-gateway-ccn-range.ts';
import type { Handlers } from '../../action.ts';
import { describing } from '../../describe-action.ts';

/** What VPN gateways announce to CCNs (docs/spec/actions.md section 1.4). */
export function vpnGatewayCcnRouteHandlers({ ccnRanges }: Services): Handlers<typeof vpnGatewayCcnRouteActions> {
  return {
    DescribeVpnGatewayCcnRoutes: describing(vpnGatewayCcnRouteActions.DescribeVpnGatewayCcnRoutes, {
      list: (caller, _ids, { VpnGatewayId }) => ccnRanges.list(caller, VpnGatewayId),
      show: (page) => page.map(wireRange),
      filters: {},
      defaultLimit: Infinity,
    }),
    ModifyVpnGatewayCcnRoutes: async (caller, { VpnGatewayId: id, Routes: routes }) => {
      const changes = routes
        .filter(({ Status }) => Status !== undefined)
        .map(({ RouteId, Status }) => ({ id: RouteId, enabled: Status === 'ENABLE' }));
      await ccnRanges.setEnabled(caller, id, changes);
      return {};
    },
  };
}

function wireRange({ id, destination, enabled }: CcnRange): WireVpnGatewayCcnRoute {
  return { RouteId: id, Status: enabled ? 'ENABLE' : 'DISABLE', DestinationCidrBlock: destination };
}
