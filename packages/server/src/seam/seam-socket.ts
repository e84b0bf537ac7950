import { once } from 'node:events';
import { chmodSync, chownSync, lstatSync, mkdirSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import type { Duplex } from 'node:stream';

/**
 * The socket between the two sides, in a folder of root's that one group may enter and nobody else: the kernel asks who connects when it
 * walks there, and whoever connects knows that only root can have bound what it finds there (docs/adr/0030).
 */
const folderMode = 0o750;
const socketMode = 0o660;

/** Below /run, of the installation. */
export function seamFolder(installation: string): string {
  return `/run/landbridge-${installation}`;
}

export function seamPath(folder: string): string {
  return `${folder}/seam`;
}

/** @param groupId who may connect beside root. */
export async function listenForController(
  path: string,
  groupId: number,
  onConnection: (stream: Duplex) => void,
): Promise<Server> {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chownSync(folder, process.getuid?.() ?? 0, groupId);
  chmodSync(folder, folderMode);
  rmSync(path, { force: true });
  const server = createServer((socket: Socket) => onConnection(socket));
  server.listen(path);
  await once(server, 'listening');
  chownSync(path, process.getuid?.() ?? 0, groupId);
  chmodSync(path, socketMode);
  return server;
}

/** Rejects where nobody listens, and where somebody else than root could. */
export async function connectToAgent(path: string): Promise<Duplex> {
  const { uid, mode } = lstatSync(dirname(path));
  if (uid !== 0 || (mode & 0o022) !== 0) throw new Error(`${dirname(path)} is not root's alone`);
  const socket = connect(path);
  await once(socket, 'connect');
  return socket;
}
