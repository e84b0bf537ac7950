import { parseIpAddress } from '@landbridge/net';
import { describe, expect, it } from 'vitest';
import type { TablePlan } from '../plan/packet-filter.ts';
import type { LinkPlan } from '../plan/plan.ts';
import { diffAddresses } from './address.ts';
import { explainBatch } from './kernel.ts';
import type { ActualLink } from './link.ts';
import { diffProxies, parseProxies } from './neighbour-proxy.ts';
import { diffTables, parseTables, tableDigest } from './nft.ts';
import { diffShapers, parseShapers } from './shaper.ts';
import { diffSysctls, sysctlPath } from './sysctl.ts';
import { joinTuns } from './tunnel-device-uxfrm.ts';
import { diffTunnels } from './tunnel-device.ts';

function lines(commands: readonly { readonly line: string }[]): string[] {
  return commands.map(({ line }) => line);
}

function link(name: string, addresses: ActualLink['addresses'] = [], kind: string | null = 'veth'): ActualLink {
  return { name, kind, up: true, mtu: 1500, mac: null, master: null, alias: null, ifId: null, vxlan: null, addresses };
}

describe('diffAddresses', () => {
  const wanted: LinkPlan[] = [
    { kind: 'loopback', name: 'lo', addresses: [{ address: '169.254.0.2/32', scope: 'link' }] },
    { kind: 'veth-peer', name: 'far', addresses: [{ address: '10.0.0.1/32', scope: 'global' }] },
  ];

  it('adds before it removes and leaves 127.0.0.1 alone', () => {
    const actual = [
      link('lo', [
        { address: '127.0.0.1/8', scope: 'host' },
        { address: '10.9.9.9/32', scope: 'global' },
      ]),
    ];
    const { additions, removals } = diffAddresses('lb-x', wanted, actual, new Set(['lo']));
    expect(lines(additions)).toEqual(['address add 169.254.0.2/32 dev lo scope link']);
    expect(lines(removals)).toEqual(['address delete 10.9.9.9/32 dev lo']);
  });

  it('changes a scope by making the address again', () => {
    const actual = [link('lo', [{ address: '169.254.0.2/32', scope: 'global' }])];
    expect(lines(diffAddresses('lb-x', wanted, actual, new Set(['lo'])).additions)).toEqual([
      'address delete 169.254.0.2/32 dev lo',
      'address add 169.254.0.2/32 dev lo scope link',
    ]);
  });

  it('keeps away from devices that no plan lists', () => {
    const actual = [link('eth0', [{ address: '192.0.2.1/24', scope: 'global' }])];
    expect(diffAddresses(null, wanted, actual, new Set(['eth0']))).toEqual({ additions: [], removals: [] });
  });
});

describe('diffProxies', () => {
  /** `ip -N -d -json neigh show proxy`, iproute2 6.1. */
  const captured = [
    { dst: '192.0.2.9', dev: 'eth0', proxy: null },
    { dst: '203.0.113.1', dev: 'eth0', proxy: null, protocol: '76' },
  ];
  const actual = parseProxies(captured);

  it('removes from the host only what is marked', () => {
    expect(lines(diffProxies(null, [], actual, new Set(['eth0'])).removals)).toEqual([
      'neighbour delete proxy 203.0.113.1 dev eth0',
    ]);
    expect(diffProxies('lb-x', [], actual, new Set(['eth0'])).removals).toHaveLength(2);
  });

  it('adds what is missing and waits for its device', () => {
    const wanted = ['203.0.113.1', '203.0.113.2', '192.0.2.9'].map((address) => ({
      device: 'eth0',
      address: parseIpAddress(address),
    }));
    expect(lines(diffProxies(null, wanted, actual, new Set(['eth0'])).additions)).toEqual([
      'neighbour replace proxy 203.0.113.2 dev eth0 protocol 76',
    ]);
    expect(diffProxies(null, wanted, actual, new Set()).missing).toEqual(['eth0']);
  });
});

const tableWith = (chain: string, counters: readonly string[] = []): TablePlan => ({
  ...{ counters, sets: [], chains: [{ name: chain, rules: [] }] },
});

describe('diffTables', () => {
  const filter = tableWith('forward');
  const bound = tableWith('hear');
  const mark = (of: TablePlan) => `plan_${tableDigest(of)}`;
  const chains = (table: string, names: readonly string[]) =>
    names.map((name) => ({ chain: { family: 'inet', table, name, handle: 2 } }));
  /** `nft -j list chains inet`, nftables 1.0.6. */
  const answer = (own: readonly string[], neighbours: readonly string[] = []) => ({
    nftables: [
      { metainfo: { version: '1.0.6', release_name: 'Lester Gooch #5', json_schema_version: 1 } },
      { chain: { family: 'inet', table: 'filter', name: 'input', handle: 1 } },
      ...chains('landbridge', own),
      ...chains('landbridge-neighbours', neighbours),
    ],
  });
  const text = (answers: readonly unknown[]) => answers.map((one) => JSON.stringify(one)).join('\n');
  const diff = (wanted: TablePlan | null, ...actual: readonly unknown[]) =>
    diffTables({ filter: wanted }, parseTables(text(actual)));

  it('knows its own text again by the name of an empty chain', () => {
    expect(diff(filter, answer([mark(filter), 'forward']))).toBeNull();
  });

  it('replaces the table in one transaction otherwise', () => {
    for (const actual of [answer([]), answer(['forward']), answer(['plan_0', 'forward'])]) {
      const change = diff(filter, actual);
      expect(change?.script.split('\n').slice(0, 3)).toEqual([
        'add table inet landbridge',
        'delete table inet landbridge',
        'table inet landbridge {',
      ]);
      expect(change?.script).toContain(`chain ${mark(filter)} {`);
      expect(change?.opens).toBe(false);
    }
  });

  it('changes only what differs where the table is known to be what was written last', () => {
    const more = { ...filter, counters: ['a.b'] };
    const known = parseTables(text([answer([mark(filter), 'forward'])]));
    expect(diffTables({ filter: more }, known, { filter })?.script.split('\n')).toEqual([
      'add counter inet landbridge a.b',
      `add chain inet landbridge ${mark(more)}`,
      `delete chain inet landbridge ${mark(filter)}`,
      '',
    ]);
    expect(diffTables({ filter: more }, known, { filter: bound })?.script).toContain('delete table inet landbridge\n');
  });

  it('takes the values of counters that stay along, and those of no other', () => {
    const counters = {
      nftables: [
        { counter: { family: 'inet', table: 'landbridge', name: 'a.b', handle: 3, packets: 7, bytes: 588 } },
        { counter: { family: 'inet', table: 'landbridge', name: 'gone', handle: 4, packets: 8, bytes: 600 } },
        { counter: { family: 'inet', table: 'other', name: 'c.d', handle: 3, packets: 9, bytes: 700 } },
      ],
    };
    const wanted = tableWith('forward', ['a.b', 'c.d']);
    expect(parseTables(text([answer(['plan_0']), counters])).filter).toMatchObject({
      counters: [
        { name: 'a.b', packets: 7, bytes: 588 },
        { name: 'gone', packets: 8, bytes: 600 },
      ],
    });
    const { script } = diff(wanted, answer(['plan_0']), counters) ?? {};
    expect(script).toContain('counter a.b { packets 7 bytes 588 }\ncounter c.d { packets 0 bytes 0 }\n');
    expect(script).not.toContain('gone');
    expect(diff(wanted, answer([mark(wanted)]), counters)).toBeNull();
  });

  it('removes the table when none is wanted, which opens what it held back', () => {
    expect(diff(null, answer([]))).toBeNull();
    const removal = { script: 'delete table inet landbridge\n', opens: true };
    expect(diff(null, answer(['forward']))).toEqual(removal);
  });

  it('leaves the bound on neighbours alone when the filter changes, and the other way round', () => {
    const wanted = { filter, neighbourBound: bound };
    const filterOnly = diffTables(wanted, parseTables(text([answer(['plan_0'], [mark(bound)])])));
    expect(filterOnly?.script).toContain('table inet landbridge {');
    expect(filterOnly?.script).not.toContain('landbridge-neighbours');
    const boundOnly = diffTables(wanted, parseTables(text([answer([mark(filter)], ['plan_0'])])));
    expect(boundOnly?.script).toContain('table inet landbridge-neighbours {');
    expect(boundOnly?.script).not.toContain('table inet landbridge\n');
    expect(diffTables(wanted, parseTables(text([answer([mark(filter)], [mark(bound)])])))).toBeNull();
  });

  it('makes both in one transaction, and removes the bound where none is wanted', () => {
    const { script } = diffTables({ filter, neighbourBound: bound }, parseTables(text([answer([])]))) ?? {};
    expect(script?.match(/^table inet \S+ \{$/gm)).toEqual([
      'table inet landbridge {',
      'table inet landbridge-neighbours {',
    ]);
    const removal = { script: 'delete table inet landbridge-neighbours\n', opens: false };
    expect(diff(filter, answer([mark(filter)], ['hear']))).toEqual(removal);
  });
});

describe('diffShapers', () => {
  const wan: LinkPlan = { kind: 'veth-peer', name: 'wan', egressLimitMbps: 100, addresses: [] };
  /** `tc -json qdisc show`. */
  const captured = [
    { kind: 'noqueue', handle: '0:', dev: 'lo', root: true, refcnt: 2, options: {} },
    {
      kind: 'tbf',
      handle: '8001:',
      dev: 'wan',
      root: true,
      refcnt: 3,
      options: { rate: 12500000, burst: 131062, lat: 50000 },
    },
  ];

  it('compares rates', () => {
    expect(diffShapers([wan], parseShapers(captured), new Set(['wan']))).toEqual([]);
    expect(diffShapers([{ ...wan, egressLimitMbps: 200 }], parseShapers(captured), new Set(['wan']))).toEqual([
      'qdisc replace dev wan root tbf rate 200mbit burst 131072 latency 50ms',
    ]);
    expect(
      diffShapers([{ kind: 'veth-peer', name: 'wan', addresses: [] }], parseShapers(captured), new Set(['wan'])),
    ).toEqual(['qdisc delete dev wan root']);
  });

  it('lets whole super-packets through, at low and at high rates', () => {
    const burst = (megabits: number) => {
      const [line = ''] = diffShapers([{ ...wan, egressLimitMbps: megabits }], [], new Set(['wan']));
      return Number(/burst (\d+)/.exec(line)?.[1]);
    };
    expect(burst(5)).toBeGreaterThan(65536);
    expect(burst(3000)).toBe(1_500_000);
  });
});

describe('sysctls', () => {
  it('swaps dots and slashes as sysctl(8) does', () => {
    expect(sysctlPath('net.ipv4.conf.eth0/100.forwarding')).toBe('net/ipv4/conf/eth0.100/forwarding');
  });

  it('writes what differs, whatever the blanks, and waits for what is not there', () => {
    const actual = new Map([
      ['a', '1'],
      ['b', '1\t2'],
      ['c', null],
    ]);
    expect(diffSysctls({ a: '0', b: '1 2', c: '1' }, actual)).toEqual({
      writes: [{ name: 'a', value: '0' }],
      missing: ['c'],
    });
  });

  it('raises what is below its minimum, and neither lowers nor waits for anything', () => {
    const actual = new Map([
      ['low', '1024'],
      ['high', '4096'],
      ['enough', '2048'],
      ['hidden', null],
    ]);
    expect(diffSysctls({}, actual, { low: 2048, high: 2048, enough: 2048, hidden: 2048 })).toEqual({
      writes: [{ name: 'low', value: '2048' }],
      missing: [],
    });
  });

  it('needs no setting of br_netfilter where that module is not loaded', () => {
    const name = 'net.bridge.bridge-nf-call-iptables';
    expect(diffSysctls({ [name]: '0' }, new Map([[name, null]]))).toEqual({ writes: [], missing: [] });
    expect(diffSysctls({ [name]: '0' }, new Map([[name, '1']])).writes).toHaveLength(1);
  });
});

describe('tunnel devices', () => {
  const wanted: LinkPlan[] = [
    { kind: 'tunnel', name: 'vpnx-a', ifId: 1, mtu: 1400, addresses: [] },
    { kind: 'tunnel', name: 'vpnx-b', ifId: 2, mtu: 1400, addresses: [] },
    { kind: 'loopback', name: 'lo', addresses: [] },
  ];

  it('replaces a device that is bound to another tunnel, and takes over one without a daemon', () => {
    const actual = [
      { name: 'vpnx-a', ifId: 7 },
      { name: 'vpnx-b', ifId: null },
      { name: 'vpnx-c', ifId: 3 },
    ];
    const { inTheWay, added, removed } = diffTunnels(wanted, actual);
    expect(inTheWay).toEqual(['vpnx-a']);
    expect(added.map(({ name }) => name)).toEqual(['vpnx-a', 'vpnx-b']);
    expect(removed).toEqual(['vpnx-c']);
  });

  it('clears an if_id that a deleted tunnel still has, before the new one needs it', () => {
    const actual = [
      { name: 'vpnx-a', ifId: 1 },
      { name: 'vpnx-old', ifId: 2 },
      { name: 'vpnx-older', ifId: 3 },
    ];
    const { inTheWay, added, removed } = diffTunnels(wanted, actual);
    expect(inTheWay).toEqual(['vpnx-old']);
    expect(added.map(({ name }) => name)).toEqual(['vpnx-b']);
    expect(removed).toEqual(['vpnx-older']);
  });

  it('believes the kernel about which TUN exists and uxfrm about which it serves', () => {
    const served = [
      { name: 'vpnx-a', ifId: 1, mtu: 1400 },
      { name: 'vpnx-gone', ifId: 9, mtu: 1400 },
    ];
    const links = [link('lo', [], null), link('vpnx-a', [], 'tun'), link('vpnx-left', [], 'tun')];
    expect(joinTuns(served, links)).toEqual([
      { name: 'vpnx-a', ifId: 1 },
      { name: 'vpnx-left', ifId: null },
    ]);
  });
});

describe('explainBatch', () => {
  it('tells which line failed and why', () => {
    const stderr =
      'Cannot find device "x"\nCommand failed -:1\nRTNETLINK answers: File exists\nWe have an error talking to the kernel\nCommand failed -:3\n';
    const batch = ['link set x up', 'link set y up', 'route add 10.0.0.0/8 dev y'];
    expect(explainBatch(['ip', '-n', 'lb-x', '-force', '-batch', '-'], batch, stderr)).toEqual([
      'ip -n lb-x link set x up: Cannot find device "x"',
      'ip -n lb-x route add 10.0.0.0/8 dev y: RTNETLINK answers: File exists',
    ]);
  });
});
