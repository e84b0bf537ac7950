import type { WireFinding } from '@landbridge/catalogue/operator/tunnel-health';
import { expect, it } from 'vitest';
import { findingLines } from './finding-lines.ts';

const finding: WireFinding = {
  ...{ Code: 'selectors-narrowed', Severity: 'warning', Layer: 'policy', Field: 'SecurityPolicyDatabases' },
  ...{ ResourceId: 'vpnx-00000001', Ours: 'a', Theirs: 'b', Causes: [], Evidence: [] },
  ...{ Since: '2026-11-27T20:00:00.000Z', Summary: 'It is.', FixHere: 'Do this.', FixThere: 'Do that.' },
};

it('says what is wrong, both values, and what to do on either side', () => {
  expect(findingLines(finding)).toEqual([
    'warning selectors-narrowed: It is. (SecurityPolicyDatabases: here a, on the peer b)',
    '  here: Do this.',
    '  on the peer: Do that.',
  ]);
});

it('repeats no value that the sentence has, and says nothing of what is not known', () => {
  const told = { ...finding, Summary: 'It is b.', Ours: null, FixHere: '', FixThere: '' };
  expect(findingLines(told)).toEqual(['warning selectors-narrowed: It is b.']);
});

it('names what it may be, in order', () => {
  const Causes = [
    { Field: 'PreShareKey', Tells: 'The log speaks of it.' },
    { Field: 'UDP 4500', Tells: 'Nothing arrives.' },
  ];
  expect(findingLines({ ...finding, Causes }).slice(1, 4)).toEqual([
    '  one of these, the likeliest first:',
    '    PreShareKey: The log speaks of it.',
    '    UDP 4500: Nothing arrives.',
  ]);
});
