import { expect, it } from 'vitest';
import { rangeOf } from '../ranges/range.ts';
import type { Route } from './route.ts';
import { rowOf, shownRows, sorted, type Sayings } from './rows.ts';
import { usesOf, type Facts } from './use-of.ts';

const facts: Facts = { isAgentHeard: true, faultOf: () => null, policyFaultOf: () => null, isApplied: () => true };
const names: Readonly<Record<string, string>> = { 'vpnx-1': 'Berlin 10', 'vpnx-2': 'Berlin 9' };
const sayings: Sayings = {
  nameOf: (id) => names[id] ?? id,
  from: ({ kind, name }) => `${kind} ${name}`,
  use: (use) => (use.is === 'unused' ? `not used: ${use.why.kind}` : use.is),
};

function route(destination: string, hop: string, more: Partial<Route> = {}): Route {
  const range = rangeOf(destination) ?? { first: 0, size: 1 };
  return {
    ...{ key: `${destination} ${hop}`, destination, range, hop, priority: 100, order: 100, obstacle: null },
    ...{ holder: { kind: 'vpn-gateway', id: 'vpngw-1', name: 'edge' }, tunnel: hop, gateway: 'vpngw-1' },
    ...{ isUnseen: false, note: 'the office' },
    ...more,
  };
}

const routes = [
  route('192.168.1.0/24', 'vpnx-1'),
  route('10.10.0.0/16', 'vpnx-2', { obstacle: { kind: 'disabled' } }),
  route('10.2.0.0/16', 'vpnx-2'),
  route('10.2.3.0/24', 'vpnx-1'),
  route('0.0.0.0/0', 'ccn-1', { tunnel: null }),
];
const uses = usesOf(routes, facts);
const rows = sorted(
  routes.map((each) => rowOf(each, uses.get(each) ?? { is: 'used' }, sayings)),
  'destination',
);
const found = (filter: string) =>
  shownRows(rows, filter, uses, sayings).map(({ route: { destination } }) => destination);

it('sorts by the numbers of destinations, names as people count, and what is not used first', () => {
  const destinations = (by: 'destination' | 'hop' | 'use') => sorted(rows, by).map(({ route: r }) => r.destination);
  const byDestination = ['0.0.0.0/0', '10.2.0.0/16', '10.2.3.0/24', '10.10.0.0/16', '192.168.1.0/24'];
  expect(destinations('destination')).toEqual(byDestination);
  expect(destinations('hop')).toEqual(['10.2.0.0/16', '10.10.0.0/16', '10.2.3.0/24', '192.168.1.0/24', '0.0.0.0/0']);
  expect(destinations('use')[0]).toBe('10.10.0.0/16');
});

it('finds every word in any column, in small letters or large', () => {
  expect(found('')).toHaveLength(5);
  expect(found('BERLIN used')).toEqual(['10.2.0.0/16', '10.2.3.0/24', '10.10.0.0/16', '192.168.1.0/24']);
  expect(found('berlin disabled')).toEqual(['10.10.0.0/16']);
  expect(found('edge ccn-1')).toEqual(['0.0.0.0/0']);
  expect(found('10.2.')).toEqual(['10.2.0.0/16', '10.2.3.0/24']);
  expect(found('vpnx-1 office 100 vpngw-1')).toEqual(['10.2.3.0/24', '192.168.1.0/24']);
  expect(found('paris')).toEqual([]);
});

it('finds by an address what holds it, not what is only written like it', () => {
  expect(found('10.2.3.4')).toEqual(['0.0.0.0/0', '10.2.0.0/16', '10.2.3.0/24']);
  expect(found('10.2.3.0')).toEqual(['0.0.0.0/0', '10.2.0.0/16', '10.2.3.0/24']);
  expect(found('10.2.4.0')).toEqual(['0.0.0.0/0', '10.2.0.0/16']);
  expect(found('10.2.3.4 berlin')).toEqual(['10.2.0.0/16', '10.2.3.0/24']);
});

it('tells for that address which one is followed, and finds it by that', () => {
  const shown = shownRows(rows, '10.2.3.4', uses, sayings);
  expect(shown.map(({ useWords }) => useWords)).toEqual(['not used: longer', 'not used: longer', 'used']);
  expect(found('10.2.3.4 longer')).toEqual(['0.0.0.0/0', '10.2.0.0/16']);
});
