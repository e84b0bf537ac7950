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
 * Calls it now, and three times in the time that systemd waits for a sign of life, as long as this process' event loop turns; never where systemd
 * waits for none.
 */
export function whileAlive(onAlive: () => void): void {
  const waitsMs = Number(process.env['WATCHDOG_USEC'] ?? 0) / 1000;
  if (waitsMs === 0) return;
  // Who starts what ends at once again and again is alive, too.
  onAlive();
  setInterval(onAlive, waitsMs / 3).unref();
}

/** A process each: Node has no datagrams on unix sockets. Where it cannot be said, systemd ends the service, and says why. */
function tell(state: string): void {
  if (process.env['NOTIFY_SOCKET'] === undefined) return;
  spawn('systemd-notify', [state], { stdio: ['ignore', 'inherit', 'inherit'] }).on('error', (error) => {
    process.stderr.write(`landbridge: systemd cannot be told ${state}: ${error.message}\n`);
  });
}
