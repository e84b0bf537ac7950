import {
  packedPoints,
  tallyFields,
  type HistoryQuestion,
  type HistorySeries,
  type PackedSeries,
  type Tally,
} from '../domain/operator/history.ts';
import type { FromController, HistoryAnswer, OfKind } from './contract.ts';
import { agreeingMs } from './instant.ts';

type HistoryMessage = Omit<OfKind<FromController, 'history'>, 'number'>;

/** As it crosses; `now` is by the clock of whoever asks. */
export function historyMessage({ series, from, to, seconds }: HistoryQuestion, now: number): HistoryMessage {
  return { kind: 'history', series: [...series], fromAgeMs: now - from, toAgeMs: now - to, seconds };
}

/** As it was meant; `now` is by the clock of whoever answers. */
export function historyQuestion({ series, fromAgeMs, toAgeMs, seconds }: HistoryMessage, now: number): HistoryQuestion {
  return { series: series as HistoryQuestion['series'], from: now - fromAgeMs, to: now - toAgeMs, seconds };
}

export function historyAnswer(series: readonly PackedSeries[], now: number): HistoryAnswer {
  return { now, series: series.map(packedPoints) };
}

/** By the clock here: another one there moves nothing, but for what clocks differ that agree. */
export function historySeries({ now: there, series }: HistoryAnswer, now: number): HistorySeries[] {
  const shift = Math.abs(now - there) <= agreeingMs ? 0 : now - there;
  return series.map((points) => points.map(([at = 0, ...numbers]) => ({ at: at + shift, tally: readTally(numbers) })));
}

function readTally(numbers: readonly number[]): Tally {
  return Object.fromEntries(tallyFields.map((field, index) => [field, numbers[index] ?? 0])) as unknown as Tally;
}
