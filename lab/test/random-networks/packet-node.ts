import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

// A program of its own, started inside a namespace by probe-node.ts: sends probes and notes those that arrive.

/** One datagram: `flow` tells those apart that a multipath route may send different ways. */
export interface OutgoingProbe {
  readonly source: string;
  readonly destination: string;
  readonly flow: number;
  readonly text: string;
}

export type NodeRequest = { readonly send: readonly OutgoingProbe[] } | 'report' | 'forget';

const port = 7000;
/** So many, then a pause: a burst must not overflow a queue on the way. */
const burst = 20;

const arrived = new Set<string>();
const sockets = new Map<string, Socket>();
const receiver = createSocket('udp4');
receiver.on('message', (bytes) => arrived.add(bytes.toString()));
receiver.bind(port, () => process.send?.([]));

async function socketOf({ source, flow }: OutgoingProbe): Promise<Socket> {
  const key = `${source} ${flow}`;
  const known = sockets.get(key);
  if (known !== undefined) return known;
  const socket = createSocket('udp4');
  socket.bind({ address: source });
  await once(socket, 'listening');
  sockets.set(key, socket);
  return socket;
}

async function send(probes: readonly OutgoingProbe[]): Promise<void> {
  for (const [number, probe] of probes.entries()) {
    const socket = await socketOf(probe);
    // No route, nobody at home: it does not arrive, like any other.
    socket.send(probe.text, port, probe.destination, () => undefined);
    if (number % burst === burst - 1) await delay(5);
  }
}

process.on('message', (request: NodeRequest) => {
  if (request === 'report') process.send?.([...arrived]);
  else if (request === 'forget') {
    arrived.clear();
    process.send?.([]);
  } else void send(request.send).then(() => process.send?.([]));
});
process.once('disconnect', () => process.exit(0));
