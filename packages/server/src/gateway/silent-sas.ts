import type { ChildSa, IkeSa } from '@landbridge/vici';
import type { WatchedConnection } from './watched-connection.ts';

/** So long nothing may come back where an IKE_SA came or went since something last did. */
const suspectMs = 2000;
/** Beyond the time in which dead peer detection would have ended an IKE_SA whose peer does not answer. */
const afterDpdMs = 20_000;

interface Traffic {
  uniqueId: number;
  packetsIn: number;
  packetsOut: number;
  /** The IKE_SAs at the last look. */
  ikeSas: string;
  /** The IKE_SAs at the look before something last came in, for it may have come before a change; or at the first look. */
  heardWith: string;
  /** When packets first went out and none had come in since; null while that is not so. */
  silentSince: number | null;
  /** The IKE_SAs when it was renewed for its silence. */
  renewedWith: string | null;
}

/**
 * IKEv1 has no answer to a DELETE, and hands CHILD_SAs from one IKE_SA to the next without a word: when both ends renew the
 * IKE_SA at once, one can be left with a CHILD_SA that the other has no more, and dead peer detection is content. Such a
 * CHILD_SA sends and nothing comes back. It is renewed, once for each set of IKE_SAs, since it may be sound after all
 * (traffic that goes one way). What a broken line does is left to dead peer detection.
 */
export class SilentSas {
  /** By connection and selectors, which outlive a renewal. */
  readonly #traffic = new Map<string, Traffic>();
  #nextDue: number | undefined;

  /** Unique ids of CHILD_SAs to renew now. */
  findSilent(connections: readonly WatchedConnection[], ikeSas: readonly IkeSa[], now: number): number[] {
    const byName = Map.groupBy(ikeSas, ({ name }) => name);
    const seen = new Set<string>();
    this.#nextDue = undefined;
    const silent = connections
      .filter(({ plan }) => plan.version === 1)
      .flatMap((connection) => {
        const own = byName.get(connection.name) ?? [];
        const ids = own
          .map(({ initiatorSpi }) => initiatorSpi)
          .toSorted()
          .join(' ');
        return installedOf(own).filter((childSa) => {
          const key = [connection.name, childSa.name, ...childSa.localTs, '===', ...childSa.remoteTs].join(' ');
          if (seen.has(key)) return false;
          seen.add(key);
          return this.#isSilent(this.#count(key, childSa, ids, now), ids, quietLimitMs(connection), now);
        });
      });
    for (const key of this.#traffic.keys()) if (!seen.has(key)) this.#traffic.delete(key);
    return silent.map(({ uniqueId }) => uniqueId);
  }

  /** When findSilent may have something to say without any event; undefined when it will not. */
  get nextDue(): number | undefined {
    return this.#nextDue;
  }

  #count(key: string, { uniqueId, installed }: ChildSa, ids: string, now: number): Traffic {
    const { packetsIn = 0, packetsOut = 0 } = installed ?? {};
    const counted = { uniqueId, packetsIn, packetsOut, ikeSas: ids };
    const first = { ...counted, heardWith: ids, silentSince: null, renewedWith: null };
    const traffic: Traffic = this.#traffic.get(key) ?? first;
    this.#traffic.set(key, traffic);
    const base = traffic.uniqueId === uniqueId ? traffic : { packetsIn: 0, packetsOut: 0 };
    if (packetsIn > base.packetsIn) {
      Object.assign(traffic, { heardWith: traffic.ikeSas, silentSince: null, renewedWith: null });
    } else if (packetsOut > base.packetsOut) {
      traffic.silentSince ??= now;
    }
    return Object.assign(traffic, counted);
  }

  #isSilent(traffic: Traffic, ids: string, quietMs: number, now: number): boolean {
    if (traffic.silentSince === null || traffic.renewedWith === ids) return false;
    const due = traffic.silentSince + (traffic.heardWith === ids ? quietMs : suspectMs);
    if (now >= due) {
      traffic.renewedWith = ids;
      return true;
    }
    if (Number.isFinite(due)) this.#nextDue = Math.min(this.#nextDue ?? due, due);
    return false;
  }
}

/** The newest first, which is the one that sends. */
function installedOf(ikeSas: readonly IkeSa[]): ChildSa[] {
  return ikeSas
    .filter(({ state }) => state === 'ESTABLISHED')
    .flatMap(({ childSas }) => childSas.filter(({ state }) => state === 'INSTALLED'))
    .sort((x, y) => y.uniqueId - x.uniqueId);
}

function quietLimitMs({ plan }: WatchedConnection): number {
  return plan.dpdDelaySeconds === 0 ? Infinity : plan.dpdTimeoutSeconds * 1000 + afterDpdMs;
}
