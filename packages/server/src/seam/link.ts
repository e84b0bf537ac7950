import type { Duplex } from 'node:stream';
import { once } from 'node:events';
import { describeError } from '../platform/describe-error.ts';
import { nextTurn } from '../platform/loop-turn.ts';
import { Later } from '../platform/later.ts';
import { numberOf, type Check } from './contract.ts';
import { encodeFrame, framesOf } from './frames.ts';

interface Answer {
  readonly kind: 'answer';
  readonly number: number;
  readonly value?: unknown;
  readonly error: string | null;
}

interface Beat {
  readonly kind: 'beat';
}

interface Question {
  readonly kind: string;
  readonly number: number;
}

/** Told when the other side cannot be asked: it is not there, or does not answer. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

/** Whoever says much holds up nothing else for longer: a failover does not wait for it. */
const longestTurnMs = 10;
const beatMs = 1000;
/** Twice as long as its own loop may be held up without a word in the conditions. */
export const silentAfterMs = 3000;

export interface LinkOptions<Heard> {
  readonly stream: Duplex;
  readonly check: Check<Heard | Answer | Beat>;
  /** In order; the next message waits for it. */
  readonly onMessage: (message: Exclude<Heard, Answer | Beat | Question>) => void;
  /** What it resolves to is the answer; what it throws is told. */
  readonly onQuestion: (question: Extract<Exclude<Heard, Answer | Beat>, Question>) => Promise<unknown>;
}

/** One connection between the two sides: messages both ways, and questions with their answers. */
export class Link<Said extends { readonly kind: string }, Heard extends { readonly kind: string }> {
  readonly #options: LinkOptions<Heard>;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #beat = new Later(() => this.#beatAgain());
  #number = 0;
  #heardAt = performance.now();

  constructor(options: LinkOptions<Heard>) {
    this.#options = options;
    options.stream.on('error', () => undefined);
    this.#beat.in(beatMs);
  }

  /** More is being sent than the other side takes: what can wait shall wait. */
  get isFull(): boolean {
    return this.#options.stream.writableNeedDrain;
  }

  get isOpen(): boolean {
    return !this.#options.stream.destroyed;
  }

  /** Milliseconds since the other side was last heard. */
  get silentMs(): number {
    return performance.now() - this.#heardAt;
  }

  send(message: Said): void {
    this.#write(message);
  }

  /** Once it is not full; rejects when the connection ends. */
  async drained(): Promise<void> {
    const { stream } = this.#options;
    if (!this.isOpen) throw new NoAnswerError('the other side is gone');
    if (this.isFull) await once(stream, 'drain', { signal: this.#ended.signal });
  }

  readonly #ended = new AbortController();

  /** Rejects with a NoAnswerError when no answer comes in time, at once where nobody was heard for long; with an Error when the other side says why it has none. */
  async ask(question: DistributiveOmit<Extract<Said, Question>, 'number'>, withinMs: number): Promise<unknown> {
    if (!this.isOpen) throw new NoAnswerError('the other side is gone');
    if (this.silentMs > silentAfterMs) throw new NoAnswerError('the other side does not answer');
    const number = ++this.#number;
    const answer = Promise.withResolvers<unknown>();
    this.#waiting.set(number, answer);
    const late = new Later(() => answer.reject(new NoAnswerError('the other side does not answer')));
    late.in(withinMs);
    this.#write({ ...question, number });
    try {
      return await answer.promise;
    } finally {
      late.cancel();
      this.#waiting.delete(number);
    }
  }

  /** Until the other side goes, or says what is no message; then it is closed. Resolves with why. */
  async run(): Promise<string> {
    try {
      let turnAt = performance.now();
      for await (const frame of framesOf(this.#options.stream)) {
        this.#heardAt = performance.now();
        const message = this.#options.check(frame);
        if (message === null) this.#refuseUnknown(frame);
        else this.#hear(message);
        if (performance.now() - turnAt < longestTurnMs) continue;
        await nextTurn();
        turnAt = performance.now();
      }
      return 'the other side went';
    } catch (error) {
      return describeError(error);
    } finally {
      this.close();
    }
  }

  close(): void {
    this.#beat.cancel();
    this.#ended.abort(new NoAnswerError('the other side is gone'));
    this.#options.stream.destroy();
    for (const { reject } of this.#waiting.values()) reject(new NoAnswerError('the other side is gone'));
    this.#waiting.clear();
  }

  #beatAgain(): void {
    if (!this.isFull) this.#write({ kind: 'beat' });
    this.#beat.in(beatMs);
  }

  #hear(message: Heard | Answer | Beat): void {
    if (isAnswer(message)) {
      const waiting = this.#waiting.get(message.number);
      if (message.error === null) waiting?.resolve(message.value);
      else waiting?.reject(new Error(message.error));
      return;
    }
    if (message.kind === 'beat') return;
    if ('number' in message) void this.#answer(message as Extract<Exclude<Heard, Answer | Beat>, Question>);
    else this.#options.onMessage(message as Exclude<Heard, Answer | Beat | Question>);
  }

  /** A question that a later version of the other side asks: it need not wait in vain. */
  #refuseUnknown(frame: unknown): void {
    const number = numberOf(frame);
    if (number === null) return;
    const { kind } = frame as { readonly kind: string };
    this.#write({ kind: 'answer', number, value: null, error: `the question ${kind.slice(0, 40)} is not known here` });
  }

  async #answer(question: Extract<Exclude<Heard, Answer | Beat>, Question>): Promise<void> {
    const { number } = question;
    try {
      const value = (await this.#options.onQuestion(question)) ?? null;
      this.#write({ kind: 'answer', number, value, error: null });
    } catch (error) {
      this.#write({ kind: 'answer', number, value: null, error: describeError(error).slice(0, 4000) });
    }
  }

  #write(message: unknown): void {
    if (this.isOpen) this.#options.stream.write(encodeFrame(message));
  }
}

function isAnswer(message: { readonly kind: string }): message is Answer {
  return message.kind === 'answer';
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
