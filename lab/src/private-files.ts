import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { Namespace } from '@landbridge/testbed/namespace';
import type { StockFiles } from './stock-device.ts';

/**
 * Makes the mounts in a namespace of their own and holds them. /etc can be written; what is written is seen here alone, as /run
 * and /var/lib are, which start empty.
 */
const mountScript = `set -e
mount -t tmpfs tmpfs /run
mkdir -p /run/etc/above /run/etc/work
mount -t overlay -o "lowerdir=$1/usr:/usr" overlay /usr
mount -t overlay -o "lowerdir=$1/etc:/etc,upperdir=/run/etc/above,workdir=/run/etc/work" overlay /etc
mount -t tmpfs tmpfs /var/lib
echo mounted
exec sleep infinity`;

/** The file system of one node of the lab: the machine's own, with Debian packages above it as if they were installed. */
export class PrivateFiles {
  readonly #holder: ChildProcess;

  private constructor(holder: ChildProcess) {
    this.#holder = holder;
  }

  /** @param packages folder that lab/unpack-packages printed */
  static async mount(namespace: Namespace, packages: string): Promise<PrivateFiles> {
    const [file = '', ...argv] = namespace.enter(['unshare', '-m', 'sh', '-c', mountScript, 'sh', packages]);
    const holder = spawn(file, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
    const mounted = once(holder.stdout, 'data').then(() => true);
    const isMounted = await Promise.race([mounted, once(holder, 'exit').then(() => false)]);
    if (!isMounted) throw new Error(`${namespace.name} could not mount the packages of ${packages}`);
    return new PrivateFiles(holder);
  }

  /** The same command, run with these files and in the node's network namespace. */
  enter(argv: readonly string[]): string[] {
    return ['nsenter', '-t', String(this.#holder.pid), '-n', '-m', '--', ...argv];
  }

  /** Files are for root alone: they may hold keys. */
  async write(files: StockFiles): Promise<void> {
    for (const [path, text] of Object.entries(files)) await writeFile(this.#outside(path), text, { mode: 0o600 });
  }

  /** They vanish when the last process that runs with them has ended. */
  async unmount(): Promise<void> {
    const gone = once(this.#holder, 'exit');
    this.#holder.kill('SIGKILL');
    await gone;
  }

  #outside(path: string): string {
    return `/proc/${this.#holder.pid}/root${path}`;
  }
}
