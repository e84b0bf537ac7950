import { spawn } from 'node:child_process';

/** Tells systemd that the service is ready, where systemd started it and waits for that (sd_notify(3)). Once in a start: it is a process. */
export function tellReady(): void {
  if (process.env['NOTIFY_SOCKET'] === undefined) return;
  // Node has no datagrams on unix sockets. Where it cannot be said, systemd ends the service, and says why.
  spawn('systemd-notify', ['--ready'], { stdio: ['ignore', 'inherit', 'inherit'] }).on('error', (error) => {
    process.stderr.write(`landbridge: systemd cannot be told that the service is ready: ${error.message}\n`);
  });
}
