import {
  captureBounds,
  type CaptureOrder,
  type CapturePiece,
  type CaptureRefusal,
  type PacketCapture,
  type PacketCapturing,
} from '../src/domain/operator/packet-capture.ts';
import type { CaptureId } from '../src/domain/resource-id.ts';
import type { Clock } from '../src/platform/clock.ts';

/** For tests only: captures as the acting side has them, of no packets; `content` is every file. */
export class FakeCaptures implements PacketCapturing {
  readonly orders: CaptureOrder[] = [];
  content = Buffer.from('a file');
  table = '"IPv4","192.0.2.1"\n';
  /** What a start is answered with instead. */
  refusal: CaptureRefusal | null = null;
  #captures: PacketCapture[] = [];
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  start(order: CaptureOrder): Promise<PacketCapture | CaptureRefusal> {
    if (this.refusal !== null) return Promise.resolve(this.refusal);
    this.orders.push(order);
    const createdAt = this.#clock.now();
    const capture: PacketCapture = {
      ...{ ...order, expression: 'ip', createdAt, expiresAt: createdAt + captureBounds.keptMs },
      ...{ packets: 0, bytes: this.content.length, dropped: null, ended: null },
    };
    this.#captures = [capture, ...this.#captures];
    return Promise.resolve(capture);
  }

  list(): Promise<readonly PacketCapture[]> {
    return Promise.resolve(this.#captures);
  }

  stop(id: CaptureId): Promise<boolean> {
    this.#captures = this.#captures.map((capture) => (capture.id === id ? { ...capture, ended: 'stopped' } : capture));
    return Promise.resolve(this.#captures.some((capture) => capture.id === id));
  }

  remove(id: CaptureId): Promise<boolean> {
    const before = this.#captures.length;
    this.#captures = this.#captures.filter((capture) => capture.id !== id);
    return Promise.resolve(this.#captures.length < before);
  }

  keys(id: CaptureId): Promise<string | null> {
    return Promise.resolve(
      this.#captures.find((capture) => capture.id === id)?.includesKeys === true ? this.table : null,
    );
  }

  read(id: CaptureId, offset: number): Promise<CapturePiece | null> {
    const found = this.#captures.find((capture) => capture.id === id);
    if (found === undefined) return Promise.resolve(null);
    const base64 = this.content.subarray(offset).toString('base64');
    return Promise.resolve({ base64, totalBytes: this.content.length, isFinished: found.ended !== null });
  }
}
