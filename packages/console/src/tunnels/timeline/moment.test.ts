import { expect, it } from 'vitest';
import type { Line } from './bands.ts';
import { happenedBeside, momentAt, type Past } from './moment.ts';

const start = Date.UTC(2026, 10, 22, 12);
const at = (seconds: number) => start + seconds * 1000;
const time = (seconds: number) => new Date(at(seconds)).toISOString();

const line = (seconds: number, Kind: Line['Kind'], Text: string): Line => ({
  ...{ LineId: Text, Time: time(seconds), ResourceId: 'vpnx-00000001', Kind, Text, State: '' },
  ...{ Finding: null, IsFirst: false, IsOver: false },
});
const point = (seconds: number, CountedMs: number, ProbeLossRatio: number | null, ProbeDelayMs: number | null) => ({
  ...{ Time: time(seconds), CountedMs, InBytes: 1000, InPackets: 1, OutBytes: 500, OutPackets: 1 },
  ...{ ProbeLossRatio, ProbeDelayMs, ConnectedRatio: 1 },
});
const window = { from: at(0), to: at(600) };
const past: Past = {
  traffic: {
    ...{ window, stepSeconds: 60 },
    points: [point(0, 60_000, 0, 10), point(60, 30_000, 1, null), point(120, 0, null, null)],
  },
  bands: [
    { state: 'up', from: at(0), to: at(90), isWhole: false },
    { state: 'refused', from: at(90), to: at(600), isWhole: false },
  ],
  lines: [line(90, 'state', 'refused'), line(90, 'finding', 'wrong key'), line(30, 'event', 'rekeyed')],
};
const moment = (seconds: number, nearSeconds = 5) => momentAt(past, at(seconds), nearSeconds * 1000);

it('a moment is what its step counted and probed, the state of then, and nothing of what is not known', () => {
  expect(moment(0)).toMatchObject({ rate: { in: 8000 / 60, out: 4000 / 60 }, probes: { lossRatio: 0, delayMs: 10 } });
  expect(moment(59.999).band?.state).toBe('up');
  // Counted for half of its step.
  expect(moment(60)).toMatchObject({ rate: { in: 8000 / 30 }, probes: { lossRatio: 1, delayMs: null } });
  expect([moment(89.9).band?.state, moment(90).band?.state]).toEqual(['up', 'refused']);
  expect(moment(120)).toMatchObject({ rate: null, probes: null, line: null, otherLines: 0 });
  expect(moment(180)).toMatchObject({ rate: null, probes: null });
  expect(momentAt({ traffic: null, bands: [], lines: [] }, start, 1000)).toEqual({
    ...{ at: start, rate: null, band: null, probes: null, line: null, otherLines: 0 },
  });
});

it('what happened nearest to it is told if it is near, what happened rather than its state, and how much more there is', () => {
  expect([moment(25).line?.Text, moment(24).line, moment(35).line?.Text]).toEqual(['rekeyed', null, 'rekeyed']);
  expect(moment(88)).toMatchObject({ line: { Text: 'wrong key' }, otherLines: 1 });
  expect(moment(59, 40)).toMatchObject({ line: { Text: 'rekeyed' }, otherLines: 2 });
  expect(moment(61, 40)).toMatchObject({ line: { Text: 'wrong key' }, otherLines: 2 });
});

it('beside it is what happened next and last, within the window', () => {
  const beside = (seconds: number, way: 'earlier' | 'later', to = 600) =>
    happenedBeside(past.lines, { from: at(0), to: at(to) }, at(seconds), way);
  expect([beside(0, 'later'), beside(30, 'later'), beside(90, 'later')]).toEqual([at(30), at(90), null]);
  expect([beside(600, 'earlier'), beside(90, 'earlier'), beside(30, 'earlier')]).toEqual([at(90), at(30), null]);
  expect(beside(30, 'later', 80)).toBe(null);
});
