import { mostPoints, type StepSeconds } from '../../domain/operator/history.ts';
import type { HistoryRange } from '../../services/operator/tunnel-history.ts';
import { reject } from '../protocol/api-error.ts';

export interface GivenRange {
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  readonly seconds: StepSeconds;
  /** As the parameters are called. */
  readonly names: { readonly from: string; readonly to: string };
}

/** Rejects where it ends before it begins, or holds more points than are told at once. */
export function checkRange({ from, to, seconds, names }: GivenRange): HistoryRange {
  if (to < from) {
    const rule = { en: `is earlier than \`${names.from}\``, zh: `早于 \`${names.from}\`` };
    reject('value-out-of-range', { name: names.to, rule });
  }
  if (to - from > mostPoints * seconds * 1000) {
    const rule = {
      en: `is more than ${mostPoints} steps of ${seconds} s before \`${names.to}\``,
      zh: `与 \`${names.to}\` 之间超过 ${mostPoints} 个 ${seconds} 秒的统计周期`,
    };
    reject('value-out-of-range', { name: names.from, rule });
  }
  return { from, to, seconds };
}
