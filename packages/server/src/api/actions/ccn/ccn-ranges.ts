import type { Services } from '../../../services/create-services.ts';
import type { CcnRange } from '../../../derive/vpn-gateway-ccn-range.ts';
import { action, type Action } from '../../action.ts';
import { fullList, idOf, maybe, object, oneOf, paging, text } from '@landbridge/catalogue/schema/request-schemas';
import { selectRows } from '../../wire/row-selection.ts';

/** What VPN gateways announce to CCNs (docs/spec/actions.md section 1.4). */

const describeRequest = object({ VpnGatewayId: idOf('vpngw'), ...paging() });
const range = object({
  RouteId: text(),
  Status: maybe(oneOf('ENABLE', 'DISABLE')),
  DestinationCidrBlock: maybe(text()),
});
const modifyRequest = object({ VpnGatewayId: idOf('vpngw'), Routes: fullList(range, 1000) });

export function ccnRangeActions({ ccnRanges }: Services): Action[] {
  return [
    action('DescribeVpnGatewayCcnRoutes', describeRequest, async (caller, parameters) => {
      const rows = await ccnRanges.list(caller, parameters.VpnGatewayId);
      // All without a Limit: terraform reads one page only (docs/spec/actions.md, DescribeVpnGatewayCcnRoutes).
      const { total, page } = selectRows(rows, parameters, { filters: {}, defaultLimit: rows.length });
      return { RouteSet: page.map(wireRange), TotalCount: total };
    }),
    action('ModifyVpnGatewayCcnRoutes', modifyRequest, async (caller, { VpnGatewayId: id, Routes: routes }) => {
      const changes = routes
        .filter(({ Status }) => Status !== undefined)
        .map(({ RouteId, Status }) => ({ id: RouteId, enabled: Status === 'ENABLE' }));
      await ccnRanges.setEnabled(caller, id, changes);
      return {};
    }),
  ];
}

function wireRange({ id, destination, enabled }: CcnRange) {
  return { RouteId: id, Status: enabled ? 'ENABLE' : 'DISABLE', DestinationCidrBlock: destination };
}
