/** A moment, and how exactly it was told. */
export interface Moment {
  /** Milliseconds since the epoch. */
  readonly from: number;
  /** The minute or second that was named ends before that. */
  readonly to: number;
}

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const units = { s: secondMs, m: minuteMs, h: 60 * minuteMs, d: 24 * 60 * minuteMs } as const;

/**
 * `02:35` or `02:35:10` by the clock of this host: of today, of yesterday where that is still to come; or ISO 8601, with a zone or by
 * the clock of this host. Throws for anything else, and for what is still to come.
 */
export function readMoment(option: string, text: string, now: Date): Moment {
  const clock = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  if (clock !== null) return momentOfDay(option, clock, now);
  const iso = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?$/.exec(text);
  const from = iso === null ? Number.NaN : Date.parse(text.replace(' ', 'T'));
  if (Number.isNaN(from)) throw malformed(option, text);
  if (from > now.getTime()) throw new Error(`${option} ${text} is still to come: it is ${now.toISOString()}`);
  return { from, to: from + (iso?.[1] === undefined ? minuteMs : secondMs) };
}

/** `90s`, `15m`, `1h`, `2d` ago, or a moment as above. Milliseconds since the epoch. */
export function readSince(option: string, text: string, now: Date): number {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (count === undefined || unit === undefined) return readMoment(option, text, now).from;
  return now.getTime() - Number(count) * units[unit as keyof typeof units];
}

function momentOfDay(option: string, [text, hours, minutes, seconds]: RegExpExecArray, now: Date): Moment {
  const lengthMs = seconds === undefined ? minuteMs : secondMs;
  const numbers = [Number(hours), Number(minutes), Number(seconds ?? 0)] as const;
  if (numbers[0] > 23 || numbers[1] > 59 || numbers[2] > 59) throw malformed(option, text);
  const on = (day: Date) => new Date(day).setHours(...numbers, 0);
  const today = on(now);
  if (today <= now.getTime()) return { from: today, to: today + lengthMs };
  const yesterday = new Date(now);
  yesterday.setDate(now.getDate() - 1);
  const from = on(yesterday);
  return { from, to: from + lengthMs };
}

function malformed(option: string, text: string): Error {
  return new Error(`${option} ${text}: a time such as 02:35, or 2026-11-22T02:35:00Z, is expected`);
}
