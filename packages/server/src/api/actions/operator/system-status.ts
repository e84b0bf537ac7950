import type {
  systemStatusActions,
  WireCondition,
  WireGatewayStatus,
  WireHealthCheck,
  WireTunnelStatus,
  WireUplink,
} from '@landbridge/catalogue/operator/system-status';
import type { Condition } from '../../../domain/operator/condition.ts';
import type {
  HealthCheckObservation,
  PlanOutcome,
  SaObservation,
  UsabilityObservation,
} from '../../../domain/operator/observation.ts';
import type { SystemFacts } from '../../../domain/operator/system-facts.ts';
import type { VpnConnectionId } from '../../../domain/resource-id.ts';
import { uplinkDevice } from '../../../domain/operator/uplink.ts';
import type { Services } from '../../../services/create-services.ts';
import type { GatewayStatus, UplinkStatus } from '../../../services/operator/system-status.ts';
import type { Handlers } from '../../action.ts';
import { wireCapacity } from '../../wire/capacity-wire.ts';
import { wireTunnelState } from '../../wire/tunnel-state-wire.ts';
import type { Language } from '../../protocol/api-error.ts';
import { wireFindings } from '../../wire/finding-wire.ts';
import { wireTime } from '../../wire/wire-values.ts';

/** One picture of the whole (service landbridge). Uplink, lag and conditions are the operator's: others get none. */
export function systemStatusHandlers(
  { systemStatus }: Services,
  facts: SystemFacts,
): Handlers<typeof systemStatusActions> {
  return {
    DescribeSystemStatus: async (caller) => {
      const { uplink, room, counts, gateways } = await systemStatus.read(caller);
      const conditions = caller.isAdministrator ? await facts.readConditions() : [];
      return {
        Version: facts.version,
        DataPlane: facts.dataPlane.name,
        DataPlaneReason: caller.isAdministrator ? facts.dataPlane.reason : '',
        StartedAt: wireTime(facts.startedAt),
        LoopLagMs: caller.isAdministrator ? facts.readLoopLag() : null,
        Uplink: caller.isAdministrator && uplink !== null ? wireUplink(uplink) : null,
        Capacity: caller.isAdministrator && room !== null ? wireCapacity(room, caller.call.language) : null,
        Counts: {
          Vpcs: counts.vpcs,
          Subnets: counts.subnets,
          VpnGateways: counts.vpnGateways,
          CustomerGateways: counts.customerGateways,
          VpnConnections: counts.vpnConnections,
        },
        Gateways: gateways.map((gateway) => wireGatewayStatus(gateway, caller.call.language)),
        Conditions: conditions.map(wireCondition),
      };
    },
  };
}

/** The same while nothing may be changed, for the operator: of gateways and tunnels nothing is known. */
export function heldSystemStatusHandlers(facts: SystemFacts): Handlers<typeof systemStatusActions> {
  return {
    DescribeSystemStatus: async () => ({
      Version: facts.version,
      DataPlane: facts.dataPlane.name,
      DataPlaneReason: facts.dataPlane.reason,
      StartedAt: wireTime(facts.startedAt),
      LoopLagMs: facts.readLoopLag(),
      Uplink: null,
      Capacity: null,
      Counts: { Vpcs: 0, Subnets: 0, VpnGateways: 0, CustomerGateways: 0, VpnConnections: 0 },
      Gateways: [],
      Conditions: (await facts.readConditions()).map(wireCondition),
    }),
  };
}

function wireCondition({ name, ok, message }: Condition): WireCondition {
  return { Name: name, Ok: ok, Message: message };
}

function wireUplink({ uplink, addresses, free }: UplinkStatus): WireUplink {
  return { Mode: uplink.mode, Device: uplinkDevice(uplink), PathMtu: uplink.pathMtu, Addresses: addresses, Free: free };
}

/** Applied is -1 until the gateway's plan was applied once; times are empty while nothing was seen. */
function wireGatewayStatus(
  { gateway, generation, outcome, tunnels }: GatewayStatus,
  language: Language,
): WireGatewayStatus {
  return {
    VpnGatewayId: gateway.id,
    SourceCheck: gateway.checksSources,
    Generation: generation,
    Applied: outcome?.appliedGeneration ?? -1,
    Error: outcome?.error ?? '',
    Tunnels: tunnels.map(({ connection: { id }, observation: { sas, usability }, condition, notes }) => ({
      VpnConnectionId: id,
      ...wireTunnelState(condition),
      Notes: wireFindings(notes, language).map(({ Summary }) => Summary),
      ...wireSas(sas, reasonIn(outcome, id)),
      ...wireUsability(usability),
    })),
  };
}

/** @param otherwise why there is nothing to see, if it is known. */
function wireSas(
  sas: SaObservation | null,
  otherwise: string,
): Pick<WireTunnelStatus, 'NetStatus' | 'IkeEstablished' | 'Children' | 'LastError' | 'ChangedAt'> {
  if (sas === null) {
    return { NetStatus: 'UNAVAILABLE', IkeEstablished: false, Children: [], LastError: otherwise, ChangedAt: '' };
  }
  return {
    NetStatus: sas.connected ? 'AVAILABLE' : 'UNAVAILABLE',
    IkeEstablished: sas.ikeEstablished,
    Children: Object.entries(sas.children).map(([name, installed]) => ({ Name: name, Installed: installed })),
    LastError: sas.lastError ?? otherwise,
    ChangedAt: wireTime(sas.changedAt),
  };
}

function wireUsability(
  usability: UsabilityObservation | null,
): Pick<WireTunnelStatus, 'Usable' | 'Fault' | 'HealthCheck'> {
  const { fault, healthCheck } = usability ?? { fault: null, healthCheck: null };
  return { Usable: fault === null, Fault: fault ?? '', HealthCheck: wireHealthCheck(healthCheck) };
}

function reasonIn(outcome: PlanOutcome | undefined, id: VpnConnectionId): string {
  return outcome?.failures?.get(id) ?? '';
}

const wireProbeStates = {
  unknown: 'UNKNOWN',
  available: 'AVAILABLE',
  unavailable: 'UNAVAILABLE',
} as const satisfies Record<HealthCheckObservation['state'], string>;

/** Null without a health check. Counts and delay are those of the last minute, IntervalMs is what is kept to in fact. */
function wireHealthCheck(check: HealthCheckObservation | null): WireHealthCheck | null {
  if (check === null) return null;
  const { state, probes, schedule } = check;
  return {
    State: wireProbeStates[state],
    Sent: probes.sent,
    Lost: probes.lost,
    NotSent: probes.unsent,
    DelayMs: probes.meanDelayMs,
    IntervalMs: schedule.intervalMs,
  };
}
