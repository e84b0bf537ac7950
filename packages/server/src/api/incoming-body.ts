import type { IncomingMessage } from 'node:http';
import { ApiError } from './api-error.ts';
import { mostDroppedBytes } from './request-bounds.ts';
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
  #received = Buffer.alloc(0);
  #holding: Holding | undefined;

  constructor(message: IncomingMessage) {
    this.#message = message;
  }

  /** All of it. Throws ApiError beyond the bounds; what else arrives is dropped then. */
  read({ limit, unproven, look }: BodyBounds): Promise<Buffer> {
    const message = this.#message;
    return new Promise((resolve, reject) => {
      const parts: Buffer[] = [];
      let length = 0;
      const tooLarge = () => new ApiError('request-too-large', { limit });
      if (this.#declaredLength > limit) {
        reject(tooLarge());
        return;
      }
      const end = (settle: () => void) => {
        message.off('data', onData).off('end', onEnd).off('error', breakOff).off('close', breakOff);
        settle();
      };
      const fail = (error: Error) =>
        end(() => {
          parts.length = 0;
          message.on('error', () => undefined).resume();
          reject(error);
        });
      const onData = (part: Buffer) => {
        try {
          length += part.length;
          if (length > limit) throw tooLarge();
          holding.add(part.length);
          look?.(part);
          parts.push(part);
        } catch (error) {
          fail(error as Error);
        }
      };
      const onEnd = () =>
        end(() => {
          this.#received = Buffer.concat(parts);
          resolve(this.#received);
        });
      const breakOff = () => fail(new ApiError('request-malformed', { problem: 'its body is not complete' }));
      const holding = unproven.hold(() => fail(new ApiError('too-many-unproven')));
      this.#holding = holding;
      message.on('data', onData).on('end', onEnd).on('error', breakOff).on('close', breakOff);
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
    return this.#message.complete || this.#declaredLength <= mostDroppedBytes;
  }

  /** Bytes; infinite when the sender does not say. */
  get #declaredLength(): number {
    const { 'content-length': length, 'transfer-encoding': encoding } = this.#message.headers;
    if (encoding !== undefined) return Infinity;
    return Number(length ?? 0);
  }
}
