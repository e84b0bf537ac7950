import { everything, parseCidr } from '@landbridge/net';
import { describe, expect, it } from 'vitest';
import type { RulePlan } from '../plan/plan.ts';
import { diffRules, parseRules } from './rule.ts';

/** `ip -4 -N -d -json rule show`, iproute2 6.1 on Linux 6.18. */
const captured: unknown[] = JSON.parse(
  '[{"priority":0,"src":"all","table":"255","protocol":"2"},' +
    '{"priority":5,"src":"10.0.1.1","iif":"lo","table":"100","protocol":"76"},' +
    '{"priority":100,"src":"10.0.0.0","srclen":8,"dst":"10.1.0.0","dstlen":16,"table":"1001","protocol":"76"},' +
    '{"priority":200,"src":"all","iif":"vpnx-a","iif_detached":null,"table":"100","protocol":"76"},' +
    '{"priority":220,"src":"all","table":"220","protocol":"0"},' +
    '{"priority":300,"src":"all","action":"6","protocol":"76"},' +
    '{"priority":32766,"src":"all","table":"254","protocol":"2"},{"priority":32767,"src":"all","table":"253","protocol":"2"}]',
) as unknown[];

const wanted: RulePlan[] = [
  { priority: 5, iif: 'lo', from: parseCidr('10.0.1.1/32'), action: { kind: 'lookup', table: 100 } },
  {
    priority: 100,
    from: parseCidr('10.0.0.0/8'),
    to: parseCidr('10.1.0.0/16'),
    action: { kind: 'lookup', table: 1001 },
  },
  { priority: 200, iif: 'vpnx-a', action: { kind: 'lookup', table: 100 } },
  { priority: 300, action: { kind: 'blackhole' } },
];

function lines(changes: readonly { readonly line: string }[]): string[] {
  return changes.map(({ line }) => line);
}

describe('diffRules', () => {
  it('recognises every form of rule and removes strangers from a namespace of ours', () => {
    const { additions, removals } = diffRules('lb-x', wanted, parseRules(captured));
    expect(lines(additions)).toEqual([]);
    expect(lines(removals)).toEqual(['rule delete priority 220 lookup 220']);
  });

  it('leaves what is not marked alone in the host', () => {
    expect(diffRules(null, wanted, parseRules(captured)).removals).toEqual([]);
    expect(lines(diffRules(null, [], parseRules(captured)).removals)).toHaveLength(4);
  });

  it('closes before it opens', () => {
    expect(lines(diffRules('lb-x', wanted, []).additions)).toEqual([
      'rule add priority 300 blackhole protocol 76',
      'rule add priority 200 iif vpnx-a lookup 100 protocol 76',
      'rule add priority 100 from 10.0.0.0/8 to 10.1.0.0/16 lookup 1001 protocol 76',
      'rule add priority 5 from 10.0.1.1/32 iif lo lookup 100 protocol 76',
    ]);
  });

  it('tells rules of one priority apart when it removes one', () => {
    const two = wanted.slice(0, 1).flatMap((rule) => [rule, { ...rule, from: parseCidr('10.0.2.1/32') }]);
    const actual = parseRules([
      ...captured.slice(1, 2),
      { priority: 5, src: '10.0.2.1', iif: 'lo', table: '100', protocol: '76' },
    ]);
    expect(diffRules('lb-x', two, actual).removals).toEqual([]);
    expect(lines(diffRules('lb-x', two.slice(0, 1), actual).removals)).toEqual([
      'rule delete priority 5 from 10.0.2.1/32 iif lo lookup 100 protocol 76',
    ]);
  });

  it('takes 0.0.0.0/0 as no selector, as the kernel does', () => {
    const rule: RulePlan = { priority: 100, from: everything, to: everything, action: { kind: 'lookup', table: 7 } };
    const actual = parseRules([{ priority: 100, src: 'all', table: '7', protocol: '76' }]);
    expect(diffRules('lb-x', [rule], actual)).toEqual({ additions: [], removals: [] });
  });
});
