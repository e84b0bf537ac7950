import { parseCidr, parseIpAddress, type IpAddress } from '@landbridge/net';
import { describe, expect, it } from 'vitest';
import { allocatePublicAddress, holdsAddress, publicAddressCount, type Uplink } from './uplink.ts';

/** Every address that gateways would get one after the other; what they got fits. */
function allOf(uplink: Uplink): string[] {
  expect(holdsAddress(uplink, parseIpAddress('192.0.2.1'))).toBe(false);
  expect(
    holdsAddress({ ...uplink, addresses: [parseCidr('192.0.2.0/24')] } as Uplink, parseIpAddress('203.0.113.1')),
  ).toBe(false);
  const taken = new Set<IpAddress>();
  for (;;) {
    const address = allocatePublicAddress(uplink, (one) => taken.has(one));
    if (address === undefined) return [...taken];
    expect(holdsAddress(uplink, address)).toBe(true);
    taken.add(address);
  }
}

const pathMtu = 1500;

describe('the public address pool', () => {
  it('of a routed uplink holds every address of its ranges once', () => {
    const addresses = ['203.0.113.4/31', '203.0.113.4/30', '198.51.100.9/32'].map(parseCidr);
    const uplink: Uplink = { mode: 'routed', interface: 'eth0', addresses, pathMtu };
    expect(allOf(uplink)).toEqual(['203.0.113.4', '203.0.113.5', '203.0.113.6', '203.0.113.7', '198.51.100.9']);
    expect(publicAddressCount(uplink)).toBe(5);
  });

  it('of a bridged uplink leaves out next hop, network and broadcast address', () => {
    const uplink: Uplink = {
      mode: 'bridged',
      attach: { kind: 'bridge-port', bridge: 'br0' },
      addresses: [parseCidr('203.0.113.0/29')],
      prefixLength: 29,
      nextHop: parseIpAddress('203.0.113.1'),
      pathMtu,
    };
    expect(allOf(uplink)).toEqual([2, 3, 4, 5, 6].map((host) => `203.0.113.${host}`));
    expect(publicAddressCount(uplink)).toBe(5);
  });

  it('of a shared address is that address', () => {
    const uplink: Uplink = { mode: 'nat', interface: 'eth0', address: parseIpAddress('198.51.100.7'), pathMtu };
    expect(allOf(uplink)).toEqual(['198.51.100.7']);
    expect(publicAddressCount(uplink)).toBe(1);
  });
});
