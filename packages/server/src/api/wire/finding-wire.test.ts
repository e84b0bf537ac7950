import { expect, it } from 'vitest';
import type { Finding } from '../../domain/diagnosis/finding.ts';
import { describeFinding, wireFindings } from './finding-wire.ts';

const finding = (code: Finding['code'], ours: string | null, theirs: string | null): Finding => ({
  ...{ code, object: 'vpnx-00000001', ours, theirs, evidence: [], since: 0 },
});
const words = (one: Finding, language: 'en-US' | 'zh-CN' = 'en-US') => wireFindings([one], language)[0]?.Summary;

it('an event tells each value once', () => {
  const differs = finding('remote-identity-differs', 'office.example', 'other.example');
  expect(describeFinding(differs)).toBe('The peer is other.example; this tunnel expects office.example.');
  const closed = finding('closed-by-peer', 'one', 'two');
  expect(describeFinding(closed)).toBe('The peer closed the tunnel, and did not say why. (here one, on the peer two)');
});

it('what the peer did not tell is said to be so, in both languages', () => {
  const untold = finding('rekeying-pfs-group-differs', '14 (MODP_2048)', null);
  expect(words(untold)).toContain('14 (MODP_2048) here, on the peer (not told).');
  expect(words(untold, 'zh-CN')).toContain('本端 14 (MODP_2048)，对端 （未告知）');
});
