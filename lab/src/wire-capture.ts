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

  [Symbol.asyncDispose](): Promise<void> {
    return this.#recording[Symbol.asyncDispose]();
  }

  async #lines(filter: string): Promise<string[]> {
    const text = await runChecked(['tcpdump', '-n', '-q', '-r', this.#file, filter]);
    return text.split('\n').filter(Boolean);
  }
}
