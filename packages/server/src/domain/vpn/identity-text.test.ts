import { parseIpAddress } from '@landbridge/net';
import { describe, expect, it } from 'vitest';
import { identityText, problemOfFqdn } from './identity-text.ts';

const natural = parseIpAddress('203.0.113.1');

describe('an identity in the words of strongSwan', () => {
  it.each([
    [{ kind: 'address', value: null }, '203.0.113.1'],
    [{ kind: 'fqdn', value: null }, '203.0.113.1'],
    [{ kind: 'address', value: parseIpAddress('192.168.0.2') }, '192.168.0.2'],
    // Without more it would mean anybody.
    [{ kind: 'address', value: parseIpAddress('0.0.0.0') }, 'ipv4:#00000000'],
    [{ kind: 'fqdn', value: 'branch.example' }, 'fqdn:branch.example'],
    [{ kind: 'fqdn', value: '10.0.0.1' }, 'fqdn:10.0.0.1'],
    [{ kind: 'fqdn', value: '@home' }, 'fqdn:@home'],
    [{ kind: 'fqdn', value: 'keyid:x' }, 'fqdn:keyid:x'],
    [{ kind: 'fqdn', value: '%any' }, 'fqdn:%any'],
    // Without more it would be the bytes ab cd.
    [{ kind: 'fqdn', value: '#abcd' }, 'fqdn:#2361626364'],
  ] as const)('%j is %s', (identity, text) => {
    expect(identityText(identity, natural)).toBe(text);
  });

  it.each(['a', 'x'.repeat(250), `#${'x'.repeat(123)}`])('fits what charon takes for an owner of a key: %s', (name) => {
    expect(problemOfFqdn(name)).toBeNull();
    expect(identityText({ kind: 'fqdn', value: name }, natural).length).toBeLessThanOrEqual(255);
  });
});
