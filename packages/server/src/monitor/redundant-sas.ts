import type { ChildSa, IkeSa } from '@landbridge/vici';

/** SAs of one connection that another one makes superfluous. */
export interface RedundantSas {
  /** IKE_SAs all of whose CHILD_SAs are superfluous. */
  readonly ikeIds: readonly number[];
  readonly childIds: readonly number[];
}

interface Candidate {
  readonly ikeSa: IkeSa;
  readonly childSa: ChildSa;
}

/**
 * Ages this close mean that both ends started at once; then age is no order that both would agree on. A peer that
 * restarted takes longer to come back (if not, dead peer detection finds out that the wrong one was kept).
 */
const sameAgeSeconds = 2;

/**
 * Two installed CHILD_SAs of one name: the peer restarted (then the newest is the one it knows), or both ends started
 * at once (then both ends must keep the same one: the one whose SPIs are higher).
 */
export function findRedundantSas(ikeSas: readonly IkeSa[]): RedundantSas {
  const candidates = ikeSas
    .filter(({ state }) => state === 'ESTABLISHED')
    .flatMap((ikeSa) =>
      ikeSa.childSas.filter(({ state }) => state === 'INSTALLED').map((childSa) => ({ ikeSa, childSa })),
    );
  const losers = [...Map.groupBy(candidates, ({ childSa }) => childSa.name).values()].flatMap((group) => {
    const keeper = chooseKeeper(group);
    return group.filter((candidate) => candidate !== keeper);
  });
  const lost = new Set(losers.map(({ childSa }) => childSa.uniqueId));
  const emptied = ikeSas.filter(
    ({ state, childSas }) =>
      state === 'ESTABLISHED' && childSas.length > 0 && childSas.every(({ uniqueId }) => lost.has(uniqueId)),
  );
  const emptiedIds = new Set(emptied.map(({ uniqueId }) => uniqueId));
  return {
    ikeIds: [...emptiedIds],
    childIds: losers.filter(({ ikeSa }) => !emptiedIds.has(ikeSa.uniqueId)).map(({ childSa }) => childSa.uniqueId),
  };
}

function chooseKeeper(group: readonly Candidate[]): Candidate | undefined {
  const newest = Math.min(...group.map(age));
  const contenders = group.filter((candidate) => age(candidate) - newest <= sameAgeSeconds);
  return contenders.reduce<Candidate | undefined>(
    (best, candidate) => (best === undefined || rank(candidate) > rank(best) ? candidate : best),
    undefined,
  );
}

function age({ childSa }: Candidate): number {
  return childSa.installed?.installTimeSeconds ?? 0;
}

/** The same on both ends, where inbound and outbound are swapped. */
function rank({ ikeSa, childSa }: Candidate): string {
  const spis = [childSa.installed?.spiIn ?? 0, childSa.installed?.spiOut ?? 0].sort((x, y) => y - x);
  return [ikeSa.initiatorSpi, ...spis.map((spi) => spi.toString(16).padStart(8, '0'))].join(' ');
}
