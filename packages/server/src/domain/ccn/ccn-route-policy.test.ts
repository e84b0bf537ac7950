import { cidrContains, parseCidr, type Cidr } from '@landbridge/net';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CcnInstance } from './ccn.ts';
import {
  isAnnounced,
  isLetIn,
  type CcnRoutePolicy,
  type InstanceCondition,
  type RouteCondition,
} from './ccn-route-policy.ts';

const vpc = { kind: 'vpc', id: 'vpc-network1' } as const;
const gateway = { kind: 'vpn-gateway', id: 'vpngw-gateway1' } as const;
const route = (destination: string, instance: CcnInstance = vpc, region = 'north') => ({
  ...{ destination: parseCidr(destination), instance, region },
});
const policy = (
  action: CcnRoutePolicy['action'],
  conditions: readonly RouteCondition[] = [],
  audience: readonly InstanceCondition[] = [],
): CcnRoutePolicy => ({ action, conditions, audience, description: '' });
const ranges = (pattern: 'exact' | 'within', ...values: string[]): RouteCondition => {
  return { kind: 'destination', pattern, values: values.map(parseCidr) };
};

describe('input policies', () => {
  test('an empty list lets everything in, one without conditions nothing', () => {
    expect(isLetIn(route('10.0.1.0/24'), [])).toBe(true);
    expect(isLetIn(route('10.0.1.0/24'), [policy('drop')])).toBe(false);
  });

  test('the first that applies decides', () => {
    const exception = policy('accept', [ranges('exact', '10.0.1.0/24')]);
    const rest = policy('drop', [ranges('within', '10.0.0.0/8')]);
    expect(isLetIn(route('10.0.1.0/24'), [exception, rest])).toBe(true);
    expect(isLetIn(route('10.0.2.0/24'), [exception, rest])).toBe(false);
    expect(isLetIn(route('10.0.1.0/24'), [rest, exception])).toBe(false);
    expect(isLetIn(route('172.16.0.0/16'), [exception, rest])).toBe(true);
  });

  test('all conditions of a policy, any value of a condition', () => {
    const both = [policy('drop', [{ kind: 'region', values: ['south', 'north'] }, ranges('within', '10.0.0.0/8')])];
    expect(isLetIn(route('10.0.1.0/24'), both)).toBe(false);
    expect(isLetIn(route('10.0.1.0/24', vpc, 'west'), both)).toBe(true);
    expect(isLetIn(route('192.168.1.0/24'), both)).toBe(true);
    const kinds = [policy('drop', [{ kind: 'instance-kind', values: ['vpn-gateway', 'direct-connect-gateway'] }])];
    expect([vpc, gateway].map((instance) => isLetIn(route('10.0.1.0/24', instance), kinds))).toEqual([true, false]);
    const ids = [policy('drop', [{ kind: 'instance-id', values: [gateway.id] }])];
    expect([vpc, gateway].map((instance) => isLetIn(route('10.0.1.0/24', instance), ids))).toEqual([true, false]);
  });

  test('a range is compared exactly, or contains the route', () => {
    const lets = (pattern: 'exact' | 'within', value: string, destination: string) =>
      !isLetIn(route(destination), [policy('drop', [ranges(pattern, value)])]);
    expect(lets('exact', '10.0.0.0/8', '10.0.0.0/8')).toBe(true);
    expect(lets('exact', '10.0.0.0/8', '10.0.0.0/16')).toBe(false);
    expect(lets('within', '10.0.0.0/8', '10.0.0.0/8')).toBe(true);
    expect(lets('within', '10.0.0.0/8', '10.0.0.0/16')).toBe(true);
    expect(lets('within', '10.0.0.0/16', '10.0.0.0/8')).toBe(false);
  });
});

test('broadcast policies also ask who hears', () => {
  const hidden = [policy('drop', [ranges('within', '10.0.0.0/8')], [{ kind: 'instance-kind', values: ['vpc'] }])];
  const told = (instance: CcnInstance, destination = '10.0.1.0/24') =>
    isAnnounced(route(destination, gateway), { instance, region: 'north' }, hidden);
  expect([told(vpc), told(gateway), told(vpc, '172.16.0.0/16')]).toEqual([false, true, true]);
});

describe('for any list', () => {
  const pool = ['10.0.0.0/8', '10.0.0.0/16', '10.0.1.0/24', '10.0.1.128/25', '0.0.0.0/0', '192.168.1.0/24'].map(
    parseCidr,
  );
  const range = fc.constantFrom(...pool);
  const instance = fc.constantFrom<CcnInstance>(vpc, gateway);
  const anyRoute = fc.record({ destination: range, instance, region: fc.constantFrom('north', 'south') });
  const condition: fc.Arbitrary<RouteCondition> = fc.oneof(
    fc.record({
      kind: fc.constant('destination' as const),
      pattern: fc.constantFrom('exact' as const, 'within' as const),
      values: fc.array(range, { minLength: 1, maxLength: 2 }),
    }),
    fc.record({ kind: fc.constant('region' as const), values: fc.constantFrom(['north'], ['south'], ['x']) }),
    fc.record({ kind: fc.constant('instance-id' as const), values: fc.constantFrom([vpc.id], [gateway.id]) }),
  );
  const anyPolicy = fc
    .record({ action: fc.constantFrom('accept' as const, 'drop' as const), conditions: fc.array(condition) })
    .map(({ action, conditions }) => policy(action, conditions));
  const list = fc.array(anyPolicy);

  test('nothing after a policy without conditions matters', () => {
    fc.assert(
      fc.property(list, anyPolicy, list, anyRoute, (before, { action }, after, given) => {
        const head = [...before, policy(action)];
        expect(isLetIn(given, [...head, ...after])).toBe(isLetIn(given, head));
      }),
    );
  });

  test('one that does not apply can be left out', () => {
    const never = policy('drop', [{ kind: 'region', values: ['nowhere'] }]);
    fc.assert(
      fc.property(list, list, anyRoute, (before, after, given) => {
        expect(isLetIn(given, [...before, never, ...after])).toBe(isLetIn(given, [...before, ...after]));
      }),
    );
  });

  test('what is dropped by the range itself is dropped by every range that contains it', () => {
    fc.assert(
      fc.property(range, anyRoute, (value: Cidr, given) => {
        const drops = (pattern: 'exact' | 'within') =>
          !isLetIn(given, [policy('drop', [{ kind: 'destination', pattern, values: [value] }])]);
        expect(drops('within')).toBe(cidrContains(value, given.destination));
        if (drops('exact')) expect(drops('within')).toBe(true);
      }),
    );
  });

  test('without an audience, announcing is the same question as letting in', () => {
    fc.assert(
      fc.property(list, anyRoute, instance, (policies, given, hearer) => {
        expect(isAnnounced(given, { instance: hearer, region: 'north' }, policies)).toBe(isLetIn(given, policies));
      }),
    );
  });
});
