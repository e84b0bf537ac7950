import { cidrContains, ipFromBigInt, parseCidr, parseIpAddress } from '@landbridge/net';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LinkPlan, NetnsPlan, RoutePlan } from '../../src/plan/plan.ts';
import { enter, networkOf, originate, type Outcome } from './network.ts';
import { covers, ping } from './packet.ts';

const forwarding = { 'net.ipv4.ip_forward': '1' };

function plan(name: string, parts: Partial<NetnsPlan>): NetnsPlan {
  return {
    key: `vpc-${name}`,
    netns: `lb-${name}`,
    sysctls: forwarding,
    links: [],
    rules: [{ priority: 100, action: { kind: 'lookup', table: 254 } }],
    routes: [],
    proxies: [],
    filter: null,
    charon: null,
    ...parts,
  };
}

const bridge = (name: string, address: string): LinkPlan => ({
  kind: 'bridge',
  name,
  addresses: [{ address, scope: 'global' }],
});
const veth = (name: string, netns: string, peer: string, address: string): LinkPlan => ({
  kind: 'veth',
  name,
  peer: { netns, name: peer },
  addresses: [{ address, scope: 'link' }],
});
const peer = (name: string, address: string): LinkPlan => ({
  kind: 'veth-peer',
  name,
  addresses: [{ address, scope: 'link' }],
});
const toward = (destination: string, device: string, via: string, metric = 0): RoutePlan => ({
  table: 254,
  destination: parseCidr(destination),
  metric,
  kind: 'unicast',
  nextHops: [{ device, via: parseIpAddress(via) }],
});
const blackhole = (destination: string, metric = 0): RoutePlan => ({
  ...{ table: 254, destination: parseCidr(destination), metric },
  ...{ kind: 'blackhole', nextHops: [] },
});

const one = (parts: Partial<NetnsPlan>) =>
  networkOf([plan('a', { links: [bridge('left', '10.0.1.1/24'), bridge('right', '10.0.2.1/24')], ...parts })]);
const fromLeft = (parts: Partial<NetnsPlan>, destination: string, source = '10.0.1.5') =>
  enter(one(parts), { netns: 'lb-a', device: 'left' }, ping(source, destination)).map(text);

function text(outcome: Outcome): string {
  return outcome.kind === 'dropped' ? `dropped: ${outcome.why}` : outcome.kind;
}

test('connected routes, own addresses and broadcasts', () => {
  expect(fromLeft({}, '10.0.2.5')).toEqual(['subnet']);
  expect(fromLeft({}, '10.0.2.1')).toEqual(['local']);
  expect(fromLeft({}, '10.0.2.255')).toEqual(['local']);
  expect(fromLeft({}, '10.0.3.5')).toEqual(['dropped: no route']);
});

test('the longest prefix, then the lowest metric; a table without a route passes on', () => {
  expect(fromLeft({ routes: [blackhole('10.0.2.0/25')] }, '10.0.2.5')).toEqual([
    'dropped: blackhole 10.0.2.0/25 in table 254',
  ]);
  expect(fromLeft({ routes: [blackhole('10.0.2.0/24', 9)] }, '10.0.2.5')).toEqual(['subnet']);
  const rules: NetnsPlan['rules'] = [
    { priority: 300, action: { kind: 'blackhole' } },
    { priority: 200, iif: 'right', action: { kind: 'lookup', table: 254 } },
    { priority: 100, action: { kind: 'lookup', table: 7 } },
  ];
  expect(fromLeft({ rules }, '10.0.2.5')).toEqual(['dropped: rule 300']);
});

test('what the kernel refuses before routing', () => {
  expect(fromLeft({}, '10.0.2.5', '10.0.1.1')).toEqual(['dropped: own source 10.0.1.1']);
  const accepting = { sysctls: { ...forwarding, 'net.ipv4.conf.left.accept_local': '1' } };
  expect(fromLeft(accepting, '10.0.2.5', '10.0.1.1')).toEqual(['subnet']);
  expect(fromLeft({}, '224.0.0.5')).toEqual(['dropped: martian destination 224.0.0.5']);
  expect(fromLeft({ sysctls: {} }, '10.0.2.5')).toEqual(['dropped: ip_forward']);
});

test('veths lead to each other, to neighbours only, and not for ever', () => {
  const network = (neighbour: string) =>
    networkOf([
      plan('a', { links: [veth('b', 'lb-b', 'a', '169.254.0.1/32')], routes: [toward('0.0.0.0/0', 'b', neighbour)] }),
      plan('b', { links: [peer('a', '169.254.0.2/32')], routes: [toward('0.0.0.0/0', 'a', '169.254.0.1')] }),
    ]);
  const sent = (neighbour: string) => originate(network(neighbour), 'lb-a', ping('10.0.0.1', '10.0.9.9')).map(text);
  expect(sent('169.254.0.2')).toEqual(['dropped: hop limit']);
  expect(sent('169.254.0.3')).toEqual(['dropped: nobody is 169.254.0.3 behind b']);
});

test('plans that contradict themselves or each other are errors', () => {
  expect(() => networkOf([plan('a', { links: [veth('b', 'lb-b', 'a', '169.254.0.1/32')] })])).toThrow('in no plan');
  expect(() => one({ routes: [toward('0.0.0.0/0', 'nowhere', '169.254.0.1')] })).toThrow('no link');
  expect(() => one({ routes: [blackhole('10.0.0.0/16'), blackhole('10.0.0.0/16')] })).toThrow('two of');
  expect(() => one({ sysctls: { 'net.ipv4.conf.all.rp_filter': '1' } })).toThrow('reverse paths');
});

test('covers is cidrContains', () => {
  const number = fc.bigInt(0n, 2n ** 32n - 1n);
  fc.assert(
    fc.property(number, number, fc.nat(32), (network, address, length) => {
      const host = BigInt(32 - length);
      const block = parseCidr(`${ipFromBigInt(4, (network >> host) << host)}/${length}`);
      for (const candidate of [network, address].map((value) => ipFromBigInt(4, value))) {
        expect(covers(block, candidate)).toBe(cidrContains(block, candidate));
      }
    }),
  );
});
