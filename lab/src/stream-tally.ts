export interface TallySummary {
  /** Different numbers seen. */
  readonly received: number;
  readonly duplicates: number;
  /** Arrivals with a lower number than one seen before, duplicates not counted. */
  readonly outOfOrder: number;
  /** Longest time between two arrivals, milliseconds. */
  readonly longestGapMs: number;
}

/** Counts what became of a numbered stream of packets. Pure. */
export class StreamTally {
  readonly #seen = new Set<number>();
  #highest = -1;
  #duplicates = 0;
  #outOfOrder = 0;
  #longestGapMs = 0;
  #lastAtMs: number | undefined;

  add(sequence: number, atMs: number): void {
    this.#longestGapMs = Math.max(this.#longestGapMs, atMs - (this.#lastAtMs ?? atMs));
    this.#lastAtMs = atMs;
    if (this.#seen.has(sequence)) this.#duplicates++;
    else if (sequence < this.#highest) this.#outOfOrder++;
    this.#seen.add(sequence);
    this.#highest = Math.max(this.#highest, sequence);
  }

  summary(): TallySummary {
    return {
      received: this.#seen.size,
      duplicates: this.#duplicates,
      outOfOrder: this.#outOfOrder,
      longestGapMs: Math.round(this.#longestGapMs),
    };
  }
}
