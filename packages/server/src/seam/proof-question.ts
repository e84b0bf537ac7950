import {
  drillBounds,
  drillRefusals,
  type DrillOrder,
  type DrillRefusal,
  type FailoverDrill,
  type FailoverDrilling,
} from '../domain/operator/failover-drill.ts';
import {
  NotProvingError,
  proofBounds,
  proofRefusals,
  type PathProof,
  type PathProving,
  type ProofOrder,
  type ProofRefusal,
} from '../domain/operator/path-proof.ts';
import type { Clock } from '../platform/clock.ts';
import {
  checkDrillAnswer,
  checkProofAnswer,
  type DrillAnswer,
  type FromController,
  type OfKind,
  type ProofAnswer,
} from './contract.ts';
import { FewAtATime } from './few-at-a-time.ts';
import { NoAnswerError } from './link.ts';

type ProofQuestion = Omit<OfKind<FromController, 'proof'>, 'number'>;
type DrillQuestion = Omit<OfKind<FromController, 'drill'>, 'number'>;
type Question = ProofQuestion | DrillQuestion;

/** What becomes of packets, asked for at the other side. */
export class AskedProofs implements PathProving, FailoverDrilling {
  readonly #ask: (question: Question, withinMs: number) => Promise<unknown>;
  readonly #clock: Pick<Clock, 'now'>;
  /** Each waits for its packets; the acting side runs fewer at a time. */
  readonly #few = new FewAtATime(8);

  constructor(ask: (question: Question, withinMs: number) => Promise<unknown>, clock: Pick<Clock, 'now'>) {
    this.#ask = ask;
    this.#clock = clock;
  }

  async prove(order: ProofOrder): Promise<PathProof | ProofRefusal> {
    const answer = checkProofAnswer(await this.#answerTo({ kind: 'proof', order }, proofBounds.wholeMs));
    return readProofAnswer(answer, this.#clock.now());
  }

  async drill(order: DrillOrder): Promise<FailoverDrill | DrillRefusal> {
    const withinMs = order.seconds * 1000 + 2 * drillBounds.aroundMs + drillBounds.graceMs;
    const answer = checkDrillAnswer(await this.#answerTo({ kind: 'drill', order }, withinMs));
    if (!('refusal' in answer)) return answer;
    return drillRefusals.find((known) => known === answer.refusal) ?? 'not-started';
  }

  async #answerTo(question: Question, withinMs: number): Promise<unknown> {
    try {
      return await this.#few.run(() => this.#ask(question, withinMs));
    } catch (error) {
      if (error instanceof NoAnswerError) throw new NotProvingError(error.message);
      throw error;
    }
  }
}

/** On the acting side. */
export async function answerProof(
  { order }: Omit<ProofQuestion, 'kind'>,
  proving: PathProving,
  clock: Pick<Clock, 'now'>,
): Promise<ProofAnswer> {
  const answer = await proving.prove(order);
  if (typeof answer === 'string') return { refusal: answer };
  const { provenAt, refusals, routers, ...rest } = answer;
  return { ...rest, refusals: [...refusals], routers: [...routers], ageMs: clock.now() - provenAt };
}

/** On the acting side. */
export async function answerDrill(
  { order }: Omit<DrillQuestion, 'kind'>,
  drilling: FailoverDrilling,
): Promise<DrillAnswer> {
  const answer = await drilling.drill(order);
  return typeof answer === 'string' ? { refusal: answer } : answer;
}

/** By the clock here. One of a later version that refuses for another reason proves nothing now. */
function readProofAnswer(answer: ProofAnswer, now: number): PathProof | ProofRefusal {
  if ('refusal' in answer) return proofRefusals.find((known) => known === answer.refusal) ?? 'not-started';
  const { ageMs, ...rest } = answer;
  return { ...rest, provenAt: now - ageMs };
}
