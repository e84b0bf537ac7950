/** One probe's end as fping(8) 5.1 tells it in loop mode. */
export interface ProbeLine {
  readonly remoteAddress: string;
  /** Time to the answer; null when there was none in time. */
  readonly delayMs: number | null;
}

/** `[1795380158.25] 10.9.0.2 : [0], 64 bytes, 0.057 ms (…)` or `… : [0], timed out (…)`; null for any other line. */
export function parseProbeLine(line: string): ProbeLine | null {
  const match = /^\[\d+\.\d+\] (\S+)\s*: \[\d+\], (?:\d+ bytes, ([\d.]+) ms|timed out)/.exec(line);
  if (match?.[1] === undefined) return null;
  return { remoteAddress: match[1], delayMs: match[2] === undefined ? null : Number(match[2]) };
}
