import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Duplex } from 'node:stream';
import { runCommand } from '@landbridge/testbed/run-command';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { connectToAgent, listenForController, seamPath } from './seam-socket.ts';

const [group, otherGroup, user] = [60_001, 60_002, 60_003];

let root: string;
let path: string;
let server: Server;
let heard: Duplex[];
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'landbridge-socket-'));
  chmodSync(root, 0o711);
  path = seamPath(join(root, 'seam-folder'));
  heard = [];
  server = await listenForController(path, group, (stream) => void heard.push(stream));
});
afterEach(() => {
  for (const stream of heard) stream.destroy();
  server.close();
  rmSync(root, { recursive: true, force: true });
});

/** Whether a process of that user and group gets in, or why not. */
async function connectAs(groupId: number): Promise<string> {
  const program =
    'use Socket; socket(my $s, PF_UNIX, SOCK_STREAM, 0); print connect($s, sockaddr_un($ARGV[0])) ? "in" : "$!"';
  const as = ['setpriv', `--reuid=${user}`, `--regid=${groupId}`, '--clear-groups', '--'];
  return (await runCommand([...as, 'perl', '-e', program, path])).stdout;
}

it('hears root and one group, and no other process of the host', async () => {
  expect(await connectAs(otherGroup)).toBe('Permission denied');
  expect(heard).toHaveLength(0);
  expect(await connectAs(group)).toBe('in');
  (await connectToAgent(path)).destroy();
  await expect.poll(() => heard).toHaveLength(2);
});

it('is not believed where others than root could have put it', async () => {
  chmodSync(dirname(path), 0o770);
  await expect(connectToAgent(path)).rejects.toThrow("is not root's alone");
});

it('takes the place of one that was left behind', async () => {
  const next = await listenForController(path, group, (stream) => void heard.push(stream));
  (await connectToAgent(path)).destroy();
  await expect.poll(() => heard).toHaveLength(1);
  next.close();
});
