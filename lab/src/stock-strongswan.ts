import { Daemon } from './daemon.ts';
import type { Namespace } from '@landbridge/testbed/namespace';
import { poll } from '@landbridge/testbed/poll';
import type { PrivateFiles } from './private-files.ts';
import { runChecked, runCommand } from '@landbridge/testbed/run-command';
import type { StockDevice, StockFiles } from './stock-device.ts';

/** Name of the connection in all examples. */
const connection = 'cloud';

/** Debian's strongSwan as the package `charon-systemd` runs it, with all its plugins and the settings it comes with. */
export class StockStrongswan implements StockDevice {
  readonly #namespace: Namespace;
  readonly #files: PrivateFiles;
  readonly #charon: Daemon;

  constructor(namespace: Namespace, files: PrivateFiles, directory: string) {
    this.#namespace = namespace;
    this.#files = files;
    this.#charon = new Daemon(`charon-systemd of ${namespace.name}`, `${directory}/${namespace.name}-charon.log`);
  }

  configure(files: StockFiles): Promise<void> {
    return this.#files.write(files);
  }

  async start(): Promise<void> {
    await this.#charon.start(this.#files.enter(['/usr/sbin/charon-systemd']));
    await poll(
      `charon-systemd of ${this.#namespace.name} answers`,
      () => runCommand(this.#files.enter(['swanctl', '--stats'])),
      ({ code }) => code === 0,
      { within: 30_000, every: 200 },
    );
    await this.#swanctl('--load-all', '--noprompt');
  }

  /** Renews its IKE_SA or the CHILD_SAs at once. */
  async rekey(what: 'ike' | 'child'): Promise<void> {
    if (what === 'ike') return this.#swanctl('--rekey', '--ike', connection);
    for (const child of await this.#children()) await this.#swanctl('--rekey', '--child', child);
  }

  /** Ends it politely: the peer is told. */
  async stop(): Promise<void> {
    await this.#charon.end('SIGTERM');
  }

  async #children(): Promise<string[]> {
    const sas = await runChecked(this.#files.enter(['swanctl', '--list-sas']));
    return [...sas.matchAll(/^ {2}(\S+): #\d+, reqid \d+, INSTALLED/gm)].map(([, name = '']) => name);
  }

  async #swanctl(...parameters: readonly string[]): Promise<void> {
    await runChecked(this.#files.enter(['swanctl', ...parameters]));
  }
}
