import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Host } from './host.ts';
import type { Namespace } from '@landbridge/testbed/namespace';
import { patience, poll } from '@landbridge/testbed/poll';
import type { TallySummary } from './stream-tally.ts';

export interface StreamOptions {
  readonly from: Host;
  readonly to: Host;
  /** Divided by `patience`: a slow machine forwards less. */
  readonly packetsPerSecond: number;
  /** UDP port at the receiver; two streams to one host need different ones. */
  readonly port?: number;
  /** The receiver sends every datagram back, so that round trips are counted as well. */
  readonly echoes?: boolean;
}

export interface StreamReport extends TallySummary {
  readonly sent: number;
  readonly lost: number;
  /** What came back of a stream with echoes. */
  readonly roundTrips: TallySummary & { readonly lost: number };
}

/** What the sender answers. */
interface SenderReport {
  readonly sent: number;
  readonly echoes: TallySummary;
}

/** A constant-rate stream of numbered UDP datagrams between two hosts, to count lost packets to the packet. */
export class PacketStream implements AsyncDisposable {
  readonly #name: string;
  readonly #sender: ChildProcess;
  readonly #receiver: ChildProcess;

  private constructor(name: string, sender: ChildProcess, receiver: ChildProcess) {
    this.#name = name;
    this.#sender = sender;
    this.#receiver = receiver;
  }

  /** Starts sending and returns when the first packet has arrived. Start it on a path that works. */
  static async start({ from, to, packetsPerSecond, port = 5000, echoes }: StreamOptions): Promise<PacketStream> {
    const name = `packet stream ${from.name} → ${to.name}`;
    const mode = echoes === true ? 'echo' : 'sink';
    const receiver = startNode(to.namespace, 'packet-receiver.ts', [String(port), mode]);
    try {
      await nextMessage(receiver, `${name}: receiver listens`);
    } catch (error) {
      await endChild(receiver);
      throw error;
    }
    const rate = packetsPerSecond / patience;
    const sender = startNode(from.namespace, 'packet-sender.ts', [to.address, String(port), String(rate)]);
    const stream = new PacketStream(name, sender, receiver);
    try {
      await stream.waitUntilReceived(1);
      return stream;
    } catch (error) {
      await stream[Symbol.asyncDispose]();
      throw error;
    }
  }

  tally(): Promise<TallySummary> {
    const answer = nextMessage(this.#receiver, `${this.#name}: receiver answers`);
    this.#receiver.send('tally');
    return answer as Promise<TallySummary>;
  }

  /** Waits for `more` packets from now, divided by `patience` as their rate is: proof that the stream flows at this moment. */
  async waitForMore(more: number, within = 15_000): Promise<void> {
    const { received } = await this.tally();
    await this.waitUntilReceived(received + Math.ceil(more / patience), within);
  }

  async waitUntilReceived(count: number, within = 15_000): Promise<void> {
    await poll(
      `${this.#name}: ${count} packets arrive`,
      () => this.tally(),
      ({ received }) => received >= count,
      { within },
    );
  }

  /** As waitForMore, for packets that came back. */
  async waitForMoreEchoes(more: number, within = 15_000): Promise<void> {
    const { echoes } = await this.#ask('report');
    await poll(
      `${this.#name}: ${more} more packets come back`,
      () => this.#ask('report'),
      (now) => now.echoes.received >= echoes.received + more,
      { within },
    );
  }

  #ask(request: 'report' | 'stop'): Promise<SenderReport> {
    const answer = nextMessage(this.#sender, `${this.#name}: sender answers`) as Promise<SenderReport>;
    this.#sender.send(request);
    return answer;
  }

  /** Ends the stream, gives packets on their way time to arrive, and reports. */
  async stop(): Promise<StreamReport> {
    const { sent } = await this.#ask('stop');
    const last = await this.#lastTally(sent);
    const { echoes } = await this.#ask('report');
    await this[Symbol.asyncDispose]();
    const roundTrips = { ...echoes, lost: sent - echoes.received };
    return { ...last, sent, lost: sent - last.received, roundTrips };
  }

  /** When all have arrived, or none has for half a second. */
  async #lastTally(sent: number): Promise<TallySummary> {
    let last = await this.tally();
    for (let idleMs = 0; last.received < sent && idleMs < 500; idleMs += 50) {
      await delay(50);
      const next = await this.tally();
      if (next.received > last.received) idleMs = 0;
      last = next;
    }
    return last;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#sender, this.#receiver].map(endChild));
  }
}

function startNode(namespace: Namespace, script: string, parameters: readonly string[]): ChildProcess {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const [file = '', ...argv] = namespace.enter([process.execPath, path, ...parameters]);
  return spawn(file, argv, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}

async function nextMessage(child: ChildProcess, hop: string): Promise<unknown> {
  const settled = new AbortController();
  const { signal } = settled;
  const seconds = 15 * patience;
  try {
    return await Promise.race([
      once(child, 'message', { signal }).then(([message]: unknown[]) => message),
      once(child, 'exit', { signal }).then(() => Promise.reject(new Error(`${hop}: the process ended`))),
      delay(seconds * 1000, undefined, { signal }).then(() =>
        Promise.reject(new Error(`${hop}: no answer within ${seconds} s`)),
      ),
    ]);
  } finally {
    settled.abort();
  }
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}
