import { Gauge, type Registry } from 'prom-client';
import type { CarriedKind } from '../../domain/operator/host-capacity.ts';
import type { TunnelObservation } from '../../domain/operator/observation.ts';
import type { HostRoom } from '../../domain/operator/room-on-host.ts';

import { recordHold } from './held-metrics.ts';

/** Numbers that are at hand: nothing here reads a table or asks the network. */
export interface ServiceNumbers {
  readonly generation: () => number;
  /** Rows of the image by table. */
  readonly rowCounts: () => Iterable<readonly [table: string, rows: number]>;
  readonly waitingDecisions: () => number;
  readonly isAgentHeard: () => boolean;
  readonly tunnelCount: () => number;
  /** As the acting side last told. */
  readonly tunnels: () => readonly TunnelObservation[];
  /** Null where it is not known. */
  readonly room: () => HostRoom | null;
  /** Plans whose newest form could not be applied whole. */
  readonly failedPlans: () => number;
}

/** How the service is, read when somebody asks. As many series with ten tunnels as with ten thousand. */
export function serviceMetrics(registry: Registry, numbers: ServiceNumbers): void {
  const gauge = (name: string, help: string, read: () => number) => {
    const own: Gauge = new Gauge({ name, help, registers: [registry], collect: () => own.set(read()) });
  };
  recordHold(registry, false);
  gauge('landbridge_image_generation', 'Commits so far of the database that is served.', numbers.generation);
  gauge(
    'landbridge_decisions_waiting',
    'Calls that change something and wait for their turn.',
    numbers.waitingDecisions,
  );
  gauge('landbridge_agent_connected', '1: the agent is heard and understood.', () => Number(numbers.isAgentHeard()));
  gauge(
    'landbridge_plans_failed',
    'Network namespaces whose newest plan could not be applied whole.',
    numbers.failedPlans,
  );
  const rows = new Gauge<'table'>({
    name: 'landbridge_rows',
    help: 'Rows by table.',
    labelNames: ['table'],
    registers: [registry],
    collect: () => {
      for (const [table, count] of numbers.rowCounts()) rows.set({ table }, count);
    },
  });
  const more = new Gauge<'kind' | 'resource'>({
    name: 'landbridge_capacity_more',
    help: 'How many more VPN gateways and tunnels the host carries, by the resource that ends first.',
    labelNames: ['kind', 'resource'],
    registers: [registry],
    collect: () => {
      // Another resource may end first by now.
      more.reset();
      const room = numbers.room();
      for (const [kind, label] of Object.entries(carriedLabels)) {
        const ofKind = room?.[kind as CarriedKind] ?? null;
        if (ofKind !== null) more.set({ kind: label, resource: ofKind.endedBy.resource }, ofKind.more);
      }
    },
  });
  const tunnels = new Gauge<'state'>({
    name: 'landbridge_tunnels',
    help: 'VPN connections by what charon says of their SAs: up, down, or unknown.',
    labelNames: ['state'],
    registers: [registry],
    collect: () => {
      for (const [state, count] of Object.entries(tunnelStates(numbers))) tunnels.set({ state }, count);
    },
  });
  gauge('landbridge_tunnels_unusable', 'VPN connections whose routes are not used.', () => {
    return numbers.tunnels().filter(({ usability }) => (usability?.fault ?? null) !== null).length;
  });
}

const carriedLabels: Readonly<Record<CarriedKind, string>> = { vpnGateways: 'gateways', vpnConnections: 'tunnels' };

function tunnelStates({ tunnels, tunnelCount }: ServiceNumbers) {
  const known = tunnels().filter(({ sas }) => sas !== null);
  const up = known.filter(({ sas }) => sas?.connected === true).length;
  // One that was just deleted may be told of for a moment.
  return { up, down: known.length - up, unknown: Math.max(0, tunnelCount() - known.length) };
}
