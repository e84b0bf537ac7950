import { randomBytes } from 'node:crypto';
import { askBounds, type IkeSuite, type PeerProposals } from '../domain/diagnosis/peer-proposals.ts';
import type { DhGroup } from '../domain/vpn/vpn-connection.ts';
import type { Clock } from '../platform/clock.ts';
import { encodeRequest, readResponse, type InitRequest, type InitResponse } from './ike-message.ts';
import { Interview, type Answer, type Question } from './interview.ts';
import { publicValue } from './key-exchange.ts';

/** Messages to one peer, and what comes from there. */
export interface PeerSocket {
  send(message: Uint8Array): void;
  /** Replaces who heard before. */
  listen(onMessage: (message: Uint8Array) => void): void;
}

export interface AskPeerOptions {
  /** What the tunnel offers. */
  readonly ours: IkeSuite;
  readonly socket: PeerSocket;
  readonly clock: Clock;
}

/** One bounded series of questions. */
export async function askPeer({ ours, socket, clock }: AskPeerOptions): Promise<PeerProposals> {
  const askedAt = clock.now();
  const series = new Series(socket, clock);
  const interview = new Interview(ours);
  for (let next = interview.question; next !== null; next = interview.question) {
    const answer = await series.ask(next);
    if (answer === null) break;
    interview.note(answer);
  }
  const { messages, halfOpen } = series;
  return { ...interview.findings, messages, halfOpen, askedAt };
}

class Series {
  readonly #socket: PeerSocket;
  readonly #clock: Clock;
  readonly #end: number;
  readonly #values = new Map<DhGroup, Buffer>();
  #sentAt = -Infinity;
  messages = 0;
  halfOpen = 0;

  constructor(socket: PeerSocket, clock: Clock) {
    this.#socket = socket;
    this.#clock = clock;
    this.#end = clock.elapsed() + askBounds.seriesMs;
  }

  /** Null: enough was asked. */
  async ask({ offer, group }: Question): Promise<Answer | null> {
    if (this.halfOpen >= askBounds.halfOpen) return null;
    const request = {
      ...{ spi: randomBytes(8), nonce: randomBytes(32), offer, group, publicValue: this.#valueOf(group) },
    };
    const first = await this.#exchange({ ...request, cookie: null });
    const response = first?.kind === 'cookie' ? await this.#exchange({ ...request, cookie: first.cookie }) : first;
    if (response?.kind === 'accepted') this.halfOpen += 1;
    // A cookie for a cookie: a peer that goes on like that is not asked for ever.
    return response?.kind === 'cookie' ? { kind: 'unclear' } : response;
  }

  async #exchange(request: InitRequest): Promise<InitResponse | { readonly kind: 'silent' } | null> {
    const message = encodeRequest(request);
    for (let tries = 0; tries < 2; tries++) {
      await this.#spaced();
      const isTooMuch = this.messages >= askBounds.messages;
      if (isTooMuch || this.#clock.elapsed() + askBounds.answerMs > this.#end) return null;
      const response = await this.#send(message, request.spi);
      if (response !== null) return response;
    }
    return { kind: 'silent' };
  }

  async #send(message: Uint8Array, spi: Uint8Array): Promise<InitResponse | null> {
    const heard = Promise.withResolvers<InitResponse>();
    const waiting = new AbortController();
    this.#socket.listen((bytes) => {
      const response = readResponse(bytes, spi);
      if (response !== null) heard.resolve(response);
    });
    this.messages += 1;
    this.#sentAt = this.#clock.elapsed();
    this.#socket.send(message);
    const late = this.#clock.delay(askBounds.answerMs, waiting.signal).then(
      () => null,
      () => null,
    );
    const response = await Promise.race([heard.promise, late]);
    waiting.abort();
    return response;
  }

  async #spaced(): Promise<void> {
    const left = this.#sentAt + askBounds.spacingMs - this.#clock.elapsed();
    if (left > 0) await this.#clock.delay(left);
  }

  #valueOf(group: DhGroup): Buffer {
    const value = this.#values.get(group) ?? publicValue(group);
    this.#values.set(group, value);
    return value;
  }
}
