import type { DirectConnectGatewayId, SubnetId, VpnConnectionId } from '../../src/domain/resource-id.ts';
import type { Uplink } from '../../src/domain/operator/uplink.ts';
import { planFor, planKeys } from '../../src/planner/plan-for.ts';
import { chosenPlans } from '../chosen-plans.ts';
import { rowsOf } from '../image-of.ts';
import type { NetnsPlan } from '../../src/plan/plan.ts';
import { decrypts, enter, networkOf, type Network, type Outcome, type Place } from './network.ts';
import { covers, type Packet } from './packet.ts';
import type { Arrival, World } from './world.ts';
import { line, netnsName, wan } from '../../src/plan/names.ts';

/** As they are written while these tunnels do not work. */
export function plansOf({ desired, unusable }: World, uplink: Uplink): NetnsPlan[] {
  const rows = rowsOf(desired);
  const plans = planKeys(rows).flatMap((key) => planFor(key, rows, uplink) ?? []);
  return chosenPlans(plans, (id) => unusable?.has(id) !== true);
}

/** Whether IPsec lets out of a tunnel what no CHILD_SA names. It never does; the plans must hold even if it did. */
export type Ipsec = 'checks-selectors' | 'admits-all';

/** The planned network between the subnets and the IDCs of a world. */
export class SimulatedWorld {
  readonly network: Network;
  readonly #world: World;
  readonly #subnetPlaces: ReadonlyMap<SubnetId, Place>;
  readonly #tunnelPlaces: ReadonlyMap<VpnConnectionId, Place>;

  constructor(world: World, plans: readonly NetnsPlan[]) {
    const { subnets, vpnConnections } = world.desired;
    this.#world = world;
    this.network = networkOf(plans);
    this.#subnetPlaces = new Map(subnets.map(({ id, vpcId }) => [id, { netns: netnsName(vpcId), device: id }]));
    this.#tunnelPlaces = new Map(
      vpnConnections.map(({ id, vpnGatewayId }) => [id, { netns: netnsName(vpnGatewayId), device: id }]),
    );
  }

  fromSubnet(id: SubnetId, packet: Packet): Outcome[] {
    return enter(this.network, placeOf(this.#subnetPlaces, id), packet);
  }

  fromTunnel(id: VpnConnectionId, packet: Packet, ipsec: Ipsec): Outcome[] {
    const place = placeOf(this.#tunnelPlaces, id);
    if (ipsec === 'checks-selectors' && !decrypts(this.network, place, packet)) return [];
    return enter(this.network, place, packet);
  }

  fromLine(id: DirectConnectGatewayId, packet: Packet): Outcome[] {
    return enter(this.network, { netns: netnsName(id), device: line }, packet);
  }

  /** In clear, from where the internet is. */
  fromOutside(netns: string, packet: Packet): Outcome[] {
    return enter(this.network, { netns, device: wan }, packet);
  }

  arrivals(outcomes: readonly Outcome[]): Set<Arrival> {
    return outcomes.length === 0 ? new Set(['nowhere']) : new Set(outcomes.map((outcome) => this.#arrival(outcome)));
  }

  #arrival(outcome: Outcome): Arrival {
    switch (outcome.kind) {
      case 'subnet':
        return outcome.device as SubnetId;
      case 'tunnel':
        return outcome.isAdmitted ? this.#atPeer(outcome.peer, outcome.packet) : 'nowhere';
      case 'line':
        return outcome.netns.slice(netnsName('').length) as DirectConnectGatewayId;
      case 'outside':
        return 'outside';
      case 'local':
        return outcome.isAccepted ? 'router' : 'nowhere';
      case 'dropped':
        return 'nowhere';
    }
  }

  #atPeer(peer: string, { destination }: Packet): Arrival {
    const idc = this.#world.idcs.find(({ address }) => address === peer);
    if (idc === undefined) throw new Error(`no IDC has ${peer}`);
    return idc.ranges.some((range) => covers(range, destination)) ? idc.id : 'nowhere';
  }
}

function placeOf<I>(places: ReadonlyMap<I, Place>, id: I): Place {
  const place = places.get(id);
  if (place === undefined) throw new Error(`no place for ${String(id)}`);
  return place;
}
