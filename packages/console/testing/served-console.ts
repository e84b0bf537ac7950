import type { AddressInfo } from 'node:net';
import { systemClock } from '@landbridge/server/clock';
import { loadConsoleFiles } from '@landbridge/server/console-files';
import { startHarness, type ApiHarness, type HarnessOptions } from '@landbridge/server/testing/api-harness';

/** The built console before a server with a store of its own. */
export interface ServedConsole {
  readonly api: ApiHarness;
  /** `http://host:port`. */
  readonly origin: string;
  close(): Promise<void>;
}

export async function serveConsole(options: HarnessOptions = {}): Promise<ServedConsole> {
  const consoleFiles = loadConsoleFiles();
  if (consoleFiles === null) throw new Error('the console is not built: run make setup');
  const api = await startHarness({ ...options, consoleFiles, clock: systemClock });
  await api.app.listen({ port: 0, host: '127.0.0.1' });
  const stop = new AbortController();
  void api.console.run(stop.signal);
  return {
    api,
    origin: `http://127.0.0.1:${(api.app.server.address() as AddressInfo).port}`,
    close: async () => {
      stop.abort();
      await api.close();
    },
  };
}
