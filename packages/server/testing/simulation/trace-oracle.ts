import { PacketTraces, type End, type Origin } from '../../src/derive/packet-trace.ts';
import { rowsOf } from '../image-of.ts';
import type { Oracle } from './matrix.ts';
import { covers, type Packet } from './packet.ts';
import type { Arrival, World } from './world.ts';

/** Where `derive/packet-trace` says that packets arrive. What lies behind a tunnel no row says: the world does. */
export function traceOracle(world: World): Oracle {
  const traces = new PacketTraces(rowsOf(world.desired), (id) => world.unusable?.has(id) !== true);
  const arrivals = (origin: Origin, packet: Packet) =>
    new Set(traces.pathsOf(origin, packet).map(({ end }) => arrivalAt(end, packet, world)));
  return {
    fromSubnet: (id, packet) => arrivals({ kind: 'subnet', id }, packet),
    fromLine: (id, packet) => arrivals({ kind: 'direct-connect-gateway', id }, packet),
    fromTunnel: (id, packet) => arrivals({ kind: 'vpn-connection', id }, packet),
  };
}

function arrivalAt(end: End, { destination }: Packet, { desired, idcs }: World): Arrival {
  switch (end.kind) {
    case 'subnet':
    case 'direct-connect-gateway':
      return end.id;
    case 'vpn-connection': {
      const connection = desired.vpnConnections.find(({ id }) => id === end.id);
      const idc = idcs.find(({ id }) => id === connection?.customerGatewayId);
      return idc?.ranges.some((range) => covers(range, destination)) === true ? idc.id : 'nowhere';
    }
    case 'router':
      return 'router';
    case 'nowhere':
      return 'nowhere';
  }
}
