import { attachedRegions, regionLimitsOf } from '../domain/ccn-bandwidth-limit.ts';
import type { Ccn, CcnInstance } from '../domain/ccn.ts';
import type { DesiredState } from '../domain/desired-state.ts';
import { digestNumber } from '../domain/digest-id.ts';
import type { LinkPlan, RedirectPlan } from './plan.ts';

/**
 * How a CCN keeps its limits: a packet that leaves a region is marked on its way through the packet filter, and goes
 * through the one device of its limit before it leaves by the device of its instance. Packets that stay in their
 * region meet none of it, and a CCN of one region has none of it.
 */
export interface CcnBandwidthPlan {
  /** A device for each limit. */
  readonly links: readonly LinkPlan[];
  /** Lines of nft: who is marked. */
  readonly marks: readonly string[];
  /** What takes marked packets out of the way at the device of an instance. */
  readonly redirectsOf: (id: CcnInstance['id']) => readonly RedirectPlan[];
}

/** Packets of one limit: out of a region, or from one region to another. Limits of a pair hold once in each direction. */
interface LimitedPath {
  readonly from: string;
  /** Null: any other region. */
  readonly to: string | null;
  readonly limitMbps: number;
  /** The packets' mark; part of the device's name. */
  readonly mark: number;
}

type UnmarkedPath = Omit<LimitedPath, 'mark'>;

export function planCcnBandwidth(ccn: Ccn, desired: DesiredState): CcnBandwidthPlan {
  const attachments = desired.ccnAttachments.filter(({ ccnId }) => ccnId === ccn.id);
  const regionOf = new Map(attachments.map(({ instance, region }) => [instance.id, region]));
  const paths = limitedPaths(ccn, desired);
  return {
    links: paths.map(planDevice),
    marks: paths.map((path) => renderMark(path, regionOf)),
    redirectsOf: (id) =>
      paths
        .filter((path) => leadsTo(path, regionOf.get(id)))
        .map((path) => ({ mark: path.mark, device: deviceName(path) })),
  };
}

function limitedPaths(ccn: Ccn, desired: DesiredState): LimitedPath[] {
  if (attachedRegions(ccn.id, desired).length < 2) return [];
  const paths = regionLimitsOf(ccn, desired)
    .filter(({ isAttached }) => isAttached)
    .flatMap(({ region, peerRegion, limitMbps }): UnmarkedPath[] =>
      peerRegion === null
        ? [{ from: region, to: null, limitMbps }]
        : [
            { from: region, to: peerRegion, limitMbps },
            { from: peerRegion, to: region, limitMbps },
          ],
    );
  return withMarks(paths.sort((a, b) => (describe(a) < describe(b) ? -1 : 1)));
}

const marks = 65_535;

/** From the names alone, so that no limit's device moves when another comes or goes. */
function withMarks(paths: readonly UnmarkedPath[]): LimitedPath[] {
  const taken = new Set<number>();
  return paths.map((path) => {
    let mark = 1 + (digestNumber(describe(path)) % marks);
    while (taken.has(mark)) mark = 1 + (mark % marks);
    taken.add(mark);
    return { ...path, mark };
  });
}

function planDevice(path: LimitedPath): LinkPlan {
  return {
    kind: 'ifb',
    name: deviceName(path),
    alias: describe(path),
    egressLimitMbps: path.limitMbps,
    addresses: [],
  };
}

function deviceName({ mark }: Pick<LimitedPath, 'mark'>): string {
  return `limit-${mark}`;
}

function renderMark(path: LimitedPath, regionOf: ReadonlyMap<CcnInstance['id'], string>): string {
  const names = (isWanted: (region: string) => boolean) =>
    [...regionOf].flatMap(([id, region]) => (isWanted(region) ? [`"${id}"`] : [])).join(', ');
  const sources = names((region) => region === path.from);
  const targets = names((region) => leadsTo(path, region));
  return `iifname { ${sources} } oifname { ${targets} } meta mark set ${path.mark} comment "${describe(path)}"`;
}

function leadsTo({ from, to }: Pick<LimitedPath, 'from' | 'to'>, region: string | undefined): boolean {
  return to === null ? region !== from : region === to;
}

function describe({ from, to }: Pick<LimitedPath, 'from' | 'to'>): string {
  return to === null ? `out of ${from}` : `${from} to ${to}`;
}
