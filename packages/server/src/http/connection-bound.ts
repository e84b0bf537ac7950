import type { Server, Socket } from 'node:net';
import { mostConnections } from '../api/protocol/request-bounds.ts';

/**
 * Closes the oldest connection of a listener when there are too many: whoever holds connections loses them, and who comes
 * with a call gets through.
 */
export function boundConnections(server: Server, most: number = mostConnections): void {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    if (sockets.size <= most) return;
    const [oldest] = sockets;
    if (oldest === undefined) return;
    sockets.delete(oldest);
    oldest.destroy();
  });
}
