import { CharonProcess } from '@landbridge/testbed/charon-process';
import { runChecked } from '@landbridge/testbed/run-command';
import { mkdtemp, rm } from 'node:fs/promises';
import { connectCharon, type Charon } from '../src/charon.ts';

/** Test support: the distribution's charon in a network namespace of its own, without a name. Everything is gone with the process. */
export class RealCharon implements AsyncDisposable {
  readonly #folder: string;
  readonly #process: CharonProcess;

  private constructor(folder: string) {
    this.#folder = folder;
    this.#process = new CharonProcess({
      ...{ name: 'the test', directory: folder, esp: 'libipsec' },
      enter: (argv) => ['unshare', '--net', '--', ...argv],
      settings: ['retransmit_timeout = 0.5', 'delete_rekeyed_delay = 1'],
    });
  }

  /** Starts charon and gives it back when its vici socket answers. */
  static async start(): Promise<RealCharon> {
    const charon = new RealCharon(await mkdtemp('/tmp/vici-'));
    try {
      await charon.#process.start();
      await charon.run('ip', 'link', 'set', 'lo', 'up');
    } catch (error) {
      await charon[Symbol.asyncDispose]();
      throw error;
    }
    return charon;
  }

  get socketPath(): string {
    return this.#process.socket;
  }

  connect(): Promise<Charon> {
    return connectCharon(this.socketPath);
  }

  readLog(): Promise<string> {
    return this.#process.log();
  }

  /** Runs a command in charon's network namespace. */
  run(...argv: readonly string[]): Promise<string> {
    return runChecked(['nsenter', `--target=${this.#pid}`, '--net', '--', ...argv]);
  }

  /** Joins the namespaces of two charons by a cable with an address at each end. */
  static async connectCable(a: RealCharon, addressA: string, b: RealCharon, addressB: string): Promise<void> {
    const ends = ['type', 'veth', 'peer', 'name', 'cable', 'netns', String(b.#pid)];
    await runChecked(['ip', 'link', 'add', 'cable', 'netns', String(a.#pid), ...ends]);
    for (const [end, address] of [[a, addressA] as const, [b, addressB] as const]) {
      await end.run('ip', 'address', 'add', address, 'dev', 'cable');
      await end.run('ip', 'link', 'set', 'cable', 'up');
    }
  }

  /** Ends charon, and waits for its end. */
  kill(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    return this.#process.end(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill('SIGKILL');
    await rm(this.#folder, { recursive: true, force: true });
  }

  get #pid(): number {
    const { pid } = this.#process;
    if (pid === undefined) throw new Error('charon does not run');
    return pid;
  }
}
