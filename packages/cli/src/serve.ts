import { flushCompileCache } from 'node:module';
import { serve as runService, type ServeFlags } from '@landbridge/server';

/** `landbridge serve`: runs until SIGINT or SIGTERM; the gateways go on without it. */
export async function serve(flags: ServeFlags): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  await runService(flags, {
    signal: stop.signal,
    onListening: (url) => {
      process.stdout.write(`listening on ${url}\n`);
      // Otherwise only an orderly end would do so.
      flushCompileCache();
    },
  });
}
