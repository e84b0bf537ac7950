import type { IncomingMessage } from 'node:http';
import { nextTurn } from '../../platform/loop-turn.ts';
import { ApiError } from './api-error.ts';
import { ByteCollector } from './byte-collector.ts';
import { mostDroppedBytes, sliceBytes, sliceParts } from './request-bounds.ts';
import type { Holding, UnprovenBytes } from './unproven-bytes.ts';

export interface BodyBounds {
  /** Bytes. */
  readonly limit: number;
  readonly unproven: UnprovenBytes;
  /** Sees each part as it arrives; what it throws ends the reading. */
  readonly look?: (part: Buffer) => void;
}

/** The body of a request, which stays unread until somebody knows why to read it. */
export class IncomingBody {
  readonly #message: IncomingMessage;
  #received: Buffer = Buffer.alloc(0);
  #holding: Holding | undefined;

  constructor(message: IncomingMessage) {
    this.#message = message;
  }

  /**
   * All of it. Throws ApiError beyond the bounds; what else arrives is dropped then. Reads in slices, with everybody else's
   * turn in between: a sender may chop a body into single bytes.
   */
  async read(bounds: BodyBounds): Promise<Buffer> {
    const { limit, unproven } = bounds;
    if ((this.#declaredLength ?? 0) > limit) throw new ApiError('request-too-large', { limit });
    const message = this.#message;
    const broken = new AbortController();
    const holding = unproven.hold(() => broken.abort(new ApiError('too-many-unproven')));
    this.#holding = holding;
    const breakOff = () => {
      if (message.readableEnded) return;
      broken.abort(
        new ApiError('request-malformed', { problem: { en: 'its body is not complete', zh: '请求体不完整' } }),
      );
    };
    message.on('error', breakOff).on('close', breakOff);
    // Its sender may be gone since before anybody listened.
    if (message.destroyed) breakOff();
    try {
      this.#received = await this.#collect(bounds, holding, broken.signal);
      return this.#received;
    } finally {
      message.off('close', breakOff);
      message.resume();
    }
  }

  #collect({ limit, look }: BodyBounds, holding: Holding, broken: AbortSignal): Promise<Buffer> {
    const message = this.#message;
    const collected = new ByteCollector();
    const slice = { bytes: 0, parts: 0 };
    const take = (part: Buffer) => {
      if (collected.length + part.length > limit) throw new ApiError('request-too-large', { limit });
      holding.add(part.length);
      look?.(part);
      collected.add(part);
      slice.bytes += part.length;
      slice.parts += 1;
    };
    const giveTurn = () => {
      if (slice.bytes < sliceBytes && slice.parts < sliceParts) return;
      slice.bytes = slice.parts = 0;
      message.pause();
      void nextTurn().then(() => message.resume());
    };
    return new Promise((resolve, reject) => {
      const end = () => message.off('data', onData).off('end', onEnd);
      const fail = (error: Error) => {
        end();
        reject(error);
      };
      const onData = (part: Buffer) => {
        try {
          take(part);
          giveTurn();
        } catch (error) {
          fail(error as Error);
        }
      };
      const onEnd = () => {
        end();
        resolve(collected.bytes);
      };
      broken.addEventListener('abort', () => fail(broken.reason as Error));
      message.on('data', onData).on('end', onEnd);
      if (broken.aborted) fail(broken.reason as Error);
    });
  }

  /** What was read; empty before. */
  get received(): Buffer {
    return this.#received;
  }

  /** It counts as unproven no longer. */
  release(): void {
    this.#holding?.release();
  }

  /** False when more of it may come than is worth dropping for the sake of the connection. */
  get isWorthDraining(): boolean {
    return this.#message.complete || (this.#declaredLength ?? Infinity) <= mostDroppedBytes;
  }

  /** Bytes; undefined when the sender does not say. */
  get #declaredLength(): number | undefined {
    const { 'content-length': length, 'transfer-encoding': encoding } = this.#message.headers;
    return encoding === undefined ? Number(length ?? 0) : undefined;
  }
}
