import type { TrafficObservation } from '../../domain/operator/observation.ts';
import type { VpnConnectionId, VpnGatewayId } from '../../domain/resource-id.ts';

export type TrafficTotals = Pick<TrafficObservation, 'inBytes' | 'inPackets' | 'outBytes' | 'outPackets'>;

const nothing: TrafficTotals = { inBytes: 0, inPackets: 0, outBytes: 0, outPackets: 0 };

/** What has passed all tunnels of a gateway. It goes on when one of them is deleted: a sum would fall, and look like a counter that began anew. */
export class GatewayTotals {
  #seen = new Map<VpnConnectionId, TrafficTotals>();
  #now = new Map<VpnConnectionId, TrafficTotals>();
  readonly #totals = new Map<VpnGatewayId, TrafficTotals>();

  look(gateway: VpnGatewayId, tunnel: VpnConnectionId, traffic: TrafficObservation | null): void {
    if (traffic === null) return;
    const before = this.#seen.get(tunnel) ?? nothing;
    const total = this.of(gateway);
    const grown = (name: keyof TrafficTotals) =>
      total[name] + (traffic[name] >= before[name] ? traffic[name] - before[name] : traffic[name]);
    this.#totals.set(gateway, {
      inBytes: grown('inBytes'),
      inPackets: grown('inPackets'),
      outBytes: grown('outBytes'),
      outPackets: grown('outPackets'),
    });
    this.#now.set(tunnel, traffic);
  }

  /** All tunnels were looked at. @param gateways that there are. */
  done(gateways: ReadonlySet<VpnGatewayId>): void {
    this.#seen = this.#now;
    this.#now = new Map();
    for (const id of this.#totals.keys()) if (!gateways.has(id)) this.#totals.delete(id);
  }

  of(gateway: VpnGatewayId): TrafficTotals {
    return this.#totals.get(gateway) ?? nothing;
  }
}
