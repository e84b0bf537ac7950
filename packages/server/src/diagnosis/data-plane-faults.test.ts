import type { Cidr } from '@landbridge/net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findDataPlaneFaults, type DataPlaneSight, type ProbeSight } from './data-plane-faults.ts';

const quiet: DataPlaneSight = {
  ...{ inPackets: 0, outPackets: 0, asked: 0, answered: 0, called: 0, accepted: 0 },
  ...{ drops: {}, probe: null, selectors: [], unmapped: null },
};
const answered: ProbeSight = { state: 'available', address: '169.254.1.2', sent: 60, lost: 0, sentMeanwhile: 10 };
const never: ProbeSight = { ...answered, state: 'unknown', lost: 60 };
const lost: ProbeSight = { ...answered, state: 'unavailable', lost: 5 };

function codes(sight: Partial<DataPlaneSight>): string[] {
  return findDataPlaneFaults({ ...quiet, ...sight }).map(({ code }) => code);
}

describe('accuses nobody', () => {
  it.each([
    ['idle', {}],
    ['idle with a health check', { inPackets: 10, outPackets: 10, probe: answered }],
    ['syslog there', { outPackets: 500 }],
    ['syslog from there', { inPackets: 500 }],
    ['traffic', { inPackets: 90, outPackets: 80, asked: 10, answered: 10 }],
    ['a monitor that asks hosts that are off, beside other traffic', { inPackets: 90, outPackets: 99, asked: 10 }],
    ['the same with a health check', { inPackets: 90, outPackets: 99, asked: 10, probe: answered }],
    ['one host that is off', { outPackets: 2, asked: 2 }],
    ['a scan from there that is refused here', { inPackets: 50, called: 50 }],
    ['connections from there that go on', { inPackets: 50, called: 5, accepted: 5, outPackets: 40 }],
    ['a few packets of elsewhere', { drops: { 'unrouted-source': 2 } }],
    ['a packet of ours to another range now and then', { inPackets: 90, outPackets: 90, drops: { unmapped: 4 } }],
    ['a packet of another range now and then', { inPackets: 90, outPackets: 90, drops: { 'outside-mappings': 4 } }],
  ] satisfies [string, Partial<DataPlaneSight>][])('%s', (_, sight) => {
    expect(codes(sight)).toEqual([]);
  });
});

it.each([
  ['esp-not-received', { outPackets: 9, asked: 3 }],
  ['esp-not-received', { outPackets: 9, probe: lost }],
  ['esp-not-delivered', { inPackets: 4, outPackets: 4, called: 4, accepted: 4 }],
  ['peer-network-silent', { inPackets: 10, outPackets: 15, asked: 5, probe: answered }],
  ['probe-no-longer-answered', { inPackets: 10, outPackets: 15, probe: lost }],
  ['probe-never-answered', { outPackets: 15, probe: never }],
  ['traffic-outside-mappings', { drops: { 'outside-mappings': 3 } }],
  ['traffic-outside-mappings', { drops: { unmapped: 3 } }],
  ['traffic-outside-mappings', { inPackets: 2, drops: { unmapped: 2, 'outside-mappings': 1 } }],
  // Probes are no traffic.
  ['traffic-outside-mappings', { inPackets: 10, outPackets: 10, probe: answered, drops: { 'outside-mappings': 3 } }],
  ['sources-dropped', { inPackets: 5, drops: { 'unrouted-source': 5 } }],
] satisfies [string, Partial<DataPlaneSight>][])('%s', (code, sight) => {
  expect(codes(sight)).toEqual([code]);
});

it('what no mapping covers is told with the mappings, a few of many, and with who sent it', () => {
  const selectors = Array.from({ length: 7 }, (_, at) => ({
    ...{ localTs: '10.0.1.0/24' as Cidr, remoteTs: `192.168.${at}.0/24` as Cidr },
  }));
  const [found] = findDataPlaneFaults({
    ...quiet,
    selectors,
    unmapped: '10.0.2.5 → 192.168.1.10',
    outPackets: 1,
    drops: { unmapped: 5, 'outside-mappings': 2 },
  });
  expect(found?.ours).toBe(
    [0, 1, 2, 3, 4]
      .map((at) => `10.0.1.0/24 === 192.168.${at}.0/24`)
      .join(', ')
      .concat(' (+2)'),
  );
  expect(found?.evidence).toBe(
    "5 packets of ours (the newest 10.0.2.5 → 192.168.1.10) and 2 of the peer's were dropped, 1 passed",
  );
});

it('whatever is answered, nobody is accused of answering nothing', () => {
  const count = fc.nat(1000);
  const sight = fc.record({
    ...{
      inPackets: fc.integer({ min: 1, max: 1000 }),
      outPackets: count,
      asked: count,
      called: count,
      accepted: count,
    },
    answered: fc.integer({ min: 1, max: 1000 }),
    probe: fc.constantFrom(null, answered, never, lost),
  });
  fc.assert(
    fc.property(sight, (seen) => {
      const found = codes(seen);
      for (const code of ['esp-not-received', 'esp-not-delivered', 'peer-network-silent']) {
        expect(found).not.toContain(code);
      }
    }),
  );
});
