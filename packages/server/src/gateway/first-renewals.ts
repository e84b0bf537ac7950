import type { IkeSa } from '@landbridge/vici';
import { parseKeywords } from '../diagnosis/transforms.ts';
import type { WatchedConnection } from './watched-connection.ts';

/** A tunnel that has just come up is left alone so long: others come up, and both ends may have begun at once. */
const settledSeconds = 30;
/** Where the peer began it may do the same as we: two that renew at once get in each other's way. */
const politeSeconds = 10;
/** SAs that are older when they are first seen were here before this agent, and have been renewed or will be. */
const youngSeconds = 60;
/** From one renewal to the next of the same gateway: thousands of tunnels that came up at once cost one key exchange a second. */
const paceMs = 1000;
/** Due at one look; what waits longer is due at the next. */
const mostAtOnce = 8;

/**
 * The first CHILD_SA of IKEv2 comes without a key exchange of its own (RFC 7296 section 1.2): whether the peer agrees to the group of
 * PFS shows when it is renewed, which is an hour later by default, and then in the middle of somebody's work. So the first one of
 * each IKE_SA is renewed soon after it came up; where the peer refuses, charon tells why, and the tunnel has most of its
 * lifetime left.
 */
export class FirstRenewals {
  /** Connections' names → whether their keys are exchanged anew with each CHILD_SA but the first. */
  readonly #hasPfs = new Map<string, boolean>();
  /** IKE_SAs, by the SPI of who began: seen young, and not yet asked to renew. */
  readonly #waiting = new Set<string>();
  readonly #asked = new Set<string>();
  #lastAt = -Infinity;

  /** Unique ids of CHILD_SAs to renew now. @param now milliseconds of a clock that only goes forward. */
  findDue(connections: readonly WatchedConnection[], ikeSas: readonly IkeSa[], now: number): number[] {
    this.#forget(connections, ikeSas);
    const allowed = Math.max(0, Math.min(mostAtOnce, Math.floor((now - this.#lastAt) / paceMs)));
    const due = ikeSas.flatMap((ikeSa) => {
      const childId = this.#unproven(ikeSa);
      return childId === null ? [] : [{ spi: ikeSa.initiatorSpi, childId }];
    });
    const chosen = due.slice(0, allowed);
    if (chosen.length > 0) this.#lastAt = now;
    for (const { spi } of chosen) {
      this.#waiting.delete(spi);
      this.#asked.add(spi);
    }
    return chosen.map(({ childId }) => childId);
  }

  /** Its CHILD_SA to renew, once it is old enough. */
  #unproven({ name, initiatorSpi, role, childSas }: IkeSa): number | null {
    if (this.#hasPfs.get(name) !== true || this.#asked.has(initiatorSpi)) return null;
    const present = childSas.filter(({ state }) => state === 'INSTALLED');
    const [first] = present;
    if (first === undefined || present.some(({ installed }) => installed?.dhGroup !== undefined)) return null;
    const ageSeconds = Math.min(...present.map(({ installed }) => installed?.installTimeSeconds ?? 0));
    if (ageSeconds <= youngSeconds) this.#waiting.add(initiatorSpi);
    if (!this.#waiting.has(initiatorSpi)) return null;
    return ageSeconds < settledSeconds + (role === 'responder' ? politeSeconds : 0) ? null : first.uniqueId;
  }

  #forget(connections: readonly WatchedConnection[], ikeSas: readonly IkeSa[]): void {
    const names = new Set(connections.map(({ name }) => name));
    for (const name of this.#hasPfs.keys()) if (!names.has(name)) this.#hasPfs.delete(name);
    for (const { name, plan } of connections) {
      if (!this.#hasPfs.has(name)) this.#hasPfs.set(name, plan.version === 2 && exchangesKeys(plan.espProposals));
    }
    const spis = new Set(ikeSas.map(({ initiatorSpi }) => initiatorSpi));
    for (const memory of [this.#waiting, this.#asked]) {
      for (const spi of memory) if (!spis.has(spi)) memory.delete(spi);
    }
  }
}

/** A peer that takes a proposal without a group takes its renewal without one. */
function exchangesKeys(espProposals: readonly string[]): boolean {
  const { proposals } = parseKeywords('ESP', espProposals);
  return proposals.every(({ group }) => group.length > 0);
}
