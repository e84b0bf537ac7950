import type { Charon } from '@landbridge/vici';
import { sasKeptMs, type SasAnswer } from '../domain/operator/tunnel-sas.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { Clock } from '../platform/clock.ts';
import { describeError } from '../platform/describe-error.ts';
import { withPatience } from '../platform/patience.ts';
import { toldSas } from './told-sas.ts';

export interface AskedSasOptions {
  /** Null: there is none yet. */
  readonly charon: () => Pick<Charon, 'listSas'> | null;
  /** What charon knows the tunnel by; undefined: it was not told of it. */
  readonly nameOf: (tunnel: VpnConnectionId) => string | undefined;
  readonly clock: Clock;
}

interface Kept {
  readonly answer: Promise<SasAnswer>;
  /** Null: it is awaited, and nobody asks beside it. */
  answeredAt: number | null;
}

const answerTimeoutMs = 3000;

/**
 * SAs of single tunnels of one gateway, asked of its charon when somebody wants to know: one question after the other, so that whoever
 * watches many tunnels takes no more of charon than one who watches one.
 */
export class AskedSas {
  readonly #options: AskedSasOptions;
  readonly #kept = new Map<VpnConnectionId, Kept>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: AskedSasOptions) {
    this.#options = options;
  }

  of(tunnel: VpnConnectionId): Promise<SasAnswer> {
    const now = this.#options.clock.elapsed();
    for (const [id, { answeredAt }] of this.#kept)
      if (answeredAt !== null && now - answeredAt >= sasKeptMs) this.#kept.delete(id);
    const known = this.#kept.get(tunnel);
    if (known !== undefined) return known.answer;
    const answer = this.#last.then(() => this.#ask(tunnel));
    this.#last = answer;
    const kept: Kept = { answer, answeredAt: null };
    this.#kept.set(tunnel, kept);
    void answer.then(() => (kept.answeredAt = this.#options.clock.elapsed()));
    return answer;
  }

  async #ask(tunnel: VpnConnectionId): Promise<SasAnswer> {
    const { charon, nameOf, clock } = this.#options;
    const ike = nameOf(tunnel);
    const asked = charon();
    // An agent that has just begun does not know yet what goes on: that is not the same as none.
    if (asked === null) return { problem: 'the gateway’s charon does not run yet' };
    if (ike === undefined) return { problem: 'the gateway’s charon was not told of it yet' };
    try {
      const ikeSas = await withPatience({ clock, ms: answerTimeoutMs }, (signal) => asked.listSas({ ike }, { signal }));
      return { sas: toldSas(ikeSas, clock.now()) };
    } catch (error) {
      return { problem: `the gateway’s charon: ${describeError(error)}` };
    }
  }
}
