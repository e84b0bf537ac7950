import type { WireFinding } from '@landbridge/catalogue/operator/tunnel-health';
import { expect, it } from 'vitest';
import { asOnPage, hasRows, isWhole, withSection } from './fault-table.ts';

const finding: WireFinding = {
  ...{ Code: 'peer-silent', Severity: 'error', Layer: 'path', Field: 'UDP 500', ResourceId: 'vpnx-00000001' },
  ...{ Ours: 'a|b', Theirs: null, Causes: [], Evidence: [], Since: '2026-11-27T20:00:00.000Z' },
  ...{ Summary: 'It is silent.', FixHere: '', FixThere: '' },
};

it('replaces its own section, adds it where there is none, and leaves the others alone', () => {
  const rows = [{ fault: 'a fault', began: 'we', finding }];
  const one = withSection('# Title\n\nText.\n', 'Negotiation', rows);
  expect(one).toMatch(/^# Title\n\nText\.\n\n## Negotiation\n\n\| Fault /);
  expect(one).toContain(
    '\n| a fault | we | [peer-silent](peer-silent.md) | path | `UDP 500` | a\\|b | not told | It is silent. |\n',
  );
  const both = withSection(one, 'Data plane', rows);
  expect(both.startsWith(one)).toBe(true);
  expect(withSection(both, 'Negotiation', rows)).toBe(both);
  expect(withSection(both, 'Data plane', rows)).toBe(both);
  const without = withSection(both, 'Negotiation', []);
  expect(without.match(/a fault/g)).toHaveLength(1);
  expect(without).toMatch(/---[ |]*\n\n## Data plane\n/);
});

it('a part of a section is compared by its rows', () => {
  const row = (fault: string) => ({ fault, began: 'we', finding });
  const both = withSection(withSection('# Title\n', 'Negotiation', [row('one'), row('two')]), 'Data plane', []);
  expect(hasRows(both, 'Negotiation', [row('two')])).toBe(true);
  expect(hasRows(both, 'Negotiation', [row('three')])).toBe(false);
  expect(hasRows(both, 'Data plane', [row('one')])).toBe(false);
  expect(hasRows(both, 'Other', [])).toBe(true);
});

it('rows keep the order of their section, and new ones come last', () => {
  const row = (fault: string, began = 'we') => ({ fault, began, finding });
  const [one, other, theirs, fresh] = [row('one'), row('two'), row('one', 'the peer'), row('three')];
  const page = withSection('# Title\n', 'Negotiation', [one, other, theirs]);
  expect(asOnPage(page, 'Negotiation', [fresh, theirs, other, one])).toEqual([one, other, theirs, fresh]);
});

it('a table is whole when every other test of its file ran and went well', () => {
  const passed = { name: 'a', mode: 'run', result: { state: 'pass' } };
  const asking = { name: 'the page', mode: 'run' };
  const file = (...others: object[]) => ({
    ...{ name: 'file', mode: 'run', tasks: [{ name: 'suite', mode: 'run', tasks: [passed, ...others] }, asking] },
  });
  expect(isWhole(file() as never, asking)).toBe(true);
  // Left out by -t.
  expect(isWhole(file({ ...passed, mode: 'skip' }) as never, asking)).toBe(false);
  expect(isWhole(file({ ...passed, result: { state: 'fail' } }) as never, asking)).toBe(false);
});
