import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { Hopeless, poll } from './poll.ts';

/**
 * A mount namespace with a /run/netns of its own, so that the named network namespaces of a test are nobody else's, and nobody
 * else's are the test's: a running lab sweeps every `lb-` namespace it sees.
 */
export class PrivateNetnsFolder implements Disposable {
  readonly #holder: ChildProcess;

  private constructor(holder: ChildProcess) {
    this.#holder = holder;
  }

  static async create(): Promise<PrivateNetnsFolder> {
    const script = 'mkdir -p /run/netns && mount -t tmpfs tmpfs /run/netns && exec sleep infinity';
    const holder = spawn('unshare', ['--mount', 'sh', '-c', script], { stdio: 'ignore' });
    const folder = new PrivateNetnsFolder(holder);
    await poll('a /run/netns of its own', () => folder.#isReady(), Boolean, { within: 15_000, every: 5 });
    return folder;
  }

  /** Argument vector that runs a program inside. */
  enter(argv: readonly string[]): [string, ...string[]] {
    return ['nsenter', `--mount=/proc/${this.#holder.pid}/ns/mnt`, '--', ...argv];
  }

  list(): string[] {
    return readdirSync(`/proc/${this.#holder.pid}/root/run/netns`);
  }

  [Symbol.dispose](): void {
    this.#holder.kill('SIGKILL');
  }

  #isReady(): boolean {
    if (this.#holder.exitCode !== null) throw new Hopeless('cannot make a mount namespace');
    const path = `/proc/${this.#holder.pid}/exe`;
    return existsSync(path) && readlinkSync(path).endsWith('/sleep');
  }
}
