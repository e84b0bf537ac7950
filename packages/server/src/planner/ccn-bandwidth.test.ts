import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Ccn } from '../domain/ccn/ccn.ts';
import { defaultLimitMbps, type CcnBandwidthLimit } from '../domain/ccn/ccn-bandwidth-limit.ts';
import type { Rows } from '../image/rows.ts';
import { rowsOf } from '../../testing/image-of.ts';
import { planCcnBandwidth } from './ccn-bandwidth.ts';
import { planCcn } from './ccn.ts';
import { ccnScenario } from '../../testing/simulation/ccn-worlds.ts';

const { desired } = ccnScenario({ tunnels: [] });
const ccn = desired.ccns[0]!;
const ids = desired.ccnAttachments.map(({ instance }) => instance.id);

/** The instances of the scenario in these regions, one after the other, and limits as `region` or `region>peer`. */
function inRegions(regions: readonly string[], limits: Readonly<Record<string, number>> = {}): Rows {
  const ccnAttachments = desired.ccnAttachments.map((one, at) => ({ ...one, region: regions[at] ?? one.region }));
  const ccnBandwidthLimits = Object.entries(limits).map(([scope, limitMbps]): CcnBandwidthLimit => {
    const [region = '', peerRegion = null] = scope.split('>');
    return { ccnId: ccn.id, region, peerRegion, limitMbps, createdAt: 0 };
  });
  return rowsOf({ ...desired, ccnAttachments, ccnBandwidthLimits });
}

const classesOf = (rows: Rows, of: Ccn = ccn) =>
  planCcnBandwidth(of, rows).links.flatMap((link) => (link.kind === 'ifb' ? link.classes : []));
const limitsOf = (rows: Rows, of: Ccn = ccn) =>
  Object.fromEntries(classesOf(rows, of).map(({ limits, limitMbps }) => [limits, limitMbps]));
const interRegion: Ccn = { ...ccn, bandwidthLimit: 'inter-region' };

test('a CCN of one region has nothing of it, whatever is set', () => {
  const rows = inRegions(['local', 'local', 'local', 'local'], { local: 20, elsewhere: 10 });
  expect(planCcn(ccn, rows)).toEqual(planCcn(ccn, inRegions(['local', 'local', 'local', 'local'])));
  expect(planCcn(ccn, rows).links.map(({ kind }) => kind)).toEqual(['loopback', ...ids.map(() => 'veth-peer')]);
  expect(JSON.stringify(planCcn(ccn, rows).filter)).not.toContain('limitClass');
});

test('out of each region: what is set, or the default', () => {
  const rows = inRegions(['ap-a', 'ap-b', 'ap-b', 'ap-c'], { 'ap-b': 20, 'ap-x': 5 });
  expect(limitsOf(rows)).toEqual({ 'out of ap-a': 1000, 'out of ap-b': 20, 'out of ap-c': 1000 });
});

test('between regions: each pair in both directions on its own', () => {
  const rows = inRegions(['ap-a', 'ap-b', 'ap-b', 'ap-c'], { 'ap-b>ap-a': 20, 'ap-c>ap-x': 5 });
  expect(limitsOf(rows, interRegion)).toEqual({
    ...{ 'ap-a to ap-b': 20, 'ap-b to ap-a': 20 },
    ...{ 'ap-a to ap-c': defaultLimitMbps, 'ap-c to ap-a': defaultLimitMbps },
    ...{ 'ap-b to ap-c': defaultLimitMbps, 'ap-c to ap-b': defaultLimitMbps },
  });
});

test('a limit that changes, or another region that comes, moves no other limit', () => {
  const names = (rows: Rows) => new Map(classesOf(rows).map(({ limits, classId }) => [limits, classId]));
  const before = names(inRegions(['ap-a', 'ap-b', 'ap-b', 'ap-b']));
  const after = names(inRegions(['ap-a', 'ap-b', 'ap-b', 'aa-z'], { 'ap-a': 20 }));
  for (const [limits, classId] of before) expect(after.get(limits)).toBe(classId);
});

const regions = fc.array(fc.constantFrom('ap-a', 'ap-b', 'ap-c'), { minLength: 4, maxLength: 4 });

test('a packet meets exactly one limit when it changes its region, and none when it does not', () => {
  fc.assert(
    fc.property(regions, fc.constantFrom(ccn, interRegion), (places, of) => {
      const plan = planCcnBandwidth(of, inRegions(places));
      const classes = classesOf(inRegions(places), of);
      for (const [i, from] of ids.entries()) {
        for (const [o, to] of ids.entries()) {
          const met = plan.rules.filter(({ matches }) => {
            const isAmong = (field: string, id: string) =>
              matches.some(
                (match) => 'field' in match && match.field === field && 'in' in match && match.in.includes(id),
              );
            return isAmong('iifname', from) && isAmong('oifname', to);
          });
          expect(met).toHaveLength(places[i] === places[o] ? 0 : 1);
          const limits = of === ccn ? `out of ${places[i]!}` : `${places[i]!} to ${places[o]!}`;
          const classId = classes.find((one) => one.limits === limits)?.classId;
          for (const { actions } of met) expect(actions).toEqual([{ limitClass: classId }]);
        }
      }
      expect(new Set(classes.map(({ classId }) => classId)).size).toBe(classes.length);
    }),
  );
});
