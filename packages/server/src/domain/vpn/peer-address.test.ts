import { parseIpAddress } from '@landbridge/net';
import { expect, test } from 'vitest';
import { isPeerAddress } from './peer-address.ts';

const isAllowed = (text: string) => isPeerAddress(parseIpAddress(text));

test.each([
  '1.0.0.1',
  '10.0.0.255',
  '126.255.255.254',
  '128.0.0.1',
  '172.16.1.0',
  '172.16.1.255',
  '191.255.255.254',
  '192.168.1.1',
  '223.255.255.254',
])('%s may be a device', (address) => expect(isAllowed(address)).toBe(true));

test.each([
  ...['0.1.2.3', '127.0.0.1', '169.254.1.1', '224.0.0.1', '240.0.0.1', '255.255.255.255', '2001:db8::1'],
  // The host part of the class, all 0 and all 1.
  ...['10.0.0.0', '10.255.255.255', '172.16.0.0', '172.16.255.255', '192.168.1.0', '192.168.1.255', '198.51.100.0'],
])('%s may not', (address) => expect(isAllowed(address)).toBe(false));
