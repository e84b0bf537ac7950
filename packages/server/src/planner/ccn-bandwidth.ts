import { attachedRegions, regionLimitsOf } from '../derive/region-limits.ts';
import type { Ccn, CcnInstance } from '../domain/ccn/ccn.ts';
import type { Rows } from '../image/rows.ts';
import { digestNumber } from '../domain/digest-id.ts';
import type { FilterRule } from '../plan/packet-filter.ts';
import { isIn, when } from './filter-words.ts';
import { limits } from '../plan/names.ts';
import type { LimitClassPlan, LinkPlan } from '../plan/plan.ts';

/**
 * How a CCN keeps its limits. All instances send what leaves the CCN by them through one device first, where each limit
 * is a class; the packet filter tells which class a packet that changes its region belongs to. Others pass without a
 * limit. A CCN of one region has none of it.
 */
export interface CcnBandwidthPlan {
  readonly links: readonly LinkPlan[];
  /** Who belongs to which class. */
  readonly rules: readonly FilterRule[];
  /** The device that instances send to first; null where nothing is limited. */
  readonly device: string | null;
}

/** Packets of one limit: out of a region, or from one region to another. Limits of a pair hold once in each direction. */
interface LimitedPath {
  readonly from: string;
  /** Null: any other region. */
  readonly to: string | null;
  readonly limitMbps: number;
}

const device = limits;

export function planCcnBandwidth(ccn: Ccn, rows: Rows): CcnBandwidthPlan {
  if (attachedRegions(ccn.id, rows).length < 2) return { links: [], rules: [], device: null };
  const attachments = rows.ccnAttachments.of('ccn', ccn.id);
  const regionOf = new Map(attachments.map(({ instance, region }) => [instance.id, region]));
  const paths = limitedPaths(ccn, rows);
  const classes = planClasses(paths);
  return {
    links: [{ kind: 'ifb', name: device, classes, addresses: [] }],
    rules: paths.map((path, index) => classify(path, classes[index], regionOf)),
    device,
  };
}

function limitedPaths(ccn: Ccn, rows: Rows): LimitedPath[] {
  return regionLimitsOf(ccn, rows)
    .filter(({ isAttached }) => isAttached)
    .flatMap(({ region, peerRegion, limitMbps }): LimitedPath[] =>
      peerRegion === null
        ? [{ from: region, to: null, limitMbps }]
        : [
            { from: region, to: peerRegion, limitMbps },
            { from: peerRegion, to: region, limitMbps },
          ],
    )
    .sort((a, b) => (describe(a) < describe(b) ? -1 : 1));
}

/** Minor numbers of classes are 16 bits; 0 is the qdisc itself, the last one means something else to the kernel. */
const classNumbers = 0xfffe;

/** Numbers come from the names alone, so that no class moves when another one comes or goes. */
function planClasses(paths: readonly LimitedPath[]): LimitClassPlan[] {
  const taken = new Set<number>();
  return paths.map((path) => {
    let number = 1 + (digestNumber(describe(path)) % classNumbers);
    while (taken.has(number)) number = 1 + (number % classNumbers);
    taken.add(number);
    return { classId: `1:${number.toString(16)}`, limits: describe(path), limitMbps: path.limitMbps };
  });
}

function classify(
  path: LimitedPath,
  limitClass: LimitClassPlan | undefined,
  regionOf: ReadonlyMap<CcnInstance['id'], string>,
): FilterRule {
  const devicesIn = (isWanted: (region: string) => boolean) =>
    [...regionOf].flatMap(([id, region]) => (isWanted(region) ? [id] : []));
  const sources = devicesIn((region) => region === path.from);
  const targets = devicesIn((region) => (path.to === null ? region !== path.from : region === path.to));
  const { classId = '', limits: comment = '' } = limitClass ?? {};
  return { ...when(isIn('iifname', sources), isIn('oifname', targets)).do({ limitClass: classId }), comment };
}

function describe({ from, to }: Pick<LimitedPath, 'from' | 'to'>): string {
  return to === null ? `out of ${from}` : `${from} to ${to}`;
}
