import type { AskSas, SasAnswer } from '../domain/operator/tunnel-sas.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { Clock } from '../platform/clock.ts';
import { describeError } from '../platform/describe-error.ts';
import { checkSasAnswer, type FromController, type OfKind } from './contract.ts';
import { FewAtATime } from './few-at-a-time.ts';

type Question = Omit<OfKind<FromController, 'sas'>, 'number'>;

/** A caller of the API waits for it, and a charon that is busy may take its time. */
const withinMs = 10_000;

/** The SAs of tunnels, asked for at the other side. */
export function askedSas(
  ask: (question: Question, withinMs: number) => Promise<unknown>,
  clock: Pick<Clock, 'now'>,
): AskSas {
  // Each answer may be long, which nothing else on the connection shall wait for.
  const few = new FewAtATime(8);
  const answerFor = async (tunnel: VpnConnectionId): Promise<SasAnswer> => {
    try {
      return readSasAnswer(await ask({ kind: 'sas', tunnel }, withinMs), clock.now());
    } catch (error) {
      return { problem: describeError(error) };
    }
  };
  return (tunnel) => few.run(() => answerFor(tunnel));
}

/** On the acting side. */
export async function answerSas({ tunnel }: Omit<Question, 'kind'>, ask: AskSas, clock: Pick<Clock, 'now'>) {
  const answer = await ask(tunnel as VpnConnectionId);
  if ('problem' in answer) return answer;
  const { askedAt, ...rest } = answer.sas;
  return { ...rest, ageMs: clock.now() - askedAt };
}

/** By the clock here. Throws for what is no answer. */
function readSasAnswer(heard: unknown, now: number): SasAnswer {
  const answer = checkSasAnswer(heard);
  if ('problem' in answer) return answer;
  const { ageMs, ...rest } = answer;
  return { sas: { ...rest, askedAt: now - ageMs } };
}
