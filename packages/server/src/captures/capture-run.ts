import type { CaptureEnd, CaptureLimits } from '../domain/operator/packet-capture.ts';
import { describeError } from '../platform/describe-error.ts';
import type { Logger } from '../platform/logger.ts';
import type { CaptureFile } from './capture-file.ts';
import type { CaptureProcess } from './capture-process.ts';
import { PcapStream } from './pcap-stream.ts';
import { enhancedPacket, interfaceDescription, interfaceStatistics, type CapturedInterface } from './pcapng.ts';

export interface CaptureRunOptions {
  readonly process: CaptureProcess;
  readonly file: CaptureFile;
  readonly limits: Omit<CaptureLimits, 'seconds'>;
  readonly captured: Omit<CapturedInterface, 'linkType'>;
  readonly now: () => number;
  readonly logger: Logger;
}

/** Takes what a program sees into a file until something ends it. Whatever the program does, the file keeps to its limits. */
export class CaptureRun {
  readonly #options: CaptureRunOptions;
  readonly #stream: PcapStream;
  #isDescribed = false;
  #packets = 0;
  #why: CaptureEnd | null = null;
  #isOver = false;
  #dropped: number | null = null;
  /** Once nothing more is written. */
  readonly over: Promise<void>;

  constructor(options: CaptureRunOptions) {
    this.#options = options;
    this.#stream = new PcapStream(options.limits.snapLength);
    this.over = this.#run();
  }

  get packets(): number {
    return this.#packets;
  }

  /** Null while it is not known. */
  get dropped(): number | null {
    return this.#dropped;
  }

  /** Null until nothing more is written. */
  get ended(): CaptureEnd | null {
    return this.#isOver ? this.#why : null;
  }

  /** The first reason counts. */
  end(why: CaptureEnd): void {
    this.#why ??= why;
    this.#options.process.stop();
  }

  async #run(): Promise<void> {
    const { process, logger } = this.#options;
    try {
      for await (const piece of process.output) await this.#take(piece);
    } catch (error) {
      logger.warn({ error: describeError(error) }, 'a packet capture cannot go on');
      this.end('disk');
    }
    const words = await process.ended;
    const isFull = this.#packets >= this.#options.limits.packets;
    this.#why ??= isFull ? 'packets' : 'device';
    await this.#close(words).catch(() => undefined);
    this.#isOver = true;
  }

  /** What comes after the end, since the program has not heard of it yet, is left out. */
  async #take(piece: Buffer): Promise<void> {
    if (this.#why === 'size' || this.#why === 'packets' || this.#why === 'disk') return;
    const { file, limits, captured } = this.#options;
    const packets = [...this.#stream.take(piece)].slice(0, limits.packets - this.#packets);
    const { linkType } = this.#stream;
    if (!this.#isDescribed && linkType !== null) {
      await file.append([interfaceDescription({ ...captured, linkType })]);
      this.#isDescribed = true;
    }
    const kept = await file.append(packets.map(enhancedPacket));
    this.#packets += kept;
    if (kept < packets.length) this.end('size');
    else if (this.#packets >= limits.packets) this.end('packets');
  }

  async #close(words: string): Promise<void> {
    const [, received] = /(\d+) packets? received by filter/.exec(words) ?? [];
    const [, dropped] = /(\d+) packets? dropped by kernel/.exec(words) ?? [];
    if (received === undefined || dropped === undefined) return;
    this.#dropped = Number(dropped);
    if (!this.#isDescribed) return;
    const at = BigInt(this.#options.now()) * 1_000_000n;
    await this.#options.file.append([interfaceStatistics(at, Number(received), this.#dropped)]);
  }
}
