import { expect, it } from 'vitest';
import type { Finding } from '../tunnel.ts';
import type { Message, Part } from './messages.ts';
import { stopOf } from './stop-of.ts';

const message = (id: string, ...remarks: readonly string[]): Message => ({
  ...{ id, time: '2026-11-22T12:00:00.000Z', from: 'us', name: 'IKE_AUTH request 1', payloads: 'IDi AUTH', remarks },
});
const setUp: Part = { kind: 'set-up', messages: [message('a'), message('b', 'CHILD_SA vpnx-1{1} established with')] };
const refused: Part = { kind: 'child-renewed', messages: [message('c'), message('d')] };
const renewed: Part = { kind: 'ike-renewed', messages: [message('e', 'IKE_SA vpnx-1[2] rekeyed between a...b')] };

const finding = (Code: string, Layer: Finding['Layer'], Severity: Finding['Severity'] = 'error'): Finding => ({
  ...{ Code, Layer, Severity, Field: '', ResourceId: 'vpnx-00000001', Ours: null, Theirs: null, Causes: [] },
  ...{ Evidence: [], Since: '2026-11-22T12:00:00.000Z', Summary: '', FixHere: '', FixThere: '' },
});

it('it stopped after the last message of what came to nothing, whatever was complete before and after', () => {
  const findings = [finding('esp-proposal-refused', 'esp')];
  expect(stopOf([setUp, refused, renewed], findings)).toEqual({ after: 'd', findings });
  expect(stopOf([{ ...setUp, messages: [message('a')] }], findings)?.after).toBe('a');
});

it('where all was complete, it is what ended it', () => {
  const findings = [finding('closed-by-peer', 'ike')];
  expect(stopOf([setUp, renewed], findings)?.after).toBe('e');
});

it('what has nothing to do with negotiating stopped nothing', () => {
  for (const other of [
    finding('mtu-hole', 'path'),
    finding('no-vpc-route', 'routing'),
    finding('weak-ike-group', 'ike', 'warning'),
  ])
    expect(stopOf([setUp, refused], [other])).toBe(null);
  expect(stopOf([setUp, refused], [finding('rekeying-pfs-group-differs', 'esp', 'warning')])?.after).toBe('d');
  expect(stopOf([setUp, refused], [finding('peer-silent', 'path')])?.after).toBe('d');
  expect(stopOf([], [finding('peer-silent', 'path')])).toBe(null);
});
