import {
  recordedKinds,
  type RecordedKind,
  type RecordedLine,
  type RecordedPage,
  type RecordedSelection,
} from '../domain/operator/timeline.ts';
import type { Clock } from '../platform/clock.ts';
import { checkRecordedPage, type FromController, type OfKind } from './contract.ts';
import { historicInstantHere } from './instant.ts';

type Question = OfKind<FromController, 'timeline'>;

/** As it is asked: how long ago, since clocks may differ. */
export function timelineQuestion(
  { from, to, kinds, ...rest }: RecordedSelection,
  now: number,
): Omit<Question, 'number'> {
  const age = (at: number | null) => (at === null ? null : now - at);
  return { kind: 'timeline', ...rest, kinds: kinds && [...kinds], fromAgeMs: age(from), toAgeMs: age(to) };
}

/** On the acting side. */
export async function answerTimeline(
  { subject, fromAgeMs, toAgeMs, kinds, order, after, limit }: Question,
  recorded: (selection: RecordedSelection) => Promise<RecordedPage>,
  clock: Pick<Clock, 'now'>,
): Promise<object> {
  const asked = clock.now();
  const from = fromAgeMs === null ? null : asked - fromAgeMs;
  const to = toAgeMs === null ? null : asked - toAgeMs;
  const page = await recorded({ subject, from, to, kinds: kinds as RecordedKind[] | null, order, after, limit });
  const now = clock.now();
  const { lines, storySince, ...rest } = page;
  return {
    ...rest,
    lines: lines.map((line) => ({ ...line, ageMs: now - line.at })),
    storySinceAgeMs: storySince === null ? null : now - storySince,
  };
}

/** What was answered, by the clock here, without kinds of lines that are not known here. Throws for what is no answer. */
export function readTimelineAnswer(answer: unknown, now: number): RecordedPage {
  const { lines, storySinceAgeMs, ...rest } = checkRecordedPage(answer);
  const known = lines.filter(({ kind }) => (recordedKinds as readonly string[]).includes(kind));
  return {
    ...rest,
    lines: known.map(({ ageMs, ...line }) => ({
      ...(line as RecordedLine),
      at: historicInstantHere({ at: line.at, ageMs }, now),
    })),
    storySince: storySinceAgeMs === null ? null : now - storySinceAgeMs,
  };
}
