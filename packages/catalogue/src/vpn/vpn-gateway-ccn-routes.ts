import { Type, type Static } from 'typebox';
import { changes, reads } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import { fullList, idOf, lenientInteger, maybe, object, oneOf, paging, text } from '../schema/request-schemas.ts';
import { nothing, page } from '../schema/response-schemas.ts';

/** What VPN gateways announce to CCNs (docs/spec/actions.md section 1.4). */

const range = object({
  RouteId: idOf('vpnr'),
  Status: about(oneOf('ENABLE', 'DISABLE'), 'Whether the CCN hears of it, as long as a tunnel to it works.'),
  DestinationCidrBlock: Type.String(),
});
/** A range behind a VPN gateway as replies show it. */
export type WireVpnGatewayCcnRoute = Static<typeof range>;

export const vpnGatewayCcnRouteActions = {
  DescribeVpnGatewayCcnRoutes: reads({
    summary: {
      en: 'Lists the ranges behind a VPN gateway that its CCN may hear of.',
      zh: '查询 VPN 网关可发布到云联网的 IDC 网段。',
    },
    request: object({
      VpnGatewayId: idOf('vpngw'),
      ...paging(),
      // Terraform reads one page only (docs/spec/actions.md, DescribeVpnGatewayCcnRoutes).
      Limit: maybe(about(lenientInteger(1, 100), 'How many at most; all unless given.')),
    }),
    response: page('RouteSet', range),
    errors: ['not-found'],
  }),
  ModifyVpnGatewayCcnRoutes: changes({
    summary: {
      en: 'Sets which ranges behind a VPN gateway its CCN hears of.',
      zh: '设置 VPN 网关向云联网发布哪些 IDC 网段。',
    },
    completes: 'later',
    request: object({
      VpnGatewayId: idOf('vpngw'),
      Routes: about(
        fullList(
          object({
            RouteId: about(text(), 'Which: `vpnr-…`.'),
            Status: maybe(about(oneOf('ENABLE', 'DISABLE'), 'Whether the CCN hears of it.')),
            DestinationCidrBlock: maybe(about(text(), 'Not read: what replies show may be sent back.')),
          }),
          1000,
        ),
        'What changes. Ranges that are left out stay as they are.',
      ),
    }),
    response: nothing(),
    errors: ['not-found'],
  }),
};
