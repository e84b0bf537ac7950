import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** How many packets a gateway's uxfrm dropped since it began, by the reasons of `/proc/net/xfrm_stat`; those that did not occur left out. */
export async function gatewayDrops(
  dataDirectory: string,
  gatewayId: string,
): Promise<Readonly<Record<string, number>>> {
  const files = await readdir(dataDirectory, { recursive: true });
  const socket = files.find((path) => path.includes(gatewayId) && path.endsWith('uxfrm.sock'));
  if (socket === undefined) throw new Error(`no uxfrm of ${gatewayId} below ${dataDirectory}`);
  const { drops } = await stats(join(dataDirectory, socket));
  return Object.fromEntries(Object.entries(drops).filter(([, count]) => count > 0));
}

/** What uxfrm's control socket answers to `stats`, as its README has it. */
async function stats(path: string): Promise<{ readonly drops: Readonly<Record<string, number>> }> {
  const socket = createConnection({ path });
  const lines = createInterface({ input: socket });
  try {
    await once(socket, 'connect');
    socket.write('{"command":"stats"}\n');
    const [line] = (await once(lines, 'line', { signal: AbortSignal.timeout(10_000) })) as [string];
    return JSON.parse(line) as { readonly drops: Readonly<Record<string, number>> };
  } finally {
    lines.close();
    socket.destroy();
  }
}
