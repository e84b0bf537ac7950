import { CharonProcess, type CharonEsp } from '@landbridge/testbed/charon-process';
import type { Namespace } from '@landbridge/testbed/namespace';
import { patience } from '@landbridge/testbed/poll';
import { runChecked, runCommand } from '@landbridge/testbed/run-command';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { swanctlConfiguration, type PeerConnection } from './swanctl-configuration.ts';

/**
 * An unmodified charon, spoken to with swanctl: nothing of the project's own code is on this side.
 */
export class Charon {
  readonly #process: CharonProcess;
  readonly #directory: string;

  /**
   * @param environment what charon finds in its own beside the usual.
   * @param more of strongswan.conf(5), instead of the usual where that says otherwise.
   */
  constructor(
    namespace: Namespace,
    directory: string,
    esp: CharonEsp,
    {
      environment = {},
      more = [],
    }: { readonly environment?: NodeJS.ProcessEnv; readonly more?: readonly string[] } = {},
  ) {
    this.#directory = directory;
    this.#process = new CharonProcess({
      ...{ name: namespace.name, directory, esp, environment, root: deviceRoot },
      settings: [...settings, ...more],
      enter: (argv) => namespace.enter(argv),
      // As the server: an interrupted lab ends in the sweep, a kept one goes on.
      outlivesUs: true,
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Starts it and waits until it answers. Its connections are empty then. */
  async start(): Promise<void> {
    await this.#process.start();
  }

  /** Replaces all connections, keys and children by the given ones; SAs of those unchanged stay. */
  load(connections: readonly PeerConnection[]): Promise<void> {
    return this.loadText(swanctlConfiguration(connections));
  }

  /** The same by a swanctl.conf that somebody else has written. */
  async loadText(text: string): Promise<void> {
    const file = join(this.#directory, 'swanctl.conf');
    await writeFile(file, text, { mode: 0o600 });
    // Many that begin at once keep it busy meanwhile.
    const argv = ['swanctl', '--load-all', '--clear', '--file', file, '--uri', this.#uri];
    await runChecked(argv, { within: 120_000 });
  }

  /** Initiates a CHILD_SA by name; false when the peer refused or stayed silent. */
  async initiate(child: string, withinSeconds = 10): Promise<boolean> {
    const timeout = String(withinSeconds * patience);
    const argv = ['swanctl', '--initiate', '--uri', this.#uri, '--child', child, '--timeout', timeout];
    return (await runCommand(argv)).code === 0;
  }

  /** Closes an IKE_SA with everything in it and tells the peer. */
  async terminate(connection: string): Promise<void> {
    await this.#swanctl('--terminate', '--ike', connection);
  }

  /** Begins to renew an IKE_SA. */
  async rekey(connection: string): Promise<void> {
    await this.#swanctl('--rekey', '--ike', connection);
  }

  /** The SAs as `swanctl --list-sas` prints them: for reading and for matching a line of it. */
  listSas(): Promise<string> {
    return this.#swanctl('--list-sas');
  }

  /** Number of installed CHILD_SAs. */
  async installedChildren(): Promise<number> {
    return (await this.listSas()).match(/, INSTALLED, /g)?.length ?? 0;
  }

  /** Ends it politely: the peers are told that their SAs are gone. */
  async stop(within?: number): Promise<void> {
    await this.#process.end('SIGTERM', within);
  }

  /** Ends it without a word to anybody. */
  async kill(): Promise<void> {
    await this.#process.end('SIGKILL');
  }

  get logFile(): string {
    return this.#process.logFile;
  }

  async log(): Promise<string> {
    return this.#process.log();
  }

  get #uri(): string {
    return `unix://${this.#process.socket}`;
  }

  #swanctl(...parameters: readonly string[]): Promise<string> {
    return runChecked(['swanctl', ...parameters, '--uri', this.#uri]);
  }
}

/** Root file system of the devices' charons: another release of Debian, if need be. */
const deviceRoot = process.env['LANDBRIDGE_DEVICE_ROOT'] ?? '/';

const settings = [
  'i_dont_care_about_security_and_use_aggressive_mode_psk = yes',
  // One may stand for many peers of a gateway, which all negotiate with one address at once.
  'dos_protection = no',
  'retransmit_tries = 3',
  'retransmit_timeout = 1',
  'retransmit_base = 1.5',
];
