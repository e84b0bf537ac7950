import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeUses, parseHostPort, planReturn, wordsOf } from './host-port.ts';

const address = (local: string, prefixlen: number, scope = '0') => ({ local, prefixlen, scope });

describe('describeUses', () => {
  const links = [
    { ifname: 'eth0', master: 'br0', addr_info: [address('fe80::1', 64, '253')] },
    { ifname: 'br0', linkinfo: { info_kind: 'bridge' }, addr_info: [address('192.0.2.7', 24)] },
    { ifname: 'br0.7', link: 'br0', linkinfo: { info_kind: 'vlan' }, addr_info: [address('2001:db8::7', 64)] },
    { ifname: 'eth1', addr_info: [address('fe80::2', 64, '253')] },
    { ifname: 'veth1', link: 'eth1', linkinfo: { info_kind: 'veth' }, addr_info: [address('198.51.100.1', 24)] },
    { ifname: 'eth2', addr_info: [address('10.98.0.1', 24)] },
  ];
  const routes = [{ dst: 'default', dev: 'br0.7', gateway: '2001:db8::1' }];

  it('names addresses, the default route and a bridge, also of what is stacked on the interface', () => {
    expect(describeUses('eth0', links, routes)).toEqual([
      '192.0.2.7/24 on br0',
      '2001:db8::7/64 on br0.7',
      'the default route on br0.7',
      'a place in br0',
    ]);
    expect(describeUses('eth2', links, routes)).toEqual(['10.98.0.1/24']);
  });

  it('finds nothing on an interface with link-local addresses only, whatever the other end of it has', () => {
    expect(describeUses('eth1', links, routes)).toEqual([]);
    expect(describeUses('eth9', links, routes)).toEqual([]);
  });

  it('counts a default route by several next hops', () => {
    expect(describeUses('eth1', links, [{ dst: 'default', nexthops: [{ dev: 'eth5' }, { dev: 'eth1' }] }])).toEqual([
      'the default route',
    ]);
  });
});

describe('what an interface gets back', () => {
  const link = { ifname: 'eth1', flags: ['UP'], addr_info: [address('192.0.2.7', 24), address('fe80::1', 64, '253')] };

  it('is what it had, but for what the kernel makes by itself', () => {
    const settings = parseHostPort(
      [link],
      [
        { dst: 'default', gateway: '192.0.2.1', metric: 100, protocol: '16' },
        { dst: '192.0.2.0/24', protocol: '2' },
        { dst: '198.51.100.0/24', protocol: '3' },
      ],
    );
    expect(planReturn('eth1', wordsOf(settings)).map(({ line }) => line)).toEqual([
      'link set eth1 up',
      'address add 192.0.2.7/24 dev eth1',
      'route replace 198.51.100.0/24 dev eth1',
      'route replace 0.0.0.0/0 via 192.0.2.1 dev eth1 metric 100',
    ]);
  });

  it('stays down when it was', () => {
    const settings = parseHostPort([{ ...link, flags: [], addr_info: [] }], []);
    expect(planReturn('eth1', wordsOf(settings)).map(({ line }) => line)).toEqual(['link set eth1 down']);
  });

  it('survives being words of an alias, for any addresses and routes', () => {
    const cidr = fc.tuple(fc.ipV4(), fc.nat(32)).map(([ip, length]) => `${ip}/${length}`);
    const route = fc.record({
      destination: cidr,
      via: fc.oneof(fc.constant(''), fc.ipV4()),
      metric: fc.constantFrom('', '7'),
    });
    fc.assert(
      fc.property(fc.boolean(), fc.array(cidr), fc.array(route), (isUp, addresses, routes) => {
        const words = wordsOf({ isUp, addresses, routes }).join(' ').split(' ').filter(Boolean);
        const lines = planReturn('eth1', words).map(({ line }) => line);
        expect(lines[0]).toBe(`link set eth1 ${isUp ? 'up' : 'down'}`);
        expect(lines.filter((line) => line.startsWith('address'))).toHaveLength(addresses.length);
        expect(lines.filter((line) => line.startsWith('route'))).toHaveLength(routes.length);
      }),
    );
  });
});
