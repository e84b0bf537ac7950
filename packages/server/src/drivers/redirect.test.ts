import { describe, expect, it } from 'vitest';
import type { LinkPlan } from '../plan/plan.ts';
import { diffRedirects, parseTarget } from './redirect.ts';

/** `tc -json filter show dev X egress`, iproute2 6.1 on Linux 6.18. */
const captured = (target: string) =>
  JSON.parse(
    `[{"protocol":"ip","pref":76,"kind":"u32","chain":0},{"protocol":"ip","pref":76,"kind":"u32","chain":0,"options":{"fh":"800:","ht_divisor":1}},{"protocol":"ip","pref":76,"kind":"u32","chain":0,"options":{"fh":"800::800","order":2048,"key_ht":"800","bkt":"0","not_in_hw":true,"actions":[{"order":1,"kind":"mirred","mirred_action":"redirect","direction":"egress","to_dev":"${target}","control_action":{"type":"stolen"},"index":1,"ref":1,"bind":1}]}}]`,
  ) as unknown[];

const link = (redirect?: string): LinkPlan => ({
  kind: 'veth-peer',
  name: 'vpc-a',
  addresses: [],
  ...(redirect !== undefined && { redirect }),
});
const there = new Set(['vpc-a']);
const has = (target: string | null) => [{ device: 'vpc-a', target }];
const [clsact, remove] = ['qdisc add dev vpc-a clsact', 'filter delete dev vpc-a egress pref 76'];
const add =
  'filter add dev vpc-a egress pref 76 protocol ip u32 match u32 0 0 action mirred egress redirect dev limits';

describe('redirects', () => {
  it('are read from the parts of a filter', () => {
    expect(parseTarget(captured('limits'))).toBe('limits');
    expect(parseTarget(captured('*'))).toBe('*');
    expect(parseTarget([])).toBeNull();
  });

  it('are added where they are missing, once', () => {
    expect(diffRedirects([link('limits')], [], there)).toEqual([clsact, add]);
    expect(diffRedirects([link('limits')], has(null), there)).toEqual([add]);
    expect(diffRedirects([link('limits')], has('limits'), there)).toEqual([]);
    expect(diffRedirects([link('limits')], [], new Set())).toEqual([]);
  });

  it('are made again when the other device was, and removed when nobody wants them', () => {
    expect(diffRedirects([link('limits')], has('*'), there)).toEqual([remove, add]);
    expect(diffRedirects([link()], has('limits'), there)).toEqual(['qdisc delete dev vpc-a clsact']);
    expect(diffRedirects([link()], [], there)).toEqual([]);
  });
});
