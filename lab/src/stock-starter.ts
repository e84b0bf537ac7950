import { Daemon } from './daemon.ts';
import type { Namespace } from '@landbridge/testbed/namespace';
import { poll } from '@landbridge/testbed/poll';
import type { PrivateFiles } from './private-files.ts';
import { runCommand } from '@landbridge/testbed/run-command';
import type { StockDevice, StockFiles } from './stock-device.ts';

/** strongSwan as the package `strongswan-starter` runs it: by /etc/ipsec.conf. */
export class StockStarter implements StockDevice {
  readonly #namespace: Namespace;
  readonly #files: PrivateFiles;
  readonly #starter: Daemon;

  constructor(namespace: Namespace, files: PrivateFiles, directory: string) {
    this.#namespace = namespace;
    this.#files = files;
    this.#starter = new Daemon(`starter of ${namespace.name}`, `${directory}/${namespace.name}-starter.log`);
  }

  configure(files: StockFiles): Promise<void> {
    return this.#files.write(files);
  }

  async start(): Promise<void> {
    await this.#starter.start(this.#files.enter(['/usr/lib/ipsec/starter', '--daemon', 'charon', '--nofork']));
    await poll(
      `the charon of ${this.#namespace.name} answers`,
      () => runCommand(this.#files.enter(['ipsec', 'stroke', 'statusall'])),
      ({ code, stdout }) => code === 0 && /^\s*vpnx-\S+:/m.test(stdout),
      { within: 30_000, every: 200 },
    );
  }

  log(): Promise<string> {
    return this.#starter.log();
  }

  /** Ends it politely: charon is ended by it, and the peer is told. */
  async stop(): Promise<void> {
    await this.#starter.end('SIGTERM');
  }
}
