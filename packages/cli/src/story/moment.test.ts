import { describe, expect, it } from 'vitest';
import { readMoment, readSince } from './moment.ts';

const now = new Date(2026, 10, 22, 12, 0, 0);
const local = (day: number, hours: number, minutes: number, seconds = 0) =>
  new Date(2026, 10, day, hours, minutes, seconds).getTime();

describe('a moment', () => {
  it.each([
    ['02:35', local(22, 2, 35), 60_000],
    ['2:35:10', local(22, 2, 35, 10), 1000],
    ['12:00', local(22, 12, 0), 60_000],
    // Still to come today.
    ['12:01', local(21, 12, 1), 60_000],
    ['2026-11-20T02:35', local(20, 2, 35), 60_000],
    ['2026-11-20 02:35:10', local(20, 2, 35, 10), 1000],
    ['2026-11-20T02:35:10Z', Date.UTC(2026, 10, 20, 2, 35, 10), 1000],
    ['2026-11-20T02:35:10.500+01:00', Date.UTC(2026, 10, 20, 1, 35, 10, 500), 1000],
  ])('%s is read', (text, from, lengthMs) => {
    expect(readMoment('--at', text, now)).toEqual({ from, to: from + lengthMs });
  });

  it.each(['24:00', '02:60', '2', 'yesterday', '2026-11-31T00:00:00Z1', '2026-13-01T00:00', ''])(
    '%s is refused by name',
    (text) => expect(() => readMoment('--at', text, now)).toThrow(`--at ${text}: a time such as`),
  );

  it('that is still to come is refused', () => {
    for (const text of ['2026-11-22T12:01', '2026-11-23 02:35:10', '2036-01-01T00:00:00Z']) {
      expect(() => readMoment('--at', text, now)).toThrow(`--at ${text} is still to come: it is `);
      expect(() => readSince('--since', text, now)).toThrow(`--since ${text} is still to come`);
    }
    expect(readMoment('--at', '2026-11-22T12:00', now).from).toBe(now.getTime());
  });

  it('may be so long ago', () => {
    expect(readSince('--since', '90s', now)).toBe(now.getTime() - 90_000);
    expect(readSince('--since', '2d', now)).toBe(now.getTime() - 172_800_000);
    expect(readSince('--since', '02:35', now)).toBe(local(22, 2, 35));
    expect(() => readSince('--since', '2w', now)).toThrow('--since 2w');
  });
});
