import type { Clock } from './clock.ts';

/** The same answer for a while: who asks often costs no more than who asks now and then. One that fails is not kept. */
export function keptAnswer<Answer>(
  make: () => Promise<Answer>,
  forMs: number,
  clock: Pick<Clock, 'elapsed'>,
): () => Promise<Answer> {
  let kept: { readonly answer: Promise<Answer>; readonly at: number } | null = null;
  return () => {
    const at = clock.elapsed();
    if (kept !== null && at - kept.at < forMs) return kept.answer;
    const answer = make();
    const made = { answer, at };
    kept = made;
    answer.catch(() => {
      if (kept === made) kept = null;
    });
    return answer;
  };
}
