import { Type } from 'typebox';
import { reads } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import { filterList, list, maybe, object, paging, text } from '../schema/request-schemas.ts';
import { page } from '../schema/response-schemas.ts';

/** Remote access (docs/spec/actions.md, "Tier 3"): gateways are IPsec only, so that there is nothing to list. */

const nobody = object({});
const request = (ids: string) =>
  object({
    [ids]: maybe(about(list(text({ maxLength: 60 }), 100), 'Only these. Excludes `Filters`.')),
    Filters: filterList(),
    ...paging(),
    IsVpnPortal: maybe(about(Type.Boolean(), 'Of no effect.')),
  });
const filters = {
  'vpc-id': 'nothing: there are none',
  'vpn-gateway-id': 'nothing: there are none',
  'ssl-vpn-server-id': 'nothing: there are none',
  'ssl-vpn-server-name': 'nothing: there are none',
  'ssl-vpn-client-id': 'nothing: there are none',
  'ssl-vpn-client-name': 'nothing: there are none',
};

export const sslVpnActions = {
  DescribeVpnGatewaySslServers: reads({
    summary: { en: 'Lists servers of SSL VPN: there are none.', zh: '查询 SSL VPN 服务端列表：始终为空。' },
    request: request('SslVpnServerIds'),
    response: page('SslVpnSeverSet', nobody),
    filters,
  }),
  DescribeVpnGatewaySslClients: reads({
    summary: { en: 'Lists clients of SSL VPN: there are none.', zh: '查询 SSL VPN 客户端列表：始终为空。' },
    request: request('SslVpnClientIds'),
    response: page('SslVpnClientSet', nobody),
    filters,
  }),
};
