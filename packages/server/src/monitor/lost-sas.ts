import type { ChildSa, IkeSa } from '@landbridge/vici';
import type { DataPlaneSa } from '../drivers/data-plane-sa.ts';

/** What to do about a CHILD_SA that charon believes in and the data plane does not have. */
export interface LostSa {
  readonly childId: number;
  readonly name: string;
  /** Renewed first; ended when that did not help, to be negotiated anew. */
  readonly remedy: 'rekey' | 'terminate';
}

/** A renewal takes a few round trips; longer than this it has failed, or brought no SA either. */
const renewalMs = 15_000;

/**
 * Compares charon's CHILD_SAs with what carries the packets. The two are read one after the other, and SAs come and go in
 * between: one is lost that is missing twice in a row.
 */
export class LostSas {
  /** Unique id of the CHILD_SA → when it was found missing first, and since when it is being renewed. */
  readonly #missing = new Map<number, { readonly since: number; renewedAt: number | null }>();

  /** True while a CHILD_SA was missing at the last comparison: the next one need not wait. */
  get hasSuspects(): boolean {
    return [...this.#missing.values()].some(({ renewedAt }) => renewedAt === null);
  }

  /** @param now milliseconds of a clock that only goes forward; another value for each comparison. */
  compare(ikeSas: readonly IkeSa[], dataPlane: readonly DataPlaneSa[], now: number): LostSa[] {
    const present = new Set(dataPlane.map(nameOf));
    const missing = ikeSas.flatMap((ikeSa) => ikeSa.childSas.filter((childSa) => isMissing(ikeSa, childSa, present)));
    const ids = new Set(missing.map(({ uniqueId }) => uniqueId));
    for (const id of this.#missing.keys()) if (!ids.has(id)) this.#missing.delete(id);
    return missing.flatMap(({ uniqueId: childId, name }): LostSa[] => {
      const memory = this.#missing.get(childId);
      if (memory === undefined) {
        this.#missing.set(childId, { since: now, renewedAt: null });
        return [];
      }
      if (memory.renewedAt === null) {
        memory.renewedAt = now;
        return [{ childId, name, remedy: 'rekey' }];
      }
      if (now - memory.renewedAt < renewalMs) return [];
      memory.renewedAt = now;
      return [{ childId, name, remedy: 'terminate' }];
    });
  }
}

/** Only what charon takes for complete: while it rekeys or updates an SA, halves of it come and go. */
function isMissing(ikeSa: IkeSa, { state, installed }: ChildSa, present: ReadonlySet<string>): boolean {
  if (state !== 'INSTALLED' || installed === undefined) return false;
  const inbound = { destination: ikeSa.localHost, spi: installed.spiIn };
  const outbound = { destination: ikeSa.remoteHost, spi: installed.spiOut };
  return ![inbound, outbound].every((sa) => present.has(nameOf(sa)));
}

function nameOf({ destination, spi }: DataPlaneSa): string {
  return `${destination} ${spi}`;
}
