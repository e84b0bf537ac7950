import type { Condition } from '../../domain/operator/condition.ts';
import type { PlanOutcome, TunnelObservation } from '../../domain/operator/observation.ts';
import { findingOf } from '../../domain/diagnosis/told.ts';
import type { Finding } from '../../domain/diagnosis/finding.ts';
import { policyFindings } from '../../domain/vpn/option-findings.ts';
import { publicAddressCount, type Uplink } from '../../domain/operator/uplink.ts';
import type { VpnConnection } from '../../domain/vpn/vpn-connection.ts';
import type { VpnGateway } from '../../domain/vpn/vpn-gateway.ts';
import type { TableRows } from '../../image/rows.ts';
import type { Caller } from '../caller.ts';
import type { ServiceDependencies } from '../dependencies.ts';
import type { LastingCondition } from './tunnel-states.ts';

export interface GatewayStatus {
  readonly gateway: VpnGateway;
  /** The generation since which its plan is as it is. */
  readonly generation: number;
  readonly outcome: PlanOutcome | undefined;
  readonly tunnels: readonly {
    readonly connection: VpnConnection;
    readonly observation: TunnelObservation;
    readonly condition: LastingCondition;
    /** What was asked for and may not be what was meant. */
    readonly notes: readonly Finding[];
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

export function systemStatusService({ read, plans, observed, tunnelStates, uplink }: ServiceDependencies) {
  return {
    /** An administrator sees every account and region, others their own account in every region. */
    read: (caller: Caller): Promise<SystemStatus> =>
      read((rows) => {
        const gateways = visible(caller, rows.vpnGateways);
        const missingUplink = observed.hostFindings().find(({ name, ok }) => name === 'uplink' && !ok);
        return {
          uplink: uplink && uplinkStatus(uplink, rows.vpnGateways.all().length),
          counts: {
            vpcs: visible(caller, rows.vpcs).length,
            subnets: visible(caller, rows.subnets).length,
            vpnGateways: gateways.length,
            customerGateways: visible(caller, rows.customerGateways).length,
            vpnConnections: visible(caller, rows.vpnConnections).length,
          },
          gateways: gateways.map((gateway) => ({
            gateway,
            generation: plans.generationOf(gateway.id),
            outcome: observed.outcome(gateway.id),
            tunnels: rows.vpnConnections.of('vpnGateway', gateway.id).map((connection) => {
              const observation = blaming(missingUplink, observed.tunnel(connection.id));
              const condition = tunnelStates.of(connection);
              const notes = policyFindings(connection).map((told) => findingOf(connection, told));
              return { connection, observation, condition, notes };
            }),
          })),
        };
      }),
  };
}

function visible<Row>({ isAdministrator, accountId }: Caller, table: TableRows<Row, 'account'>): readonly Row[] {
  return isAdministrator ? table.all() : table.of('account', accountId);
}

/** Without an uplink no peer is to blame. */
function blaming(uplink: Condition | undefined, observation: TunnelObservation): TunnelObservation {
  const { sas } = observation;
  if (uplink === undefined || sas === null || sas.connected) return observation;
  return { ...observation, sas: { ...sas, lastError: uplink.message } };
}

function uplinkStatus(uplink: Uplink, taken: number): UplinkStatus {
  const addresses = publicAddressCount(uplink);
  return { uplink, addresses, free: Math.max(0, addresses - taken) };
}
