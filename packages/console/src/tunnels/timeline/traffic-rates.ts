import type { Traffic } from './read-past.ts';

/** Of one step; bits in a second. */
export interface Rate {
  /** When the step began, milliseconds since the epoch. */
  readonly at: number;
  readonly in: number;
  readonly out: number;
}

/** Of the steps in which something was counted. */
export function ratesOf({ points }: Pick<Traffic, 'points'>): readonly Rate[] {
  return points
    .filter(({ CountedMs }) => CountedMs > 0)
    .map(({ Time, CountedMs, InBytes, OutBytes }) => ({
      at: Date.parse(Time),
      in: (InBytes * 8000) / CountedMs,
      out: (OutBytes * 8000) / CountedMs,
    }));
}
