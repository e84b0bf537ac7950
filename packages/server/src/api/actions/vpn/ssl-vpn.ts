import { sslVpnActions } from '@landbridge/catalogue/vpn/ssl-vpn';
import type { Handlers } from '../../action.ts';
import { describing } from '../../describe-action.ts';
import { isAbsent } from '../../wire/row-selection.ts';

const none = {
  list: async () => [],
  filters: {
    'vpc-id': isAbsent(),
    'vpn-gateway-id': isAbsent(),
    'ssl-vpn-server-id': isAbsent(),
    'ssl-vpn-server-name': isAbsent(),
    'ssl-vpn-client-id': isAbsent(),
    'ssl-vpn-client-name': isAbsent(),
  },
  show: () => [],
};

/** What a service without SSL VPN has of it. */
export function sslVpnHandlers(): Handlers<typeof sslVpnActions> {
  return {
    DescribeVpnGatewaySslServers: describing(sslVpnActions.DescribeVpnGatewaySslServers, none),
    DescribeVpnGatewaySslClients: describing(sslVpnActions.DescribeVpnGatewaySslClients, none),
  };
}
