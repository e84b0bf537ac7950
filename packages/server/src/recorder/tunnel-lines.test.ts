import { expect, test } from 'vitest';
import { FakeClock } from '../../testing/fake-clock.ts';
import type { Finding } from '../domain/diagnosis/finding.ts';
import type { NewLine } from '../domain/operator/timeline.ts';
import { TunnelLines } from './tunnel-lines.ts';

const id = 'vpnx-tunnel01';
const refused: Finding = {
  ...{ code: 'ike-proposal-refused', object: id, ours: 'a', theirs: null, evidence: [], since: 0 },
};

test('a finding whose other value becomes known is told again, and is over once it is gone', () => {
  const told: NewLine[] = [];
  const lines = new TunnelLines(
    (line) => told.push(line),
    new FakeClock(),
    () => 'active',
  );
  const observe = (findings: readonly Finding[]) =>
    lines.observe({ id, sas: null, usability: null, traffic: null, findings });
  const texts = () => told.filter(({ kind }) => kind === 'finding').map(({ text }) => text);
  observe([refused]);
  observe([{ ...refused, theirs: 'accepts: b' }]);
  observe([{ ...refused, theirs: 'accepts: b', evidence: ['again'] }]);
  expect(texts()).toEqual([
    'ike-proposal-refused (ours a, theirs ?)',
    'ike-proposal-refused (ours a, theirs accepts: b)',
  ]);
  observe([]);
  expect(texts().slice(2)).toEqual(['ike-proposal-refused is over']);
});
