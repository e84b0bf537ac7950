import { everything, parseCidr, parseIpAddress } from '@landbridge/net';
import type { VpnConnectionId } from '../src/domain/resource-id.ts';
import { adjacent } from '../src/plan/cable.ts';
import type { BaseChainPlan, TablePlan } from '../src/plan/packet-filter.ts';
import { accept, drop, filterChain, is, isIn, tableOf, when } from '../src/planner/filter-words.ts';
import type { ConnectionPlan, LinkPlan, IssuedPlan } from '../src/plan/plan.ts';

/** Hand-written plans for tests: a VPC with one subnet and its gateway, with ids that no other test has. */
export interface SampleIds {
  readonly vpc: `vpc-${string}`;
  readonly gateway: `vpngw-${string}`;
  readonly subnet: string;
  readonly tunnels: readonly VpnConnectionId[];
}

/** @param suffix four letters or digits. */
export function sampleIds(suffix: string, tunnels: number): SampleIds {
  return {
    vpc: `vpc-test${suffix}`,
    gateway: `vpngw-test${suffix}`,
    subnet: `subnet-test${suffix}`,
    tunnels: Array.from({ length: tunnels }, (_, index) => `vpnx-tst${index}${suffix}` as const),
  };
}

const publicAddress = parseIpAddress('203.0.113.1');
const nearAddress = parseIpAddress('169.254.0.1');

export function sampleHostPlan(ids: SampleIds): IssuedPlan {
  return {
    key: 'host',
    netns: null,
    generation: 0,
    sysctls: { 'net.ipv4.ip_forward': '1', [`net.ipv4.conf.${ids.gateway}.forwarding`]: '1' },
    links: [
      {
        kind: 'veth-peer',
        name: ids.gateway,
        addresses: [{ address: `${nearAddress}/32`, scope: 'link' }],
        adjacent: adjacent(ids.gateway),
      },
    ],
    rules: [],
    routes: [
      {
        table: 254,
        destination: parseCidr(`${publicAddress}/32`),
        metric: 0,
        kind: 'unicast',
        nextHops: [{ device: ids.gateway }],
      },
    ],
    proxies: [{ device: 'uplink', address: publicAddress }],
    filter: null,
    charon: null,
  };
}

export function sampleVpcPlan(ids: SampleIds): IssuedPlan {
  return {
    key: ids.vpc,
    netns: `lb-${ids.vpc}`,
    generation: 3,
    sysctls: { 'net.ipv4.ip_forward': '1', 'net.ipv4.conf.all.rp_filter': '0' },
    links: [
      { kind: 'loopback', name: 'lo', addresses: [{ address: `${nearAddress}/32`, scope: 'link' }] },
      { kind: 'bridge', name: ids.subnet, addresses: [{ address: '10.0.1.1/24', scope: 'global' }] },
      { kind: 'veth-peer', name: ids.gateway, addresses: [], adjacent: adjacent(ids.gateway) },
    ],
    rules: [
      { priority: 100, action: { kind: 'lookup', table: 254 } },
      { priority: 200, iif: ids.subnet, action: { kind: 'lookup', table: 1234567 } },
      { priority: 200, iif: 'lo', from: parseCidr('10.0.1.1/32'), action: { kind: 'lookup', table: 1234567 } },
      { priority: 300, action: { kind: 'blackhole' } },
    ],
    routes: [
      { table: 254, destination: parseCidr('10.0.0.0/16'), metric: 65535, kind: 'blackhole', nextHops: [] },
      {
        table: 1234567,
        destination: parseCidr('10.8.0.0/13'),
        metric: 0,
        kind: 'unicast',
        nextHops: [{ device: ids.gateway, via: parseIpAddress('169.254.0.2') }],
      },
    ],
    proxies: [],
    filter: openChain('forward', 'forward'),
    neighbourBound: openChain('ask', 'postrouting'),
    cablesFrom: ['vpn-gateway', 'direct-connect-gateway'],
    charon: null,
  };
}

export function sampleGatewayPlan(ids: SampleIds, generation = 7): IssuedPlan {
  const [first, second] = ids.tunnels;
  return {
    key: ids.gateway,
    netns: `lb-${ids.gateway}`,
    generation,
    sysctls: { 'net.ipv4.ip_forward': '1', 'net.ipv4.conf.all.rp_filter': '0' },
    links: [
      { kind: 'loopback', name: 'lo', addresses: [{ address: '169.254.0.2/32', scope: 'link' }] },
      {
        kind: 'veth',
        name: 'wan',
        peer: { netns: null, name: ids.gateway },
        adjacent: adjacent('host'),
        mtu: 1500,
        egressLimitMbps: 100,
        addresses: [{ address: `${publicAddress}/32`, scope: 'global' }],
      },
      {
        kind: 'veth',
        name: ids.vpc,
        peer: { netns: `lb-${ids.vpc}`, name: ids.gateway },
        adjacent: adjacent(ids.vpc),
        addresses: [{ address: '10.0.1.1/32', scope: 'global' }],
      },
      ...ids.tunnels.map((name, index): LinkPlan => ({
        kind: 'tunnel',
        name,
        ifId: index + 1,
        mtu: 1434,
        addresses: [{ address: '10.0.1.1/32', scope: 'global' }],
      })),
    ],
    rules: [
      { priority: 5, iif: 'lo', from: parseCidr('10.0.1.1/32'), action: { kind: 'lookup', table: 100 } },
      { priority: 10, iif: 'lo', action: { kind: 'lookup', table: 254 } },
      { priority: 200, iif: ids.vpc, action: { kind: 'lookup', table: 100 } },
      ...ids.tunnels.map((iif) => ({ priority: 200, iif, action: { kind: 'lookup', table: 100 } }) as const),
      { priority: 300, action: { kind: 'blackhole' } },
    ],
    routes: [
      {
        table: 254,
        destination: everything,
        metric: 0,
        kind: 'unicast',
        nextHops: [{ device: 'wan', via: nearAddress }],
        source: publicAddress,
      },
      {
        table: 100,
        destination: parseCidr('10.0.0.0/16'),
        metric: 0,
        kind: 'unicast',
        nextHops: [{ device: ids.vpc, via: nearAddress }],
      },
      ...(first === undefined ? [] : [tunnelRoute('10.8.0.0/16', 1, [first])]),
      ...(second === undefined ? [] : [tunnelRoute('10.9.0.0/16', 1, [second])]),
      ...(second === undefined ? [] : [tunnelRoute('10.10.0.0/16', 101, ids.tunnels)]),
    ],
    proxies: [],
    filter: gatewayFilter(ids),
    charon: { connections: ids.tunnels.map((id, index) => sampleConnection(id, index)) },
  };
}

function tunnelRoute(destination: string, metric: number, devices: readonly string[]): IssuedPlan['routes'][number] {
  const nextHops = devices.map((device) => ({ device }));
  return { table: 100, destination: parseCidr(destination), metric, kind: 'unicast', nextHops };
}

function openChain(name: string, hook: BaseChainPlan['hook']): TablePlan {
  return tableOf({ chains: [filterChain(name, hook, 'accept', [])] });
}

function gatewayFilter({ vpc, tunnels }: SampleIds): TablePlan {
  const inside = [vpc, ...tunnels];
  const rules = [
    when(is('iifname', 'wan')).do(drop),
    when(is('oifname', 'wan')).do(drop),
    when(isIn('iifname', inside), isIn('oifname', inside)).do(accept),
  ];
  return tableOf({ chains: [filterChain('forward', 'forward', 'drop', rules)] });
}

/** The peer of tunnel N is 198.51.100.(N+2). */
export function sampleConnection(id: VpnConnectionId, index = 0): ConnectionPlan {
  const remoteAddress = parseIpAddress(`198.51.100.${index + 2}`);
  return {
    id,
    epoch: 0,
    version: 2,
    aggressive: false,
    localAddress: publicAddress,
    remoteAddress,
    localId: publicAddress,
    remoteId: remoteAddress,
    keyOwners: [remoteAddress],
    ikeProposals: ['aes128-sha256-ecp256'],
    ikeRekeySeconds: 3000,
    dpdDelaySeconds: 10,
    dpdTimeoutSeconds: 30,
    dpdAction: 'restart',
    negotiation: 'active',
    ifId: index + 1,
    espProposals: ['aes128gcm16'],
    espRekeySeconds: 3000,
    espLifeSeconds: 3600,
    espRekeyBytes: 900_000_000_000,
    espLifeBytes: 1_000_000_000_000,
    children: [{ name: id, localTs: everything, remoteTs: everything }],
  };
}
