import type { PlanOutcome, TunnelObservation } from '../../domain/operator/observation.ts';
import type { Finding } from '../../domain/diagnosis/finding.ts';
import { publicAddressCount, type Uplink } from '../../domain/operator/uplink.ts';
import type { HostRoom } from '../../domain/operator/room-on-host.ts';
import type { VpnConnection } from '../../domain/vpn/vpn-connection.ts';
import type { VpnGateway } from '../../domain/vpn/vpn-gateway.ts';
import { Slices } from '../../platform/loop-turn.ts';
import type { Caller } from '../caller.ts';
import type { ServiceDependencies } from '../dependencies.ts';
import { visibleRows } from '../visible-rows.ts';
import { readHostRoom } from './host-room.ts';
import type { LastingCondition } from './tunnel-states.ts';

export interface GatewayStatus {
  readonly gateway: VpnGateway;
  /** The generation since which its plan is as it is. */
  readonly generation: number;
  readonly outcome: PlanOutcome | undefined;
  readonly tunnels: readonly TunnelStatus[];
}

export interface TunnelStatus {
  readonly connection: VpnConnection;
  readonly observation: TunnelObservation;
  readonly condition: LastingCondition;
  /** Of its findings those of what was asked for and may not be what was meant. */
  readonly notes: readonly Finding[];
}

export interface SystemStatus {
  readonly uplink: UplinkStatus | null;
  /** Null where it is not known. */
  readonly room: HostRoom | null;
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

export function systemStatusService(dependencies: ServiceDependencies) {
  const { read, plans, observed, tunnelStates, uplink } = dependencies;

  const tunnelStatus = (connection: VpnConnection, hostTrouble: string | null): TunnelStatus => {
    const condition = tunnelStates.of(connection);
    const observation = blaming(hostTrouble, observed.tunnel(connection.id));
    return { connection, observation, condition, notes: condition.findings.filter(isNote) };
  };

  return {
    /**
     * An administrator sees every account and region, others their own account in every region. Tunnels are looked at in slices, so
     * that nobody waits for ten thousand of them.
     */
    read: async (caller: Caller): Promise<SystemStatus> => {
      const { gateways, ...overview } = await read((rows) => {
        const gateways = visibleRows(caller, rows.vpnGateways);
        return {
          uplink: uplink && uplinkStatus(uplink, rows.vpnGateways.size()),
          room: readHostRoom(dependencies, rows),
          counts: {
            vpcs: visibleRows(caller, rows.vpcs).length,
            subnets: visibleRows(caller, rows.subnets).length,
            vpnGateways: gateways.length,
            customerGateways: visibleRows(caller, rows.customerGateways).length,
            vpnConnections: visibleRows(caller, rows.vpnConnections).length,
          },
          gateways: gateways.map((gateway) => ({
            gateway,
            generation: plans.generationOf(gateway.id),
            outcome: observed.outcome(gateway.id),
            connections: rows.vpnConnections.of('vpnGateway', gateway.id),
          })),
        };
      });
      const hostTrouble = tunnelStates.hostTrouble();
      const slices = new Slices();
      const shown: GatewayStatus[] = [];
      for (const { connections, ...gateway } of gateways) {
        const tunnels: TunnelStatus[] = [];
        for (const connection of connections) {
          tunnels.push(tunnelStatus(connection, hostTrouble));
          await slices.between();
        }
        shown.push({ ...gateway, tunnels });
      }
      return { ...overview, gateways: shown };
    },
  };
}

/** What was asked for and may all the same not be what was meant. */
function isNote({ code }: Finding): boolean {
  return code === 'policies-ignored';
}

/** Without an uplink no peer is to blame. */
function blaming(hostTrouble: string | null, observation: TunnelObservation): TunnelObservation {
  const { sas } = observation;
  if (hostTrouble === null || sas === null || sas.connected) return observation;
  return { ...observation, sas: { ...sas, lastError: hostTrouble } };
}

function uplinkStatus(uplink: Uplink, taken: number): UplinkStatus {
  const addresses = publicAddressCount(uplink);
  return { uplink, addresses, free: Math.max(0, addresses - taken) };
}
