import { parseIpAddress } from '@landbridge/net';
import { describe, expect, it } from 'vitest';
import { readPingReport } from './ping-report.ts';

const destination = parseIpAddress('10.0.2.7');
const report = (...lines: readonly string[]) => readPingReport(lines.join('\n'), destination);
const head = 'PING 10.0.2.7 (10.0.2.7) 56(84) bytes of data.';
const rule = '--- 10.0.2.7 ping statistics ---';
const answer = (sequence: number, ms: string, more = '') =>
  `64 bytes from 10.0.2.7: icmp_seq=${sequence} ttl=63 time=${ms} ms${more}`;

describe('of what ping says', () => {
  it('answers and their delays are told, each request’s first one', () => {
    const said = report(
      ...[head, answer(1, '0.081'), answer(2, '0.120'), answer(2, '9.0', ' (DUP!)'), answer(4, '0.060'), '', rule],
      '4 packets transmitted, 3 received, +1 duplicates, 25% packet loss, time 603ms',
      'rtt min/avg/max/mdev = 0.060/0.087/0.120/0.025 ms',
    );
    expect(said).toEqual({
      ...{ sent: 4, answered: 3, longestLoss: 1, refusals: [] },
      delay: { leastMs: 0.06, meanMs: 0.087, mostMs: 0.12 },
    });
  });

  it('the longest loss is told, wherever it is, and whatever overtook what', () => {
    const lost = (sent: number, ...answered: readonly number[]) =>
      report(head, ...answered.map((n) => answer(n, '0.1')), rule, `${sent} packets transmitted, x received`)
        .longestLoss;
    expect(lost(3, 1, 2, 3)).toBe(0);
    expect(lost(9, 1, 2, 6, 7, 9)).toBe(3);
    expect(lost(9, 4, 3, 5)).toBe(4);
    expect(lost(5, 4, 5)).toBe(3);
  });

  it('silence is no answer, and neither is another’s', () => {
    const said = report(
      ...[head, '64 bytes from 10.0.2.8: icmp_seq=1 ttl=63 time=0.081 ms (DIFFERENT ADDRESS!)', '', rule],
      '2 packets transmitted, 0 received, 100% packet loss, time 1019ms',
    );
    expect(said).toEqual({ sent: 2, answered: 0, longestLoss: 2, delay: null, refusals: [] });
  });

  it('errors are told by who sent them and what they say, how often each', () => {
    const said = report(
      head,
      'From 10.0.1.1 icmp_seq=1 Destination Net Unreachable',
      'From 10.0.1.1 icmp_seq=2 Destination Net Unreachable',
      'From 192.168.1.1 icmp_seq=3 Packet filtered',
      'From nobody icmp_seq=3 Packet filtered',
      ...['', rule, '3 packets transmitted, 0 received, +3 errors, 100% packet loss, time 2044ms'],
    );
    expect(said.refusals).toEqual([
      { from: '10.0.1.1', message: 'Destination Net Unreachable', packets: 2 },
      { from: '192.168.1.1', message: 'Packet filtered', packets: 1 },
    ]);
  });

  it('no more is kept than there is room for, whoever sends errors', () => {
    const many = Array.from({ length: 300 }, (_, n) => `From 10.9.${n >> 8}.${n & 255} icmp_seq=1 ${'x'.repeat(200)}`);
    const { refusals } = report(head, ...many, rule, '1 packets transmitted, 0 received, 100% packet loss, time 0ms');
    expect(refusals).toHaveLength(5);
    expect(refusals[0]?.message).toHaveLength(80);
  });

  it('that it did not come to its end is no report', () => {
    expect(() => report(head, answer(1, '0.1'))).toThrow(/did not come to its end/);
    expect(() => report('ping: connect: Network is unreachable')).toThrow(/Network is unreachable/);
  });
});
