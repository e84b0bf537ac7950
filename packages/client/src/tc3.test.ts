import { expect, test } from 'vitest';
import { canonicalRequest, sha256Hex, tc3Signature, utcDate } from './tc3.ts';

const request = {
  method: 'POST',
  path: '/',
  query: '',
  headers: [
    ['content-type', 'application/json'],
    ['host', ' vpc.example.com '],
  ],
  payloadHash: sha256Hex('{}'),
} as const;

test('the canonical request trims header values and keeps their order', () => {
  expect(canonicalRequest(request)).toBe(
    'POST\n/\n\ncontent-type:application/json\nhost:vpc.example.com\n\ncontent-type;host\n' +
      '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
  );
});

test('the signature depends on every part', () => {
  const scope = { date: '2026-11-22', service: 'vpc' };
  const signature = tc3Signature(request, 1795374000, scope, 'key');
  expect(signature).toMatch(/^[0-9a-f]{64}$/);
  expect(tc3Signature(request, 1795374001, scope, 'key')).not.toBe(signature);
  expect(tc3Signature(request, 1795374000, { ...scope, service: 'tag' }, 'key')).not.toBe(signature);
  expect(tc3Signature(request, 1795374000, scope, 'kez')).not.toBe(signature);
  expect(tc3Signature({ ...request, query: 'a=b' }, 1795374000, scope, 'key')).not.toBe(signature);
});

test('the date is the UTC date', () => {
  expect(utcDate(1795391999)).toBe('2026-11-22');
  expect(utcDate(1795392000)).toBe('2026-11-23');
});
