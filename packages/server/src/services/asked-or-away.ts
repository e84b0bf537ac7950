import { refuse, type RefusalReason } from '../domain/refusal.ts';

/** What the acting side answers; refused where it cannot be asked now. @param away how it says so. */
export async function askedOrAway<Answer>(
  answer: Promise<Answer>,
  away: new (message: string) => Error,
  reason: RefusalReason,
): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof away) refuse(reason);
    throw error;
  }
}
