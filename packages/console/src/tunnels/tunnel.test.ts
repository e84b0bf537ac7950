import { expect, it } from 'vitest';
import { byNeed, findingsOf, fits, kindOf, kindOfName, type Finding, type Tunnel } from './tunnel.ts';

const finding = (Code: string, Severity: Finding['Severity'], Since = '2026-11-22T20:00:00.000Z') =>
  ({ Code, Severity, Since, Summary: `${Code} here` }) as unknown as Finding;

function tunnel(VpnConnectionName: string, State: Tunnel['State'], FindingSet: readonly Finding[] = []): Tunnel {
  const ids = { VpnConnectionId: 'vpnx-00000001', VpnGatewayId: 'vpngw-00000001' } as const;
  return { ...ids, VpnConnectionName, State, FindingSet, Reason: '', Since: '', Proof: '', ProvenAt: '' };
}

it('what has to be looked at stands first, then by name as people count', () => {
  const inOrder = [
    tunnel('b', 'refused', [finding('x', 'error')]),
    tunnel('a', 'peer-silent'),
    tunnel('c', 'negotiating'),
    tunnel('d', 'unknown'),
    tunnel('office 9', 'up', [finding('y', 'warning')]),
    tunnel('office 2', 'up-unproven'),
    tunnel('office 10', 'up'),
  ];
  expect(inOrder.toReversed().toSorted(byNeed)).toEqual(inOrder);
  expect(inOrder.map(kindOf)).toEqual(['bad', 'bad', 'waiting', 'unknown', 'good', 'good', 'good']);
});

it('a recorded state that nobody knows any more is unknown', () => {
  expect(['up', 'refused', 'of-later', 'constructor'].map(kindOfName)).toEqual(['good', 'bad', 'unknown', 'unknown']);
});

it('findings are told the gravest first, then the newest', () => {
  const old = finding('old', 'error', '2026-11-22T10:00:00.000Z');
  const [fresh, warning] = [finding('new', 'error'), finding('warning', 'warning')];
  const told = findingsOf([
    tunnel('a', 'up', [warning]),
    tunnel('b', 'refused', [old]),
    tunnel('c', 'refused', [fresh]),
  ]);
  expect(told.map(({ finding: { Code } }) => Code)).toEqual(['new', 'old', 'warning']);
});

it('every word of the filter has to be there, wherever', () => {
  const one = tunnel('Berlin office', 'refused', [finding('ike-dh-group-differs', 'error')]);
  const isShown = (filter: string) => fits(one, filter, ['edge gateway', 'refused']);
  for (const filter of ['', '  ', 'berlin', 'OFFICE berlin', 'vpnx-00000001', 'edge', 'dh-group', 'refused error']) {
    expect([filter, isShown(filter)]).toEqual([filter, true]);
  }
  for (const filter of ['paris', 'berlin paris', 'vpnx-00000002'])
    expect([filter, isShown(filter)]).toEqual([filter, false]);
});
