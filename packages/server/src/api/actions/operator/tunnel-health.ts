import { tunnelHealthActions } from '@landbridge/catalogue/operator/tunnel-health';
import type { Services } from '../../../services/create-services.ts';
import type { Handlers } from '../../action.ts';
import { describing } from '../../describe-action.ts';
import { wireTunnelState } from '../../wire/tunnel-state-wire.ts';
import { wireFindings } from '../../wire/finding-wire.ts';

/** How tunnels are, and what is wrong with them (service landbridge). */
export function tunnelHealthHandlers({ tunnelHealth }: Services): Handlers<typeof tunnelHealthActions> {
  return {
    DescribeTunnelHealth: describing(tunnelHealthActions.DescribeTunnelHealth, {
      list: (caller, ids) => tunnelHealth.list(caller, ids),
      idOf: ({ id }) => id,
      filters: {},
      show: async (page, { call }) =>
        (await tunnelHealth.of(page)).map(({ connection, condition }) => ({
          VpnConnectionId: connection.id,
          VpnConnectionName: connection.name,
          VpnGatewayId: connection.vpnGatewayId,
          ...wireTunnelState(condition),
          FindingSet: wireFindings(condition.findings, call.language),
        })),
    }),
  };
}
