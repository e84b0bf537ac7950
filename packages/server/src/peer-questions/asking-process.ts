import { createSocket } from 'node:dgram';
import { createInterface } from 'node:readline';
import { once } from 'node:events';
import { systemClock } from '../platform/clock.ts';
import { becomeUser } from '../platform/service-user.ts';
import { askPeer, type PeerSocket } from './ask-peer.ts';
import type { SeriesOrder } from './series-messages.ts';

/**
 * The process that asks one peer: started in the gateway's namespace, it opens its one socket, which hears that peer alone, gives up
 * what root can, and only then says the first word. Its order comes as a line, its answer goes as a line; it ends with whoever waits.
 */
const nobody = { name: 'nobody', userId: 65_534, groupId: 65_534 };

const input = createInterface({ input: process.stdin });
input.once('close', () => process.exit(0));
const [line] = (await once(input, 'line')) as [string];
const order = JSON.parse(line) as SeriesOrder;
const socket = await openSocket(order);
if (process.getuid?.() === 0) becomeUser(nobody);
const proposals = await askPeer({ ours: order.ours, socket, clock: systemClock });
process.stdout.write(`${JSON.stringify(proposals)}\n`);

async function openSocket({ localAddress, localPort, remoteAddress, remotePort }: SeriesOrder): Promise<PeerSocket> {
  // Another series of the same gateway has the same port, and another peer.
  const udp = createSocket({ type: 'udp4', reuseAddr: true });
  udp.bind(localPort, localAddress);
  await once(udp, 'listening');
  udp.connect(remotePort, remoteAddress);
  await once(udp, 'connect');
  // Unreachable is as good as silent.
  udp.on('error', () => undefined);
  return {
    send: (message) => udp.send(message, () => undefined),
    listen: (onMessage) => {
      udp.removeAllListeners('message');
      udp.on('message', onMessage);
    },
  };
}
