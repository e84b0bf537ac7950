import { flushCompileCache } from 'node:module';
import {
  serve as runService,
  serveAgent,
  serveController,
  type ServeFlags,
  type ServiceFlags,
} from '@landbridge/server';
import { onceReady, tellAlive, tellReady } from '@landbridge/server/sd-notify';

/** `landbridge serve`: runs until SIGINT or SIGTERM; the gateways go on without it. */
export async function serve({ controllerAlone = false, ...flags }: ServiceFlags): Promise<void> {
  const [, program = ''] = process.argv;
  const given = Object.entries<string>({ ...flags });
  const options = given.flatMap(([name, value]) => [
    `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    value,
  ]);
  await runService(
    { ...flags, controllerAlone },
    {
      signal: stopSignal(),
      commandOf: (side) => [program, side, ...options],
      onListening: announce,
      onReady: tellReady,
      onAlive: tellAlive,
    },
  );
}

/** `landbridge controller`: the API and its decisions alone. */
export async function controller(flags: ServeFlags): Promise<void> {
  const noteReady = sayingReady();
  await serveController(flags, {
    signal: stopSignal(),
    onListening: (url) => {
      noteReady();
      if (!tellLauncher({ kind: 'listening', url })) announce(url);
    },
  });
  process.exit();
}

/** `landbridge agent`: what makes the network, alone. */
export async function agent(flags: ServeFlags): Promise<void> {
  await serveAgent(flags, { signal: stopSignal(), onReady: sayingReady() });
  process.exit();
}

/** To the launcher, or where there is none to systemd. */
function sayingReady(): () => void {
  return onceReady(
    () => {
      if (!tellLauncher({ kind: 'ready' })) tellReady();
    },
    () => {
      if (!tellLauncher({ kind: 'alive' })) tellAlive();
    },
  );
}

function stopSignal(): AbortSignal {
  const stop = new AbortController();
  // Whoever started it is gone, however that ended.
  process.once('disconnect', () => process.exit(1));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  // Whoever closes the terminal does not end the service; a new certificate is noticed by itself.
  process.on('SIGHUP', () => undefined);
  return stop.signal;
}

function announce(url: string): void {
  process.stdout.write(`listening on ${url}\n`);
  // Otherwise only an orderly end would do so.
  flushCompileCache();
}

/** False where there is none. */
function tellLauncher(message: object): boolean {
  return process.send?.(message) ?? false;
}
