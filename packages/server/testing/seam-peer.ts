import type { Duplex } from 'node:stream';
import { spokenVersions } from '../src/seam/contract.ts';
import { encodeFrame, framesOf } from '../src/seam/frames.ts';

type Message = { readonly kind: string } & Readonly<Record<string, unknown>>;

/** For tests only: one side of the seam that says what the test wants it to, and nothing by itself: no beat, no answer. */
export class SeamPeer {
  readonly heard: Message[] = [];
  /** Resolves once the other side has ended the connection. */
  readonly ended: Promise<void>;
  readonly #stream: Duplex;

  constructor(stream: Duplex) {
    this.#stream = stream;
    stream.on('error', () => undefined);
    this.ended = this.#listen();
  }

  say(...messages: readonly Message[]): void {
    for (const message of messages) this.#stream.write(encodeFrame(message));
  }

  /** Bytes that may be no message at all. */
  sayBytes(bytes: Buffer): void {
    this.#stream.write(bytes);
  }

  /** The newest of a kind, if there was one. */
  last(kind: string): Message | undefined {
    return this.heard.findLast((message) => message.kind === kind);
  }

  close(): void {
    this.#stream.destroy();
  }

  async #listen(): Promise<void> {
    try {
      for await (const frame of framesOf(this.#stream)) this.heard.push(frame as Message);
    } catch {
      // However it ended.
    }
  }
}

/** What either side says first. */
export function peerHello(changes: Readonly<Record<string, unknown>> = {}): Message {
  return { kind: 'hello', program: 'test', contract: spokenVersions, ...changes };
}

export const peerOffers: Message = { kind: 'offers', madeFrom: { storeId: 'store', generation: 1 } };
