import { describe, expect, it } from 'vitest';
import type { LinkPlan } from '../planner/plan.ts';
import { diffRedirects, parseFilters } from './redirect.ts';

/** `tc -json filter show dev X egress`, iproute2 6.1 on Linux 6.18: a filter whose device is there, one whose is gone. */
const captured: unknown[] = JSON.parse(
  '[{"protocol":"ip","pref":7,"kind":"u32","chain":0},{"protocol":"ip","pref":7,"kind":"u32","chain":0,"options":{"fh":"800:","ht_divisor":1}},{"protocol":"ip","pref":7,"kind":"u32","chain":0,"options":{"fh":"800::800","order":2048,"key_ht":"800","bkt":"0","not_in_hw":true,"actions":[{"order":1,"kind":"mirred","mirred_action":"redirect","direction":"egress","to_dev":"limit-7","control_action":{"type":"stolen"},"index":1,"ref":1,"bind":1}]}},' +
    '{"protocol":"ip","pref":8,"kind":"u32","chain":0},{"protocol":"ip","pref":8,"kind":"u32","chain":0,"options":{"fh":"801:","ht_divisor":1}},{"protocol":"ip","pref":8,"kind":"u32","chain":0,"options":{"fh":"801::800","order":2048,"key_ht":"801","bkt":"0","not_in_hw":true,"actions":[{"order":1,"kind":"mirred","mirred_action":"redirect","direction":"egress","to_dev":"*","control_action":{"type":"stolen"},"index":2,"ref":1,"bind":1}]}}]',
) as unknown[];

const link = (...marks: number[]): LinkPlan => ({
  kind: 'veth-peer',
  name: 'vpc-a',
  addresses: [],
  ...(marks.length > 0 && { redirects: marks.map((mark) => ({ mark, device: `limit-${mark}` })) }),
});
const there = new Set(['vpc-a']);
const has = (...targets: [number, string | null][]) => [{ device: 'vpc-a', targets: new Map(targets) }];
const add = (mark: number) =>
  `filter add dev vpc-a egress pref ${mark} protocol ip u32 match mark ${mark} 0xffffffff action mirred egress redirect dev limit-${mark}`;

describe('redirects', () => {
  it('are read from the parts of a filter', () => {
    expect([...parseFilters(captured)]).toEqual([
      [7, 'limit-7'],
      [8, '*'],
    ]);
  });

  it('are added where they are missing, once', () => {
    expect(diffRedirects([link(7, 9)], [], there)).toEqual(['qdisc add dev vpc-a clsact', add(7), add(9)]);
    expect(diffRedirects([link(7, 9)], has([7, 'limit-7']), there)).toEqual([add(9)]);
    expect(diffRedirects([link(7, 9)], has([7, 'limit-7'], [9, 'limit-9']), there)).toEqual([]);
    expect(diffRedirects([link(7)], [], new Set())).toEqual([]);
  });

  it('are made again when their device was, and removed when nobody wants them', () => {
    expect(diffRedirects([link(7, 8)], has([7, 'limit-7'], [8, '*']), there)).toEqual([
      'filter delete dev vpc-a egress pref 8',
      add(8),
    ]);
    expect(diffRedirects([link(7)], has([7, 'limit-7'], [9, 'limit-9']), there)).toEqual([
      'filter delete dev vpc-a egress pref 9',
    ]);
    expect(diffRedirects([link()], has([7, 'limit-7']), there)).toEqual(['qdisc delete dev vpc-a clsact']);
    expect(diffRedirects([link()], [], there)).toEqual([]);
  });
});
