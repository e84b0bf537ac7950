import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { call } from './calls/call.ts';
import type { Session } from './calls/session.ts';
import { MuteBook } from './keys/mute-book.ts';
import { Stream } from './live/stream.ts';
import { NameBook } from './names/name-book.ts';
import { GatewayBook } from './tunnels/gateway-book.ts';
import { TunnelBook } from './tunnels/tunnel-book.ts';

/** What is known while somebody is signed in; nothing of it is left when he is not. */
export interface World {
  readonly session: Session;
  readonly tunnels: TunnelBook;
  readonly gateways: GatewayBook;
  readonly names: NameBook;
  readonly mutes: MuteBook;
  close(): void;
}

export function openWorld(session: Session): World {
  const stream = new Stream();
  const tunnels = new TunnelBook();
  const gateways = new GatewayBook(session.Regions);
  const names = new NameBook(
    call,
    (id) => tunnels.of(id)?.VpnConnectionName ?? gateways.value.value?.get(id)?.VpnGatewayName,
  );
  const mutes = new MuteBook();
  const leaveGateways = gateways.follow();
  return {
    ...{ session, tunnels, gateways, names, mutes },
    close: () => {
      stream.end();
      tunnels.end();
      leaveGateways();
    },
  };
}

export const WorldContext = createContext<World | null>(null);

export function useWorld(): World {
  const world = useContext(WorldContext);
  if (world === null) throw new Error('nobody is signed in');
  return world;
}
