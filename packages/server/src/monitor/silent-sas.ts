import type { ChildSa, IkeSa } from '@landbridge/vici';

/** So long must nothing come back. */
const silentMs = 5000;

interface Traffic {
  uniqueId: number;
  packetsIn: number;
  packetsOut: number;
  /** When packets first went out and none had come in since; null while that is not so. */
  silentSince: number | null;
  /** The IKE_SAs at the time it was renewed for its silence. */
  renewedWith: string | null;
}

/**
 * IKEv1 has no answer to a DELETE, and hands CHILD_SAs from one IKE_SA to the next without a word: when both ends renew the
 * IKE_SA at once, one can be left with a CHILD_SA that the other has no more, and dead peer detection is content. Such a
 * CHILD_SA sends and nothing comes back. To renew it costs nothing if it was sound after all (traffic that goes one way), so
 * it is renewed once; again when something came back meanwhile, or the IKE_SAs are other ones.
 */
export class SilentSas {
  /** By connection and selectors, which outlive a renewal. */
  readonly #traffic = new Map<string, Traffic>();

  /** Unique ids of CHILD_SAs to renew now. @param ikeSas all of the gateway. */
  findSilent(ikeSas: readonly IkeSa[], now: number): number[] {
    const seen = new Set<string>();
    const silent = [...Map.groupBy(ikeSas.filter(isOldVersion), ({ name }) => name)].flatMap(([, own]) => {
      const ids = own
        .map(({ initiatorSpi }) => initiatorSpi)
        .toSorted()
        .join(' ');
      return own.flatMap((ikeSa) =>
        ikeSa.childSas.filter((childSa) => {
          if (childSa.state !== 'INSTALLED') return false;
          const key = [ikeSa.name, childSa.name, ...childSa.localTs, '===', ...childSa.remoteTs].join(' ');
          if (seen.has(key)) return false;
          seen.add(key);
          return this.#isSilent(key, childSa, ids, now);
        }),
      );
    });
    for (const key of this.#traffic.keys()) if (!seen.has(key)) this.#traffic.delete(key);
    return silent.map(({ uniqueId }) => uniqueId);
  }

  #isSilent(key: string, { uniqueId, installed }: ChildSa, ikeSas: string, now: number): boolean {
    const { packetsIn = 0, packetsOut = 0 } = installed ?? {};
    const traffic = this.#traffic.get(key) ?? { uniqueId, packetsIn, packetsOut, silentSince: null, renewedWith: null };
    this.#traffic.set(key, traffic);
    const isSame = traffic.uniqueId === uniqueId;
    const [newIn, newOut] = isSame
      ? [packetsIn - traffic.packetsIn, packetsOut - traffic.packetsOut]
      : [packetsIn, packetsOut];
    Object.assign(traffic, { uniqueId, packetsIn, packetsOut });
    if (newIn > 0) Object.assign(traffic, { silentSince: null, renewedWith: null });
    else if (newOut > 0) traffic.silentSince ??= now;
    if (newIn > 0 || newOut <= 0 || traffic.silentSince === null || now - traffic.silentSince < silentMs) return false;
    if (traffic.renewedWith === ikeSas) return false;
    traffic.renewedWith = ikeSas;
    return true;
  }
}

function isOldVersion({ version, state }: IkeSa): boolean {
  return version === 1 && state === 'ESTABLISHED';
}
