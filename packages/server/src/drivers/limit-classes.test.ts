import { describe, expect, it } from 'vitest';
import type { LinkPlan } from '../plan/plan.ts';
import { diffLimits, parseRates, type ActualLimits } from './limit-classes.ts';

/** `tc class show dev X`, iproute2 6.1 on Linux 6.18. */
const captured = `class htb 1:a root leaf 8001: prio 0 rate 20Mbit ceil 20Mbit burst 131050b cburst 131050b 
class htb 1:b root leaf 8002: prio 0 rate 1001Mbit ceil 1001Mbit burst 500Kb cburst 500Kb 
class htb 1:fffe root leaf 8003: prio 0 rate 100Gbit ceil 100Gbit burst 49987500b cburst 49987500b 
`;
const link = (limits: Readonly<Record<string, number>>): LinkPlan => ({
  ...{ kind: 'ifb', name: 'limits', addresses: [] },
  classes: Object.entries(limits).map(([classId, limitMbps]) => ({ classId, limits: '', limitMbps })),
});
const there = new Set(['limits']);
const actual: ActualLimits = {
  device: 'limits',
  rates: new Map([
    ['1:a', 2_500_000],
    ['1:b', 125_000_000],
  ]),
  queues: new Map([
    ['1:a', 125_000 + 131_072],
    ['1:b', 6_250_000 + 500_000],
  ]),
};

describe('classes of limits', () => {
  it('are read with their rates', () => {
    expect([...parseRates(captured)]).toEqual([
      ['1:a', 2_500_000],
      ['1:b', 125_125_000],
      ['1:fffe', 12_500_000_000],
    ]);
  });

  it('are all made on a new device', () => {
    expect(diffLimits([link({ '1:a': 20 })], [], there)).toEqual([
      'qdisc replace dev limits root handle 1: htb default 0 direct_qlen 1000',
      'class replace dev limits parent 1: classid 1:a htb rate 20mbit burst 131072 cburst 131072 quantum 65536',
      'qdisc replace dev limits parent 1:a bfifo limit 256072',
    ]);
    expect(diffLimits([link({ '1:a': 20 })], [], new Set())).toEqual([]);
  });

  it('change one by one and in place', () => {
    expect(diffLimits([link({ '1:a': 20, '1:b': 1000 })], [actual], there)).toEqual([]);
    expect(diffLimits([link({ '1:a': 30, '1:b': 1000 })], [actual], there)).toEqual([
      'class replace dev limits parent 1: classid 1:a htb rate 30mbit burst 131072 cburst 131072 quantum 65536',
      'qdisc replace dev limits parent 1:a bfifo limit 318572',
    ]);
    expect(diffLimits([link({ '1:a': 20 })], [actual], there)).toEqual(['class delete dev limits classid 1:b']);
    const withoutQueue = { ...actual, queues: new Map() };
    expect(diffLimits([link({ '1:a': 20 })], [withoutQueue], there)[0]).toContain('parent 1:a bfifo');
  });
});
