import { spawn, type ChildProcess } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { poll } from '@landbridge/testbed/poll';

/** A process that runs until it is ended, with its output in a file. */
export class Daemon {
  readonly #name: string;
  readonly #logFile: string;
  #child: ChildProcess | undefined;

  constructor(name: string, logFile: string) {
    this.#name = name;
    this.#logFile = logFile;
  }

  async start(argv: readonly string[]): Promise<void> {
    const [file = '', ...parameters] = argv;
    const log = await open(this.#logFile, 'w', 0o600);
    const child = spawn(file, parameters, {
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', log.fd, log.fd],
    });
    await log.close();
    this.#child = child;
    child.once('exit', () => (this.#child = undefined));
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    this.#child?.kill(signal);
    await this.ended();
  }

  async ended(): Promise<void> {
    const isGone = (child: ChildProcess | undefined): boolean => child === undefined;
    await poll(`${this.#name} ends`, () => this.#child, isGone, { within: 15_000 });
  }

  get runs(): boolean {
    return this.#child !== undefined;
  }

  async log(): Promise<string> {
    return readFile(this.#logFile, 'utf8').catch(() => '');
  }
}
