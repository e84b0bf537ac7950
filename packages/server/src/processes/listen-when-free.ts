import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import type { ListenAddress } from '../config/settings.ts';
import type { Clock } from '../platform/clock.ts';

/** A service that was killed leaves its address when the last of its processes has ended. */
const patienceMs = 10_000;
const lookMs = 50;

/** A server that listens and closes what comes. Rejects when the address cannot be had, or when somebody else keeps it. */
export async function listenWhenFree({ host, port }: ListenAddress, clock: Clock): Promise<Server> {
  const until = clock.elapsed() + patienceMs;
  for (;;) {
    const server = createServer((socket) => socket.destroy()).listen(port, host);
    try {
      await once(server, 'listening');
      return server;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || clock.elapsed() >= until) throw error;
    }
    await clock.delay(lookMs);
  }
}
