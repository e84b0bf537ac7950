import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Host } from './host.ts';

/** Traffic that asks, again and again, until it is disposed of. */
export class Asking implements AsyncDisposable {
  readonly #child: ChildProcess;

  private constructor(argv: readonly string[]) {
    const [file = '', ...parameters] = argv;
    this.#child = spawn(file, parameters, { stdio: 'ignore' });
  }

  /** An echo request every fifth of a second. */
  static byEcho(from: Host, to: string): Asking {
    return new Asking(from.namespace.enter(['ping', '-n', '-q', '-i', '0.2', to]));
  }

  /** A TCP connection every fifth of a second, given up after half of one. */
  static byTcp(from: Host, to: string, port: number): Asking {
    const once = `timeout 0.5 bash -c 'exec 3<>/dev/tcp/${to}/${port}'`;
    return Asking.byCommand(from, `while :; do ${once}; sleep 0.2; done 2>/dev/null`);
  }

  /** Whatever bash runs there; it is killed as one process. */
  static byCommand(from: Host, command: string): Asking {
    return new Asking(from.namespace.enter(['bash', '-c', command]));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }
}
