import type { IpAddress } from '@landbridge/net';
import type { ConnectionObservation, PlanOutcome, TunnelObservation } from '../../domain/operator/observation.ts';
import { conditionOf, type TunnelCondition } from '../../domain/vpn/tunnel-state.ts';
import { publicAddressCount, type Uplink } from '../../domain/operator/uplink.ts';
import type { VpnConnection } from '../../domain/vpn/vpn-connection.ts';
import type { VpnGateway } from '../../domain/vpn/vpn-gateway.ts';
import type { Caller } from '../caller.ts';
import type { ServiceDependencies } from '../dependencies.ts';

export interface GatewayStatus {
  readonly gateway: VpnGateway;
  readonly outcome: PlanOutcome | undefined;
  readonly tunnels: readonly {
    readonly connection: VpnConnection;
    readonly observation: ConnectionObservation | undefined;
    readonly tunnel: TunnelObservation | undefined;
    readonly condition: TunnelCondition;
  }[];
}

export interface SystemStatus {
  readonly uplink: UplinkStatus | null;
  /** Rows by kind, of the accounts the caller may see. */
  readonly counts: Readonly<Record<'vpcs' | 'subnets' | 'vpnGateways' | 'customerGateways' | 'vpnConnections', number>>;
  readonly gateways: readonly GatewayStatus[];
}

export interface UplinkStatus {
  readonly uplink: Uplink;
  readonly addresses: number;
  readonly free: number;
}

export type SystemStatusService = ReturnType<typeof systemStatusService>;

export function systemStatusService({ store, observed, uplink }: ServiceDependencies) {
  return {
    /** An administrator sees every account and region, others their own account in every region. */
    read: async (caller: Caller): Promise<SystemStatus> => {
      const desired = await store.readDesiredState();
      const isVisible = ({ accountId }: { readonly accountId: string }) =>
        caller.isAdministrator || accountId === caller.accountId;
      const connections = desired.vpnConnections.filter(isVisible);
      const gateways = desired.vpnGateways.filter(isVisible);
      const addresses = desired.vpnGateways.map(({ publicAddress }) => publicAddress);
      return {
        uplink: uplink && uplinkStatus(uplink, addresses),
        counts: {
          vpcs: desired.vpcs.filter(isVisible).length,
          subnets: desired.subnets.filter(isVisible).length,
          vpnGateways: gateways.length,
          customerGateways: desired.customerGateways.filter(isVisible).length,
          vpnConnections: connections.length,
        },
        gateways: gateways.map((gateway) => ({
          gateway,
          outcome: observed.outcome(gateway.id),
          tunnels: connections
            .filter(({ vpnGatewayId }) => vpnGatewayId === gateway.id)
            .map((connection) => {
              const [observation, tunnel] = [observed.connection(connection.id), observed.tunnel(connection.id)];
              return { connection, observation, tunnel, condition: conditionOf(connection, observation, tunnel) };
            }),
        })),
      };
    },
  };
}

function uplinkStatus(uplink: Uplink, taken: readonly IpAddress[]): UplinkStatus {
  const addresses = publicAddressCount(uplink);
  return { uplink, addresses, free: Math.max(0, addresses - taken.length) };
}
