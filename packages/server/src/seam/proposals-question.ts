import {
  askBounds,
  askRefusals,
  NotAskingError,
  type AskRefusal,
  type PeerAsking,
  type PeerProposals,
} from '../domain/diagnosis/peer-proposals.ts';
import type { Clock } from '../platform/clock.ts';
import { checkProposalsAnswer, type FromController, type OfKind, type ProposalsAnswer } from './contract.ts';
import { FewAtATime } from './few-at-a-time.ts';
import { NoAnswerError } from './link.ts';

type Question = Omit<OfKind<FromController, 'proposals'>, 'number'>;

const withinMs = askBounds.seriesMs + 5000;

/** What peers would accept, asked for at the other side. */
export class AskedProposals implements PeerAsking {
  readonly #ask: (question: Question, withinMs: number) => Promise<unknown>;
  readonly #clock: Pick<Clock, 'now'>;
  /** Each waits for a whole series; the acting side runs fewer at a time. */
  readonly #few = new FewAtATime(8);

  constructor(ask: (question: Question, withinMs: number) => Promise<unknown>, clock: Pick<Clock, 'now'>) {
    this.#ask = ask;
    this.#clock = clock;
  }

  async ask(tunnel: string, accountId: string): Promise<PeerProposals | AskRefusal> {
    try {
      const answer = await this.#few.run(() => this.#ask({ kind: 'proposals', tunnel, accountId }, withinMs));
      return readProposalsAnswer(checkProposalsAnswer(answer), this.#clock.now());
    } catch (error) {
      if (error instanceof NoAnswerError) throw new NotAskingError(error.message);
      throw error;
    }
  }
}

/** On the acting side. */
export async function answerProposals(
  { tunnel, accountId }: Omit<Question, 'kind'>,
  asking: PeerAsking,
  clock: Pick<Clock, 'now'>,
): Promise<ProposalsAnswer> {
  const answer = await asking.ask(tunnel, accountId);
  if (typeof answer === 'string') return { refusal: answer };
  const { askedAt, also, ...rest } = answer;
  const { encryption, integrity, prf, group } = also;
  const lists = { encryption: [...encryption], integrity: [...integrity], prf: [...prf], group: [...group] };
  return { ...rest, also: lists, ageMs: clock.now() - askedAt };
}

/** By the clock here. One of a later version that refuses for another reason is not asked now. */
function readProposalsAnswer(answer: ProposalsAnswer, now: number): PeerProposals | AskRefusal {
  if ('refusal' in answer) return askRefusals.find((known) => known === answer.refusal) ?? 'not-started';
  const { ageMs, ...rest } = answer;
  return { ...(rest as Omit<PeerProposals, 'askedAt'>), askedAt: now - ageMs };
}
