import { expect, it } from 'vitest';
import { told } from './explanation.ts';
import { sentenceOf } from './sentence.ts';

it.each([
  [
    told('ike-encryption-differs', 'AES-CBC-256', 'AES-CBC-128'),
    'IKE encryption differs: AES-CBC-256 here, AES-CBC-128 there.',
  ],
  [told('pre-shared-key-differs'), 'Pre shared key differs.'],
  [told('peer-silent', '198.51.100.2'), 'Peer silent: 198.51.100.2 here.'],
])('%j', (explanation, sentence) => {
  expect(sentenceOf(explanation)).toBe(sentence);
});
