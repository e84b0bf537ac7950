import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import { resolve } from 'node:path';

/**
 * Lets one process at a time own a data directory: an abstract unix socket named after it, which the kernel gives up
 * together with the process, however that ends.
 */
export async function claimDataDir(dataDir: string): Promise<AsyncDisposable> {
  const digest = createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 32);
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolveListen, reject) => {
    server.once('error', (cause) =>
      reject(new Error(`another landbridge serves ${dataDir}; stop it, or take another --data-dir`, { cause })),
    );
    server.listen(`\0landbridge-${digest}`, resolveListen);
  });
  return {
    [Symbol.asyncDispose]: () =>
      new Promise((done) => {
        server.close(() => done());
      }),
  };
}
