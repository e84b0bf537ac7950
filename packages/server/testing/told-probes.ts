import type { ProbeReport } from '../src/domain/vpn/probe-health.ts';

/** How the probes of one target end, as uxprobe would tell it. */
export class ToldProbes {
  #isAnswered: boolean | null = null;
  #run = 0;
  #lastLossAt: number | null = null;
  #sent = 0;
  #lost = 0;

  /** One more probe ends. */
  end(isAnswered: boolean, now: number): ProbeReport {
    this.#sent++;
    if (!isAnswered) {
      this.#lost++;
      this.#lastLossAt = now;
      this.#run = this.#isAnswered === false ? this.#run + 1 : 1;
    }
    this.#isAnswered = isAnswered;
    return {
      ...{ isAnswered, run: this.#run },
      sinceLossMs: this.#lastLossAt === null ? null : now - this.#lastLossAt,
      summary: {
        ...{ sent: this.#sent, lost: this.#lost, unsent: 0 },
        meanDelayMs: this.#lost === this.#sent ? null : 5,
      },
    };
  }
}
