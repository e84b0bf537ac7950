/** Probes of the last minute, as Cloud Monitor counts them: PkgDrop and Delay (docs/spec/semantics.md section 15). */
export interface ProbeSummary {
  readonly sent: number;
  readonly lost: number;
  /** Mean time to the answer, milliseconds; null without answers. */
  readonly meanDelayMs: number | null;
}

interface ProbeResult {
  readonly at: number;
  readonly delayMs: number | null;
}

const windowMs = 60_000;

export class ProbeStatistics {
  readonly #results: ProbeResult[] = [];
  #first = 0;
  #lost = 0;
  #delaySumMs = 0;

  /** @param delayMs null when there was no answer. */
  add(at: number, delayMs: number | null): void {
    this.#results.push({ at, delayMs });
    this.#count(delayMs, 1);
    this.#forget(at - windowMs);
  }

  summary(now: number): ProbeSummary {
    this.#forget(now - windowMs);
    const sent = this.#results.length - this.#first;
    const answered = sent - this.#lost;
    return { sent, lost: this.#lost, meanDelayMs: answered === 0 ? null : this.#delaySumMs / answered };
  }

  #forget(before: number): void {
    for (; ; this.#first++) {
      const oldest = this.#results[this.#first];
      if (oldest === undefined || oldest.at > before) break;
      this.#count(oldest.delayMs, -1);
    }
    if (this.#first < 1000) return;
    this.#results.splice(0, this.#first);
    this.#first = 0;
  }

  #count(delayMs: number | null, sign: 1 | -1): void {
    if (delayMs === null) this.#lost += sign;
    else this.#delaySumMs += sign * delayMs;
  }
}
