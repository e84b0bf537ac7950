import { spawn, type ChildProcess } from 'node:child_process';
import type { Namespace } from '@landbridge/testbed/namespace';
import { poll } from '@landbridge/testbed/poll';

export interface RecordingOptions {
  readonly device: string;
  readonly file: string;
  /** A pcap-filter(7), with tcpdump's options before it. */
  readonly filter: readonly string[];
}

/** tcpdump(8) that writes whole packets at a node into a file. */
export class PacketRecording implements AsyncDisposable {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Returns when it listens. */
  static async start(namespace: Namespace, { device, file, filter }: RecordingOptions): Promise<PacketRecording> {
    // 300 bytes hold every header and canary; `-Z root` keeps the right to write to our directory.
    const [program = '', ...argv] = namespace.enter([
      'tcpdump', '-i', device, '-n', '-p', '-U', '--immediate-mode', '-s', '300', '-B', '16384', '-Z', 'root', '-w', file,
      ...filter,
    ]); // prettier-ignore
    const child = spawn(program, argv, { stdio: ['ignore', 'ignore', 'pipe'] });
    let words = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (words += text));
    await poll(
      `tcpdump in ${namespace.name} listens`,
      () => words,
      (text) => text.includes('listening on'),
      { within: 10_000 },
    );
    return new PacketRecording(child);
  }

  /** Ends it; the file is whole then. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGINT');
    await gone;
  }
}
