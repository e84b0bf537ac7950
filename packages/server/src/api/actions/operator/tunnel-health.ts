import { tunnelHealthActions } from '@landbridge/catalogue/operator/tunnel-health';
import type { Services } from '../../../services/create-services.ts';
import type { Handlers } from '../../action.ts';
import { describing } from '../../describe-action.ts';
import { wireFindings } from '../../wire/finding-wire.ts';

/** How tunnels are, and what is wrong with them (service landbridge). */
export function tunnelHealthHandlers({ tunnelHealth }: Services): Handlers<typeof tunnelHealthActions> {
  return {
    DescribeTunnelHealth: describing(tunnelHealthActions.DescribeTunnelHealth, {
      list: (caller, ids) => tunnelHealth.list(caller, ids),
      idOf: ({ id }) => id,
      filters: {},
      show: async (page, { call }) =>
        (await tunnelHealth.of(page)).map(({ connection, condition, findings }) => ({
          VpnConnectionId: connection.id,
          VpnConnectionName: connection.name,
          VpnGatewayId: connection.vpnGatewayId,
          State: condition.state,
          FindingSet: wireFindings(findings, call.language),
        })),
    }),
  };
}
