import { spawn, type ChildProcess } from 'node:child_process';
import type { Namespace } from '@landbridge/testbed/namespace';
import { poll } from '@landbridge/testbed/poll';

/** Counts packets that arrive at a node, so that a test can tell a lost request from a lost reply. */
export class PacketWatch implements AsyncDisposable {
  readonly #name: string;
  readonly #child: ChildProcess;
  #lines: string[] = [];

  private constructor(name: string, child: ChildProcess) {
    this.#name = name;
    this.#child = child;
    child.stdout
      ?.setEncoding('utf8')
      .on('data', (text: string) => this.#lines.push(...text.split('\n').filter(Boolean)));
  }

  /** Starts tcpdump(8) for packets that come in and match a pcap-filter(7), and returns when it listens. */
  static async start(namespace: Namespace, device: string, filter: string): Promise<PacketWatch> {
    const [file = '', ...argv] = namespace.enter([
      'tcpdump', '-i', device, '-Q', 'in', '-n', '-l', '-p', '--immediate-mode', filter,
    ]); // prettier-ignore
    const child = spawn(file, argv, { stdio: ['ignore', 'pipe', 'pipe'] });
    let words = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (words += text));
    const watch = new PacketWatch(`${namespace.name} sees ${filter}`, child);
    await poll(
      `tcpdump in ${namespace.name} listens`,
      () => words,
      (text) => text.includes('listening on'),
      { within: 10_000 },
    );
    return watch;
  }

  get packets(): readonly string[] {
    return this.#lines;
  }

  async waitFor(count: number, within = 10_000): Promise<void> {
    await poll(
      this.#name,
      () => this.#lines,
      (lines) => lines.length >= count,
      { within },
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await gone;
  }
}
