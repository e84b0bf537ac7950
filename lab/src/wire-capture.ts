import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { publicNetwork, type Internet } from './internet.ts';
import { streamCanary } from './packet-format.ts';
import { PacketRecording } from './packet-recording.ts';
import { pingCanary } from './ping.ts';
import { runChecked } from '@landbridge/testbed/run-command';

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
  readonly #recording: PacketRecording;

  private constructor(file: string, recording: PacketRecording) {
    this.#file = file;
    this.#recording = recording;
  }

  static async start(internet: Internet, directory: string): Promise<WireCapture> {
    const file = join(directory, 'wire.pcap');
    return new WireCapture(
      file,
      await PacketRecording.start(internet.namespace, { device: 'any', file, filter: ['ip'] }),
    );
  }

  /** Ends the recording and reports. */
  async stop(): Promise<WireReport> {
    await this[Symbol.asyncDispose]();
    const [encrypted, inner, bytes] = await Promise.all([
      this.#read(['--count'], 'udp port 4500 or ip proto 50'),
      this.#read(['-q', '-c', '10'], `ip and not igmp and not (src net ${publicNetwork} and dst net ${publicNetwork})`),
      readFile(this.#file),
    ]);
    return {
      encrypted: Number(/^(\d+) packet/.exec(encrypted)?.[1]),
      inner: inner.split('\n').filter(Boolean),
      sawCanary: bytes.includes(pingCanary) || bytes.includes(streamCanary),
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#recording[Symbol.asyncDispose]();
  }

  /** A recording of many minutes has a million packets: they are counted rather than printed. */
  #read(options: readonly string[], filter: string): Promise<string> {
    return runChecked(['tcpdump', '-n', ...options, '-r', this.#file, filter], { within: 120_000 });
  }
}
