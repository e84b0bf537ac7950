import { describe, expect, it } from 'vitest';
import {
  checkDrillAnswer,
  checkProofAnswer,
  checkProposalsAnswer,
  checkRecordedPage,
  checkSasAnswer,
} from './contract.ts';

const suite = { encryption: 'aes256', integrity: 'sha256', prf: 'sha256', group: 14 };
const way = { source: '10.0.1.10', destination: '192.168.1.10' };
const counts = { sent: 5, answered: 5 };
const line = { id: 1, subject: 'vpnx-00000001', kind: 'ike', at: 0, ageMs: 10, text: 'parsed', detail: {} };

const answers = [
  {
    check: checkProposalsAnswer,
    what: 'answer about proposals',
    answer: {
      ...{ verdict: 'accepts', offered: suite, suite, settable: null, isComplete: true },
      ...{ also: { encryption: [], integrity: [], prf: [], group: [] }, messages: 3, halfOpen: 0, ageMs: 10 },
    },
  },
  {
    check: checkProofAnswer,
    what: 'answer about a path',
    answer: { ...way, ...counts, arrived: 5, delay: null, refusals: [], routers: ['10.0.1.1', null], ageMs: 10 },
  },
  {
    check: checkDrillAnswer,
    what: 'answer about a drill',
    answer: { ...way, ...counts, longestLoss: 0, isWhole: true },
  },
  {
    check: checkSasAnswer,
    what: 'answer about SAs',
    answer: { ageMs: 10, counts: { ikeSas: 0, childSas: 0 }, ikeSas: [] },
  },
  {
    check: checkRecordedPage,
    what: 'page of the flight recorder',
    answer: { lines: [line], next: 2, isLast: false, storySinceAgeMs: null },
  },
];

describe.each(answers)('$what', ({ check, what, answer }) => {
  it('is taken as it is', () => {
    expect(check(answer)).toBe(answer);
  });

  it('is refused where something is missing of it or is something else, by the name of what it should be', () => {
    for (const key of Object.keys(answer)) {
      expect(() => check({ ...answer, [key]: undefined })).toThrow(`no ${what}: `);
      expect(() => check({ ...answer, [key]: { 'no such thing': 'x'.repeat(5000) } })).toThrow(`no ${what}: `);
    }
  });

  it.each([null, 7, 'text', [], {}])('is not %j', (heard) => {
    expect(() => check(heard)).toThrow(`no ${what}: `);
  });
});

it('holds no more of a path than routers there can be, nor addresses that are none', () => {
  const proof = answers[1]?.answer;
  expect(() => checkProofAnswer({ ...proof, routers: Array(41).fill(null) })).toThrow('/routers');
  expect(() => checkProofAnswer({ ...proof, source: '10.0.1.10; reboot' })).toThrow('/source');
});
