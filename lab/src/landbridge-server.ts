import { spawn } from 'node:child_process';
import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApiEndpoint } from '@landbridge/client';
import { ownCommand } from './own-command.ts';
import { dataDirectoryIn } from './own-namespaces.ts';
import { Hopeless, poll } from '@landbridge/testbed/poll';
import { runChecked } from '@landbridge/testbed/run-command';
import { uplinkConfiguration, type UplinkKind } from './uplink.ts';

const url = 'http://127.0.0.1:9700';

export interface ServerOptions {
  /** Holds the configuration file, the log, and the data directory `data`. */
  readonly directory: string;
  readonly uplink: UplinkKind;
  /** auto, kernel or uxfrm. */
  readonly dataPlane: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** `landbridge serve` as a child process in this process's network namespace. */
export class LandbridgeServer {
  readonly #options: ServerOptions;
  #pid: number | undefined;
  #starts = 0;
  #command = ownCommand;

  private constructor(options: ServerOptions) {
    this.#options = options;
  }

  static async start(options: ServerOptions): Promise<LandbridgeServer> {
    // The lab polls, and many things at once: it shall not be what the rate limits are for.
    const common = { uplink: uplinkConfiguration(options.uplink), rateLimits: { default: 1000 } };
    const configuration = { ...common, ...options.settings };
    await writeFile(join(options.directory, 'landbridge.json'), JSON.stringify(configuration));
    const server = new LandbridgeServer(options);
    await server.startAgain();
    return server;
  }

  get pid(): number | undefined {
    return this.#pid;
  }

  get dataDirectory(): string {
    return dataDirectoryIn(this.#options.directory);
  }

  /** From the next start on; the checkout's own when absent. */
  runFrom(command = ownCommand): void {
    this.#command = command;
  }

  /** Ends it and starts it on the same data, also when what is done in between fails. */
  async restart(signal: 'SIGTERM' | 'SIGKILL', meanwhile?: () => Promise<void> | void): Promise<void> {
    await this.stop(signal);
    try {
      await meanwhile?.();
    } finally {
      await this.startAgain();
    }
  }

  /** Starts it on the same data and returns when the API listens. */
  async startAgain(dataPlane = this.#options.dataPlane): Promise<void> {
    const log = await open(this.#logFile(++this.#starts), 'a');
    const argv = [
      'serve', '--data-dir', this.dataDirectory, '--config', join(this.#options.directory, 'landbridge.json'),
      '--data-plane', dataPlane,
    ]; // prettier-ignore
    // Detached, so that an interrupted lab ends in one place, the sweep, and a kept lab goes on.
    const child = spawn(this.#command, argv, { stdio: ['ignore', log.fd, log.fd], detached: true });
    child.unref();
    this.#pid = child.pid;
    child.once('exit', () => (this.#pid = undefined));
    await log.close();
    await poll(
      'landbridge serve listens',
      async () => {
        const text = await this.log();
        if (this.#pid === undefined) throw new Hopeless(`landbridge serve ended: ${text.slice(-1500)}`);
        return { listens: text.includes('listening on http://'), text: text.slice(-1500) };
      },
      ({ listens }) => listens,
      // In an emulated machine, beside a stream of packets, a start takes minutes.
      { within: 60_000 },
    );
  }

  /** Ends it and waits for that. SIGTERM is the orderly way, SIGKILL a crash. */
  async stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.#pid === undefined) return;
    process.kill(this.#pid, signal);
    await poll(
      'landbridge serve ends',
      () => this.#pid,
      (pid) => pid === undefined,
      { within: 15_000 },
    );
  }

  /** With the administrator's key, which the server writes at its first start. */
  async endpoint(): Promise<ApiEndpoint> {
    const text = await readFile(join(this.dataDirectory, 'admin.json'), 'utf8');
    const { secretId, secretKey } = JSON.parse(text) as { readonly secretId: string; readonly secretKey: string };
    return { url, credential: { secretId, secretKey } };
  }

  /** What `landbridge status` says. */
  status(): Promise<string> {
    return runChecked([this.#command, 'status', '--data-dir', this.dataDirectory, '--endpoint', url]);
  }

  /** What the newest start has written. */
  log(): Promise<string> {
    return readFile(this.#logFile(this.#starts), 'utf8').catch(() => '');
  }

  #logFile(start: number): string {
    return join(this.#options.directory, `serve-${start}.log`);
  }
}
