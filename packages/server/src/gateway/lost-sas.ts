import type { CharonEventOf, ChildSa, IkeSa } from '@landbridge/vici';
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
/** After this time a CHILD_SA that was not in the data plane is looked for once more. */
const secondSightMs = 500;
/** From one comparison to the next, however often charon gives reason for one. */
const restMs = 5000;
/** Without any reason, should a charon have other words for it. */
const routineMs = 15 * 60_000;

/**
 * Asked for its SAs, charon asks the data plane about each one, and says which it does not have (strongSwan 5.9.8 and 6.0.1,
 * kernel_netlink_ipsec.c). So nothing needs to be read while all is well.
 */
const notFound = /^querying SAD entry\b.* failed: /;

export function saysSaIsMissing({ group, text }: Pick<CharonEventOf<'log'>, 'group' | 'text'>): boolean {
  return group === 'KNL' && notFound.test(text);
}

/**
 * Compares charon's CHILD_SAs with what carries the packets, when there is reason to. The two are read one after the other, and
 * SAs come and go in between: one is lost that is missing twice in a row.
 */
export class LostSas {
  /** Unique id of the CHILD_SA → since when it is being renewed. */
  readonly #missing = new Map<number, { renewedAt: number | null }>();
  #isDoubted = false;
  #earliest = -Infinity;
  #routineAt: number;

  /** @param now here and below: milliseconds of a clock that only goes forward. */
  constructor(now: number) {
    this.#routineAt = now + routineMs;
  }

  /** charon did not find an SA. True when a comparison came nearer by that. */
  doubt(): boolean {
    const isNew = !this.#isDoubted;
    this.#isDoubted = true;
    return isNew;
  }

  /** Milliseconds until the next comparison; 0 or less when it is due. */
  waitMs(now: number): number {
    return (this.#isDoubted ? this.#earliest : this.#routineAt) - now;
  }

  /** It was due, and what carries the packets could not be read. */
  putOff(now: number): void {
    this.#earliest = now + restMs;
    this.#routineAt = now + routineMs;
  }

  /** @param now another value for each comparison. */
  compare(ikeSas: readonly IkeSa[], dataPlane: readonly DataPlaneSa[], now: number): LostSa[] {
    const lost = this.#findLost(ikeSas, dataPlane, now);
    this.putOff(now);
    this.#isDoubted = this.#missing.size > 0;
    const isSuspected = [...this.#missing.values()].some(({ renewedAt }) => renewedAt === null);
    if (isSuspected) this.#earliest = now + secondSightMs;
    return lost;
  }

  #findLost(ikeSas: readonly IkeSa[], dataPlane: readonly DataPlaneSa[], now: number): LostSa[] {
    const present = new Set(dataPlane.map(nameOf));
    const missing = ikeSas.flatMap((ikeSa) => ikeSa.childSas.filter((childSa) => isMissing(ikeSa, childSa, present)));
    const ids = new Set(missing.map(({ uniqueId }) => uniqueId));
    for (const id of this.#missing.keys()) if (!ids.has(id)) this.#missing.delete(id);
    return missing.flatMap(({ uniqueId: childId, name }): LostSa[] => {
      const memory = this.#missing.get(childId);
      if (memory === undefined) {
        this.#missing.set(childId, { renewedAt: null });
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
