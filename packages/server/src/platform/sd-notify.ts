import { spawn } from 'node:child_process';

// What is said to systemd, where it started the service and waits for that (sd_notify(3)).

/** That the service is ready. */
export function tellReady(): void {
  tell('READY=1');
}

/** That it is alive (WatchdogSec= of systemd.service(5)). */
export function tellAlive(): void {
  tell('WATCHDOG=1');
}

/**
 * Calls it three times in the time that systemd waits for a sign of life, as long as this process' event loop turns; never where systemd
 * waits for none. Not to be begun before READY=1: systemd waits for the next sign from the first one on, and a start may take longer.
 */
export function whileAlive(onAlive: () => void): Disposable {
  const waitsMs = Number(process.env['WATCHDOG_USEC'] ?? 0) / 1000;
  const timer = waitsMs > 0 ? setInterval(onAlive, waitsMs / 3).unref() : undefined;
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** What may be called again and again: says the first time that this is ready, and from then on that it is alive. */
export function onceReady(onReady: () => void, onAlive: () => void): () => void {
  let isReady = false;
  return () => {
    if (isReady) return;
    isReady = true;
    onReady();
    whileAlive(onAlive);
  };
}

/** A process each: Node has no datagrams on unix sockets. Where it cannot be said, systemd ends the service, and says why. */
function tell(state: string): void {
  if (process.env['NOTIFY_SOCKET'] === undefined) return;
  spawn('systemd-notify', [state], { stdio: ['ignore', 'inherit', 'inherit'] }).on('error', (error) => {
    process.stderr.write(`landbridge: systemd cannot be told ${state}: ${error.message}\n`);
  });
}
