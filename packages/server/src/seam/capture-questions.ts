import {
  NotCapturingError,
  type CaptureOrder,
  type CapturePiece,
  type CaptureRefusal,
  type PacketCapture,
  type PacketCapturing,
} from '../domain/operator/packet-capture.ts';
import type { CaptureId } from '../domain/resource-id.ts';
import type { CaptureQuestion } from './contract.ts';
import { FewAtATime } from './few-at-a-time.ts';
import { NoAnswerError } from './link.ts';

/** More than that are refused: each answer may be a megabyte, which nothing else on the connection shall wait for. */
const mostQuestions = 8;
/** A program is started or ended for it. */
const withinMs = 10_000;

type Ask = (question: CaptureQuestion, withinMs: number) => Promise<unknown>;

/** Packet captures, asked for at the other side. */
export class AskedCaptures implements PacketCapturing {
  readonly #ask: Ask;
  readonly #few = new FewAtATime(mostQuestions);

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  async start(order: CaptureOrder): Promise<PacketCapture | CaptureRefusal> {
    return (await this.#answerOf({ what: 'start', order })) as PacketCapture | CaptureRefusal;
  }

  async list(): Promise<readonly PacketCapture[]> {
    return (await this.#answerOf({ what: 'list' })) as readonly PacketCapture[];
  }

  async stop(id: CaptureId): Promise<boolean> {
    return (await this.#answerOf({ what: 'stop', id })) as boolean;
  }

  async remove(id: CaptureId): Promise<boolean> {
    return (await this.#answerOf({ what: 'remove', id })) as boolean;
  }

  async read(id: CaptureId, offset: number): Promise<CapturePiece | null> {
    return (await this.#answerOf({ what: 'read', id, offset })) as CapturePiece | null;
  }

  async keys(id: CaptureId): Promise<string | null> {
    return (await this.#answerOf({ what: 'keys', id })) as string | null;
  }

  async #answerOf(question: CaptureQuestion): Promise<unknown> {
    try {
      return await this.#few.run(() => this.#ask(question, withinMs));
    } catch (error) {
      if (error instanceof NoAnswerError) throw new NotCapturingError(error.message);
      throw error;
    }
  }
}

/** The other end of it: whoever asks without a bound has this one. */
export class AnsweredCaptures {
  readonly #captures: PacketCapturing;
  #waiting = 0;

  constructor(captures: PacketCapturing) {
    this.#captures = captures;
  }

  async answer(question: CaptureQuestion): Promise<unknown> {
    if (this.#waiting === mostQuestions) throw new Error('too many questions about captures wait');
    this.#waiting += 1;
    return answerOf(this.#captures, question).finally(() => (this.#waiting -= 1));
  }
}

function answerOf(captures: PacketCapturing, question: CaptureQuestion): Promise<unknown> {
  switch (question.what) {
    case 'start':
      return captures.start(question.order);
    case 'list':
      return captures.list();
    case 'stop':
      return captures.stop(question.id);
    case 'remove':
      return captures.remove(question.id);
    case 'keys':
      return captures.keys(question.id);
    case 'read':
      return captures.read(question.id, question.offset);
  }
}
