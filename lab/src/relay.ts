import { once } from 'node:events';
import { connect, createServer, type ListenOptions, type NetConnectOpts, type Server } from 'node:net';
import { pipeline } from 'node:stream';

/** Listens at one place and passes each connection on to another, byte for byte, until both ends have ended it. */
export async function relay(listenAt: ListenOptions, passTo: NetConnectOpts): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ ...passTo, allowHalfOpen: true });
    // Whichever breaks takes the other with it.
    pipeline(near, far, () => undefined);
    pipeline(far, near, () => undefined);
  });
  server.listen(listenAt);
  await once(server, 'listening');
  return server;
}
