import { parseIpAddress } from '@landbridge/net';
import { describe, expect, test } from 'vitest';
import { compileFilter, judge, type Hook } from './filter.ts';
import { parseTable } from './nft-text.ts';
import { ping, type Packet } from './packet.ts';

const parseFilter = (text: string) => compileFilter(parseTable(text));

function verdict(rules: readonly string[], passage: { iif?: string; oif?: string; packet?: Packet } = {}): string {
  const filter = parseFilter(
    ['chain forward {', 'type filter hook forward priority filter; policy drop;', ...rules, '}'].join('\n'),
  );
  const { iif = 'wan', oif = 'vpnx-1', packet = ping('10.0.1.5', '192.168.1.5') } = passage;
  return judge(filter, 'forward', { iif, oif, packet }).verdict;
}

describe('statements', () => {
  test.each([
    ['accept', 'accept'],
    ['iifname "wan" accept', 'accept'],
    ['iifname != "wan" accept', 'drop'],
    ['oifname "wan" accept', 'drop'],
    ['oifname "vpnx-*" accept', 'accept'],
    ['iifname { "lo", "wan" } oifname { "vpnx-1" } accept', 'accept'],
    ['iifname { "lo", "vpnx-1" } accept', 'drop'],
    ['ip saddr 10.0.0.0/16 ip daddr 192.168.1.0/24 accept', 'accept'],
    ['ip saddr 10.0.2.0/24 accept', 'drop'],
    ['ip saddr != 10.0.1.5 accept', 'drop'],
    ['ip protocol { esp, icmp } accept', 'accept'],
    ['ip protocol tcp accept', 'drop'],
    ['udp dport { 500, 4500 } accept', 'drop'],
    ['udp dport != 500 accept', 'drop'],
    ['icmp type echo-request accept', 'accept'],
    ['icmp type != { echo-request, echo-reply } accept', 'drop'],
    ['meta nfproto ipv6 accept', 'drop'],
    ['ip daddr . oifname { 192.168.1.5 . "vpnx-1", 192.168.1.6 . "vpnx-2" } accept', 'accept'],
    ['ip daddr . oifname { 192.168.1.5 . "vpnx-2", 192.168.1.6 . "vpnx-1" } accept', 'drop'],
    ['ip daddr . oifname != { 192.168.1.5 . "vpnx-1" } accept', 'drop'],
    ['ip6 saddr { ::, fe80::/10 } accept', 'drop'],
  ])('%s: %s', (rule, expected) => expect(verdict([rule])).toBe(expected));

  test('the first rule that fits decides', () => {
    expect(verdict(['iifname "lo" drop', 'iifname "wan" accept', 'drop'])).toBe('accept');
    expect(verdict(['iifname "wan" drop', 'accept'])).toBe('drop');
  });

  test('a map of devices leads to the chain that decides, and not back', () => {
    const judged = (oif: string, ...into: readonly string[]): string => {
      const elements = 'elements = { "vpnx-1" : goto into-1, "vpnx-2" : goto into-2 }';
      const map = ['map into {', 'type ifname : verdict', elements, '}'];
      const rules = ['oifname vmap @into', 'accept'];
      const base = ['chain forward {', 'type filter hook forward priority filter; policy drop;', ...rules, '}'];
      const text = [...map, 'chain into-1 {', ...into, '}', 'chain into-2 {', 'drop', '}', ...base].join('\n');
      return judge(parseFilter(text), 'forward', { iif: 'wan', oif, packet: ping('10.0.1.5', '192.168.1.5') }).verdict;
    };
    expect(judged('vpnx-1', 'ip saddr 10.0.0.0/16 accept', 'drop')).toBe('accept');
    expect(judged('vpnx-1', 'ip saddr 10.9.0.0/16 accept')).toBe('drop');
    expect(judged('vpnx-2', 'accept')).toBe('drop');
    expect(judged('vpnx-3', 'drop')).toBe('accept');
  });

  test('a rule may lead to another chain, and not back', () => {
    const judged = (...rules: readonly string[]): string => {
      const base = [
        'chain forward {',
        'type filter hook forward priority filter; policy drop;',
        ...rules,
        'accept',
        '}',
      ];
      const text = ['chain elsewhere {', 'ip saddr 10.0.0.0/16 drop', '}', ...base].join('\n');
      const passage = { iif: 'wan', oif: 'vpnx-1', packet: ping('10.0.1.5', '192.168.1.5') };
      return judge(parseFilter(text), 'forward', passage).verdict;
    };
    expect(judged('iifname "wan" goto elsewhere')).toBe('drop');
    expect(() => judged('iifname "wan" goto nowhere')).toThrow('no chain nowhere');
  });

  test('counters: one, or one for each device; only declared ones', () => {
    const declared = 'counter a.b { packets 0 bytes 0 }\ncounter c.d { packets 0 bytes 0 }\n';
    const counterOf = (iif: string, rule: string, elements = '"x" : "a.b", "y" : "c.d"'): string | null => {
      const map = ['map counts {', 'type ifname : counter', `elements = { ${elements} }`, '}', ''].join('\n');
      const chain = ['chain sources {', 'type filter hook prerouting priority filter; policy accept;', rule, '}'];
      const passage = { iif, oif: '', packet: ping('10.0.1.5', '192.168.1.5') };
      return judge(parseFilter(declared + map + chain.join('\n')), 'prerouting', passage).counter;
    };
    expect(counterOf('x', 'ip saddr 10.0.0.0/8 counter name a.b drop')).toBe('a.b');
    expect(counterOf('x', 'counter name iifname map @counts drop')).toBe('a.b');
    expect(counterOf('y', 'counter name iifname map @counts drop')).toBe('c.d');
    expect(counterOf('y', 'drop')).toBeNull();
    expect(() => counterOf('x', 'counter name e.f drop')).toThrow('no counter e.f');
    expect(() => counterOf('x', 'counter name iifname map @counts drop', '"x" : "e.f"')).toThrow('no counter e.f');
    expect(() => counterOf('x', 'counter name iifname map @others drop')).toThrow('no set others');
    expect(() => counterOf('x', 'iifname vmap @counts')).toThrow('not a map to a chain: counts');
  });

  test('sets: elements of one field, or of two; no element twice', () => {
    const verdictBy = (rule: string, fields: string, elements: string): string => {
      const set = ['set some {', `typeof ${fields}`, ...(elements === '' ? [] : [`elements = { ${elements} }`]), '}'];
      const chain = ['chain forward {', 'type filter hook forward priority filter; policy drop;', rule, '}'];
      const passage = { iif: 'x', oif: 'y', packet: ping('10.0.1.5', '192.168.1.5') };
      return judge(parseFilter([...set, ...chain].join('\n')), 'forward', passage).verdict;
    };
    expect(verdictBy('iifname @some accept', 'iifname', '"x", "z"')).toBe('accept');
    expect(verdictBy('iifname @some accept', 'iifname', '"z"')).toBe('drop');
    expect(verdictBy('iifname @some accept', 'iifname', '')).toBe('drop');
    expect(verdictBy('ip saddr . oifname != @some accept', 'ip daddr . iifname', '10.0.1.5 . "y"')).toBe('drop');
    expect(verdictBy('ip saddr . oifname != @some accept', 'ip daddr . iifname', '10.0.1.5 . "x"')).toBe('accept');
    expect(() => verdictBy('iifname @some accept', 'iifname', '"x", "x"')).toThrow('an element twice in some');
    expect(() => verdictBy('iifname @others accept', 'iifname', '"x"')).toThrow('no set others');
  });

  test('the destination that an ICMP error quotes', () => {
    const packet = (quoted: string) => ({
      ...ping('10.0.1.5', '192.168.1.5'),
      ...{ icmpType: 'time-exceeded' as const, quotedDestination: parseIpAddress(quoted) },
    });
    const rule = 'icmp type { time-exceeded } @th,192,32 { 0x0a000000-0x0a0000ff, 0xc0a80101 } accept';
    expect(verdict([rule], { packet: packet('10.0.0.255') })).toBe('accept');
    expect(verdict([rule], { packet: packet('192.168.1.1') })).toBe('accept');
    expect(verdict([rule], { packet: packet('10.0.1.0') })).toBe('drop');
    expect(verdict([rule])).toBe('drop');
  });

  test('clamping of TCP decides nothing', () => {
    const clamps = [
      'tcp flags & (syn | rst) == syn oifname { "vpnx-1" } tcp option maxseg size set rt mtu',
      'tcp flags & (syn | rst) == syn iifname { "vpnx-1", "vpnx-2" } tcp option maxseg size > 1398 tcp option maxseg size set 1398',
    ];
    expect(verdict([...clamps, 'accept'])).toBe('accept');
    expect(verdict(clamps)).toBe('drop');
  });

  test('UDP ports', () => {
    const packet: Packet = { ...ping('10.0.1.5', '10.0.1.6'), protocol: 'udp', destinationPort: 4500 };
    expect(verdict(['udp dport { 500, 4500 } accept'], { packet })).toBe('accept');
  });
});

test.each([
  'ct state established accept',
  'iifname "wan" jump elsewhere',
  'iifname vmap { "wan" : goto nowhere }',
  'iifname vmap { "wan" : accept }',
  'ip daddr . oifname { 192.168.1.5 } accept',
  'ip daddr . accept',
  'iifname "wan" counter accept',
  'iifname wan accept',
  'iifname "vpnx-1"',
  'ip saddr @allowed accept',
  'ip saddr 10.0.0.0-10.0.0.9 accept',
  'ip6 saddr ::/0 drop',
  'tcp dport 22 accept',
  'tcp flags & (syn | rst) == syn oifname { "vpnx-1" } accept',
  'ip saddr { } accept',
])('an unknown statement is an error: %s', (rule) => expect(() => verdict([rule])).toThrow());

const header = 'type filter hook input priority filter; policy drop;';

test.each([
  ['no chain', ['table ip nat {', '}']],
  ['another type', ['chain a {', 'type nat hook prerouting priority dstnat; policy accept;', '}']],
  ['another priority', ['chain a {', header.replace('filter; policy', 'filter - 1; policy'), '}']],
  ['that nothing leads to', ['chain a {', '}']],
  ['two at one hook', ['chain a {', header, '}', 'chain b {', header, '}']],
])('an unknown chain is an error: %s', (_, lines) => expect(() => parseFilter(lines.join('\n'))).toThrow());

test('without a chain at a hook everything passes', () => {
  const passage = { packet: ping('10.0.1.5', '10.0.2.5'), iif: 'lo', oif: '' };
  for (const hook of ['input', 'output', 'forward'] satisfies Hook[]) {
    expect(judge(compileFilter(null), hook, passage).verdict).toBe('accept');
  }
});
