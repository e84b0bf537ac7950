import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { publicNetwork, type Internet } from './internet.ts';
import { streamCanary } from './packet-format.ts';
import { pingCanary } from './ping.ts';
import { poll } from './poll.ts';
import { runChecked } from './run-command.ts';

export interface WireReport {
  /** Encrypted packets seen, each once a port it passed: proof that the capture saw the traffic at all. */
  readonly encrypted: number;
  /** Packets with an address outside the public network: inner packets in clear. At most ten. */
  readonly inner: readonly string[];
  /** True when the payload of a lab ping or packet stream went by readable. */
  readonly sawCanary: boolean;
}

/** Records everything on the lab's internet, on all its ports, and judges it at the end. */
export class WireCapture implements AsyncDisposable {
  readonly #file: string;
  readonly #child: ChildProcess;

  private constructor(file: string, child: ChildProcess) {
    this.#file = file;
    this.#child = child;
  }

  /** Starts tcpdump(8) and returns when it listens. */
  static async start(internet: Internet, directory: string): Promise<WireCapture> {
    const path = join(directory, 'wire.pcap');
    // 300 bytes hold every header and canary; `-Z root` keeps the right to write to our directory.
    const [file = '', ...argv] = internet.namespace.enter([
      'tcpdump', '-i', 'any', '-n', '-p', '-U', '--immediate-mode', '-s', '300', '-B', '16384', '-Z', 'root', '-w', path, 'ip',
    ]); // prettier-ignore
    const child = spawn(file, argv, { stdio: ['ignore', 'ignore', 'pipe'] });
    let words = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (words += text));
    await poll(
      'tcpdump listens',
      () => words,
      (text) => text.includes('listening on'),
      { within: 10_000 },
    );
    return new WireCapture(path, child);
  }

  /** Ends the recording and reports. */
  async stop(): Promise<WireReport> {
    await this[Symbol.asyncDispose]();
    const [encrypted, inner, bytes] = await Promise.all([
      this.#lines('udp port 4500 or ip proto 50'),
      this.#lines(`ip and not igmp and not (src net ${publicNetwork} and dst net ${publicNetwork})`),
      readFile(this.#file),
    ]);
    return {
      encrypted: encrypted.length,
      inner: inner.slice(0, 10),
      sawCanary: bytes.includes(pingCanary) || bytes.includes(streamCanary),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGINT');
    await gone;
  }

  async #lines(filter: string): Promise<string[]> {
    const text = await runChecked(['tcpdump', '-n', '-q', '-r', this.#file, filter]);
    return text.split('\n').filter(Boolean);
  }
}
