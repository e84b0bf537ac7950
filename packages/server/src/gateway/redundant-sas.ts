import type { ChildSa, IkeSa } from '@landbridge/vici';

/** SAs of one connection that it can do without. */
export interface RedundantSas {
  /** IKE_SAs all of whose CHILD_SAs are redundant. */
  readonly ikeIds: readonly number[];
  readonly childIds: readonly number[];
}

interface Candidate {
  readonly ikeSa: IkeSa;
  readonly childSa: ChildSa;
}

const none: RedundantSas = { ikeIds: [], childIds: [] };

/** Ages this close mean that both ends started at once. */
const sameAgeSeconds = 2;
/** IKE_SAs with equal CHILD_SAs: two ends that each opened one, and what a restarted peer forgot. */
const mostIkeSas = 4;
/** CHILD_SAs with equal selectors in one IKE_SA (RFC 4301 section 4.1: one for each class of traffic). */
const mostEqualChildSas = 8;
/** CHILD_SAs of any selectors that a peer may open inside of one child of the plan. */
const mostChildSas = 256;

/**
 * What two ends made that started at once: IKE_SAs with CHILD_SAs of the same selectors, one begun here and one there. Both
 * ends must keep the same one: that of the higher SPI (RFC 7296 section 2.8.1). All others are somebody's wish: one for
 * each pair of ranges, for each class of traffic, or an IKE_SA that was opened again.
 */
export function findCollisionSas(ikeSas: readonly IkeSa[]): RedundantSas {
  if (ikeSas.length < 2) return none;
  const losers = groupBySelectors(ikeSas).flatMap((group) => {
    const newest = Math.min(...group.map(age));
    const contenders = group.filter((candidate) => age(candidate) - newest <= sameAgeSeconds);
    if (new Set(contenders.map(({ ikeSa }) => ikeSa.role)).size < 2) return [];
    const highest = contenders.map(rank).reduce((best, other) => (other > best ? other : best));
    return contenders.filter((candidate) => rank(candidate) !== highest);
  });
  return collect(ikeSas, losers);
}

/** What is more than any peer needs: the oldest of what is equal, the newest of what is not. */
export function findExcessSas(ikeSas: readonly IkeSa[]): RedundantSas {
  if (isFew(ikeSas)) return none;
  const equals = groupBySelectors(ikeSas).flatMap((group) => {
    const byIkeSa = [...Map.groupBy(group, ({ ikeSa }) => ikeSa.uniqueId).values()];
    const perIkeSa = byIkeSa.flatMap((own) => own.toSorted(byAge).slice(mostEqualChildSas));
    return [
      ...perIkeSa,
      ...byIkeSa
        .toSorted(([x], [y]) => byAge(x, y))
        .slice(mostIkeSas)
        .flat(),
    ];
  });
  const byChild = [...Map.groupBy(candidatesOf(ikeSas), ({ childSa }) => childSa.name).values()];
  const others = byChild.filter(({ length }) => length > mostChildSas).flatMap(excessOfChild);
  const idle = ikeSas.filter(isIdle).toSorted((x, y) => ikeAge(x) - ikeAge(y));
  const redundant = collect(ikeSas, [...equals, ...others]);
  return { ...redundant, ikeIds: [...redundant.ikeIds, ...idle.slice(mostIkeSas).map(({ uniqueId }) => uniqueId)] };
}

/** Not enough of anything to be in excess: as it mostly is. */
function isFew(ikeSas: readonly IkeSa[]): boolean {
  const childSas = ikeSas.reduce((count, ikeSa) => count + ikeSa.childSas.length, 0);
  return ikeSas.length <= mostIkeSas && childSas <= mostEqualChildSas;
}

/** First what has an equal that is younger: a peer that restarted has opened all of its own again. */
function excessOfChild(group: readonly Candidate[]): Candidate[] {
  const outdated = new Set(
    [...Map.groupBy(group, selectorsOf).values()].flatMap((equals) => equals.toSorted(byAge).slice(1)),
  );
  const [kept, spare] = [false, true].map((isOutdated) =>
    group
      .filter((candidate) => outdated.has(candidate) === isOutdated)
      .sort((x, y) => x.childSa.uniqueId - y.childSa.uniqueId),
  );
  return [...(kept ?? []), ...(spare ?? [])].slice(mostChildSas);
}

function candidatesOf(ikeSas: readonly IkeSa[]): Candidate[] {
  return ikeSas
    .filter(({ state }) => state === 'ESTABLISHED')
    .flatMap((ikeSa) =>
      ikeSa.childSas.filter(({ state }) => state === 'INSTALLED').map((childSa) => ({ ikeSa, childSa })),
    );
}

/** Groups of two and more. */
function groupBySelectors(ikeSas: readonly IkeSa[]): Candidate[][] {
  return [...Map.groupBy(candidatesOf(ikeSas), selectorsOf).values()].filter(({ length }) => length > 1);
}

function selectorsOf({ childSa }: Candidate): string {
  return [childSa.name, ...childSa.localTs.toSorted(), '===', ...childSa.remoteTs.toSorted()].join(' ');
}

/** An IKE_SA goes whole when nothing is left in it. */
function collect(ikeSas: readonly IkeSa[], losers: readonly Candidate[]): RedundantSas {
  const lost = new Set(losers.map(({ childSa }) => childSa.uniqueId));
  const emptied = new Set(
    ikeSas
      .filter(
        ({ state, childSas }) =>
          state === 'ESTABLISHED' && childSas.length > 0 && childSas.every(({ uniqueId }) => lost.has(uniqueId)),
      )
      .map(({ uniqueId }) => uniqueId),
  );
  const left = losers.filter(({ ikeSa }) => !emptied.has(ikeSa.uniqueId)).map(({ childSa }) => childSa.uniqueId);
  return { ikeIds: [...emptied], childIds: [...new Set(left)] };
}

/** Without CHILD_SAs and without anything to do. */
function isIdle({ state, childSas, tasksActive, tasksQueued, tasksPassive }: IkeSa): boolean {
  const tasks = tasksActive.length + tasksQueued.length + tasksPassive.length;
  return state === 'ESTABLISHED' && childSas.length === 0 && tasks === 0;
}

function byAge(x: Candidate | undefined, y: Candidate | undefined): number {
  return (x === undefined ? 0 : age(x)) - (y === undefined ? 0 : age(y));
}

function age({ childSa }: Candidate): number {
  return childSa.installed?.installTimeSeconds ?? 0;
}

function ikeAge({ establishedSeconds }: IkeSa): number {
  return establishedSeconds ?? 0;
}

/** The same on both ends. */
function rank({ ikeSa }: Candidate): string {
  return `${ikeSa.initiatorSpi} ${ikeSa.responderSpi}`;
}
