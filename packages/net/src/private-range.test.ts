import { expect, it } from 'vitest';
import { parseCidr } from './cidr.ts';
import { parseIpAddress } from './ip-address.ts';
import { isPrivateRange } from './private-range.ts';

it('private are RFC 1918 and the ranges behind the NAT of a provider, and nothing else', () => {
  for (const address of ['10.0.0.1', '172.16.0.0', '172.31.255.255', '192.168.1.1', '100.64.0.1', '100.127.255.255'])
    expect([address, isPrivateRange(parseIpAddress(address))]).toEqual([address, true]);
  for (const address of [
    '9.255.255.255',
    '11.0.0.0',
    '172.15.0.1',
    '172.32.0.0',
    '192.169.0.0',
    '100.128.0.0',
    'fd00::1',
  ])
    expect([address, isPrivateRange(parseIpAddress(address))]).toEqual([address, false]);
  expect(isPrivateRange(parseCidr('10.1.0.0/16'))).toBe(true);
  expect(isPrivateRange(parseCidr('10.0.0.0/7'))).toBe(false);
});
