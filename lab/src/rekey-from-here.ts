import { setTimeout as delay } from 'node:timers/promises';
import type { Charon } from '@landbridge/vici';
import { renewSas } from './renew-sas.ts';

interface RekeyCounts {
  readonly ikeSas: number;
  readonly childSas: number;
}

/** Keys of one charon's SAs, renewed by it at a pace of its own, beside what its peers renew. */
export class RekeyFromHere {
  readonly #charon: Charon;
  readonly #ended = new AbortController();
  readonly #running: Promise<void>;
  #ikeSas = 0;
  #childSas = 0;

  private constructor(charon: Charon, childSeconds: number) {
    this.#charon = charon;
    this.#running = this.#renew(childSeconds);
  }

  /** Every CHILD_SA at this pace, every IKE_SA at half of it. */
  static async start(charon: Charon, childSeconds: number): Promise<RekeyFromHere> {
    const rekeying = new RekeyFromHere(charon, childSeconds);
    await charon.on(['ike-rekey', 'child-rekey'], ({ kind }) => {
      if (kind === 'ike-rekey') rekeying.#ikeSas++;
      else rekeying.#childSas++;
    });
    return rekeying;
  }

  /** Completed so far, whichever end began them. */
  get counts(): RekeyCounts {
    return { ikeSas: this.#ikeSas, childSas: this.#childSas };
  }

  async stop(): Promise<void> {
    this.#ended.abort();
    await this.#running;
  }

  async #renew(childSeconds: number): Promise<void> {
    const { signal } = this.#ended;
    try {
      for (let round = 1; ; round++) {
        await delay(childSeconds * 1000, undefined, { signal });
        await renewSas(this.#charon, 'child');
        if (round % 2 === 0) await renewSas(this.#charon, 'ike');
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
