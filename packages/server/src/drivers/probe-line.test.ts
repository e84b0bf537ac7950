import { expect, test } from 'vitest';
import { parseProbeLine } from './probe-line.ts';

test('lines of fping 5.1 in loop mode', () => {
  expect(parseProbeLine('[1795380158.25309] 10.9.0.2 : [0], 64 bytes, 0.057 ms (0.057 avg, 0% loss)')).toEqual({
    remoteAddress: '10.9.0.2',
    delayMs: 0.057,
  });
  expect(parseProbeLine('[1795379896.09012] 127.0.0.1     : [12], 64 bytes, 46 ms (0.046 avg, 0% loss)')).toEqual({
    remoteAddress: '127.0.0.1',
    delayMs: 46,
  });
  expect(parseProbeLine('[1795380158.35838] 10.9.0.3 : [0], timed out (NaN avg, 100% loss)')).toEqual({
    remoteAddress: '10.9.0.3',
    delayMs: null,
  });
});

test('anything else is no probe', () => {
  for (const line of ['', 'ICMP Host Unreachable from 10.9.0.1 for ICMP Echo sent to 10.9.0.3', '10.9.0.2 : xmt/rcv']) {
    expect(parseProbeLine(line)).toBeNull();
  }
});
