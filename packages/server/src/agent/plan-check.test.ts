import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCidr, parseIpAddress } from '@landbridge/net';
import { rowsOf } from '../../testing/image-of.ts';
import { sampleConnection, sampleGatewayRoute, sampleNetwork, sampleUplink } from '../../testing/sample-network.ts';
import { worldArbitrary } from '../../testing/simulation/arbitrary-world.ts';
import { ccnWorldArbitrary } from '../../testing/simulation/arbitrary-ccn-routing.ts';
import type { Uplink } from '../domain/operator/uplink.ts';
import type { NetnsPlan, PlanKey } from '../plan/plan.ts';
import { planFor, planKeys } from '../planner/plan-for.ts';
import { PlanCheck } from './plan-check.ts';

const rows = rowsOf(
  sampleNetwork(
    [
      sampleConnection(1),
      sampleConnection(2, [{ local: parseCidr('10.0.0.0/16'), remotes: [parseCidr('192.168.2.0/24')] }]),
    ],
    [sampleGatewayRoute('192.168.1.0/24', 1)],
    ['192.168.1.0/24'],
  ),
);
const gatewayKey = 'vpngw-gateway1';
const vpcKey = planKeys(rows).find((key) => key.startsWith('vpc-'))!;
const plan = (key: PlanKey, uplink: Uplink | null = sampleUplink) => planFor(key, rows, uplink)!;
const checkOf = (uplink: Uplink | null = sampleUplink, hostInterfaces: readonly string[] | null = null) =>
  new PlanCheck({ uplink, hostInterfaces }).check;

/** The same with something put in, wherever it is. */
type Hostile = Record<string, unknown>;
const link = (changes: Hostile) => ({ kind: 'bridge', name: 'subnet-evil0000', addresses: [], ...changes });
const withLink = (of: NetnsPlan, changes: Hostile) => ({ ...of, links: [...of.links, link(changes)] });

describe('plans of ours', () => {
  it.each(planKeys(rows))('are let in: %s', (key) => {
    expect(() => checkOf()(key, plan(key))).not.toThrow();
  });

  it.each<[string, Uplink]>([
    ['nat', { mode: 'nat', interface: 'eth0', address: parseIpAddress('203.0.113.1'), pathMtu: 1500 }],
    ...(['bridge-port', 'macvlan'] as const).map((kind): [string, Uplink] => [
      kind,
      {
        ...{ mode: 'bridged', addresses: [parseCidr('203.0.113.0/28')], prefixLength: 28, pathMtu: 1500 },
        nextHop: parseIpAddress('203.0.113.14'),
        attach: kind === 'macvlan' ? { kind, interface: 'eth0' } : { kind, bridge: 'br0' },
      },
    ]),
  ])('are let in with an uplink of mode %s', (_, uplink) => {
    const { publicAddress } = rows.vpnGateways.get(gatewayKey)!;
    const own =
      uplink.mode === 'nat'
        ? { ...uplink, address: publicAddress }
        : { ...uplink, addresses: [parseCidr(`${publicAddress}/32`)] };
    for (const key of planKeys(rows)) expect(() => checkOf(own)(key, plan(key, own))).not.toThrow();
  });

  it.each([
    ['worlds', worldArbitrary],
    ['CCNs', ccnWorldArbitrary],
  ])('of arbitrary %s are let in', { timeout: 60_000 }, (_, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, ({ desired }) => {
        const drawn = rowsOf(desired);
        for (const key of planKeys(drawn)) {
          for (const forwarding of ['ours', 'operator'] as const) {
            checkOf()(key, planFor(key, drawn, sampleUplink, forwarding));
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('hostile plans are refused, and the word in the way is named', () => {
  const own = plan(vpcKey);
  const gateway = plan(gatewayKey);
  const [connection] = gateway.charon!.connections;
  const [chain] = gateway.filter!.chains;
  const withConnection = (changes: Hostile) => ({
    ...gateway,
    charon: { connections: [{ ...connection, ...changes }] },
  });
  const withRule = (rule: unknown) => ({
    ...gateway,
    filter: { ...gateway.filter, chains: [{ ...chain, rules: [rule] }] },
  });

  it.each<[string, PlanKey, unknown, RegExp]>([
    ['of another key', gatewayKey, own, /plan of vpc-/],
    ['of a namespace that is not its own', vpcKey, { ...own, netns: 'lb-vpc-00000000' }, /not its namespace/],
    ['of a namespace that is not ours', vpcKey, { ...own, netns: 'docker' }, /netns/],
    ["of the host's namespace", vpcKey, { ...own, netns: null }, /the host's is not its namespace/],
    ['with a property that no plan has', vpcKey, { ...own, hook: 'rm -rf /' }, /additional properties/],
    ['with a setting of the kernel', vpcKey, { ...own, sysctls: { 'kernel.core_pattern': '1' } }, /sysctls/],
    [
      'with a path for a setting',
      vpcKey,
      { ...own, sysctls: { 'net.ipv4.conf.../../../kernel/x': '1' } },
      /sysctls|setting/,
    ],
    ['with a setting of another', vpcKey, { ...own, sysctls: { 'net.ipv4.tcp_syncookies': '0' } }, /tcp_syncookies/],
    ['with a text for a setting', vpcKey, { ...own, sysctls: { 'net.ipv4.ip_forward': '|/bin/sh' } }, /sysctls/],
    ['with a device whose name is a command', vpcKey, withLink(own, { name: 'a\nlink del eth0' }), /the link/],
    ['with a device whose name is a path', vpcKey, withLink(own, { name: '..' }), /the link/],
    ['with a kind of device that there is not', vpcKey, withLink(own, { kind: 'ipip' }), /kind of link/],
    ["with the host's loopback", vpcKey, withLink(own, attachedTo('lo')), /lo is not to be attached/],
    ["with the uplink's interface", vpcKey, withLink(own, attachedTo('uplink')), /uplink is not to be attached/],
    ['with a device of ours', vpcKey, withLink(own, attachedTo('vpngw-gateway1')), /not to be attached/],
    [
      'with a cable to the host',
      vpcKey,
      withLink(own, { kind: 'veth', peer: { netns: null, name: vpcKey } }),
      /no cable to the host/,
    ],
    [
      'with a cable into a namespace under a name of its own',
      vpcKey,
      withLink(own, { kind: 'veth', name: gatewayKey, peer: { netns: 'lb-vpngw-gateway1', name: 'wan' } }),
      /not named vpc-/,
    ],
    [
      'with a MACVLAN of any interface',
      vpcKey,
      withLink(own, { kind: 'macvlan', parent: 'eth0' }),
      /eth0 is not the uplink/,
    ],
    ['with a port of any bridge', vpcKey, withLink(own, { kind: 'bridge-port', port: 'eth0' }), /eth0 is not its port/],
    ['with IKE where no gateway is', vpcKey, { ...own, charon: gateway.charon }, /only a VPN gateway has IKE/],
    ['with an IKE option that the contract has not', gatewayKey, withConnection({ updown: '/bin/sh' }), /connection/],
    [
      'with a proposal that ends its line',
      gatewayKey,
      withConnection({ ikeProposals: ['aes\nupdown=x'] }),
      /connection/,
    ],
    ['with an address of others', gatewayKey, withConnection({ localAddress: '192.0.2.77' }), /not the uplink's/],
    [
      'with text between the words of nft',
      gatewayKey,
      withRule({ matches: [{ field: 'iifname', is: '"a" accept; #' }], actions: [] }),
      /chain/,
    ],
    [
      'with a comment that ends',
      gatewayKey,
      withRule({ matches: [], actions: [], comment: '" }; flush ruleset; #' }),
      /chain/,
    ],
    [
      'with a match that nft would read',
      gatewayKey,
      withRule({ matches: [{ field: 'meta mark 1 accept', is: 'a' }], actions: [] }),
      /chain/,
    ],
  ])('%s', (_, key, hostile, problem) => {
    expect(() => checkOf()(key, hostile)).toThrow(problem);
  });

  const host = plan('host');
  const [route] = host.routes;
  const filterOf = (hook: string, rule: unknown, policy = 'accept') => ({
    ...host,
    filter: {
      ...{ counters: [], sets: [] },
      chains: [
        { name: hook, base: { type: 'filter', hook, priority: 'filter', policy }, rules: rule === null ? [] : [rule] },
      ],
    },
  });
  const dropAll = { matches: [], actions: [{ verdict: 'drop' }] };

  it.each<[string, unknown, RegExp]>([
    ['with the default route', { ...host, routes: [{ ...route, destination: '0.0.0.0/0' }] }, /route to 0.0.0.0\/0/],
    [
      'with a route to an address of others',
      { ...host, routes: [{ ...route, destination: '192.0.2.1/32' }] },
      /192.0.2.1/,
    ],
    [
      'with a route by a device of others',
      { ...host, routes: [{ ...route, nextHops: [{ device: 'eth0' }] }] },
      /is not ours/,
    ],
    ['with a route by a table of others', { ...host, routes: [{ ...route, table: 100 }] }, /is not ours/],
    ['with a proxy for others', { ...host, proxies: [{ device: 'uplink', address: '192.0.2.1' }] }, /192.0.2.1/],
    ['with a proxy elsewhere', { ...host, proxies: [{ ...host.proxies[0], device: 'eth0' }] }, /on eth0/],
    ['with a device of others', withLink(host, { name: 'eth0' }), /eth0 is not ours/],
    [
      'with a port of a bridge',
      withLink(host, { kind: 'veth-peer', name: 'vpngw-00000001', master: 'br0' }),
      /port of br0/,
    ],
    ['with forwarding everywhere', { ...host, sysctls: { 'net.ipv4.ip_forward': '1' } }, /ip_forward is not ours/],
    ['with forwarding elsewhere', { ...host, sysctls: { 'net.ipv4.conf.eth0.forwarding': '1' } }, /eth0.forwarding/],
    ['with no syncookies', { ...host, sysctls: { 'net.ipv4.tcp_syncookies': '0' } }, /syncookies/],
    [
      'with other bounds of the kernel',
      { ...host, sysctlMinima: { 'net.ipv4.neigh.default.gc_thresh2': 1 } },
      /gc_thresh2/,
    ],
    ['with rules', { ...host, rules: [{ priority: 1, action: { kind: 'blackhole' } }] }, /no rules/],
    ['that drops what comes to the host', filterOf('input', dropAll), /not ours/],
    ['that drops all that it does not name', filterOf('input', null, 'drop'), /let pass/],
    ['that drops what others forward', filterOf('forward', dropAll), /not ours/],
    [
      'that lets in what the operator keeps out',
      filterOf('input', { matches: [], actions: [{ verdict: 'accept' }] }),
      /not ours/,
    ],
    ['that translates', filterOf('prerouting', { matches: [], actions: [{ dnat: '192.0.2.1' }] }), /not ours/],
  ])("of the host's namespace: %s", (_, hostile, problem) => {
    expect(() => checkOf()('host', hostile)).toThrow(problem);
  });

  it('interfaces of the host are those that its operator has named, where any are', () => {
    const attached = withLink(own, attachedTo('eth7', 'lan'));
    expect(() => checkOf(sampleUplink, ['eth1', 'eth7'])(vpcKey, attached)).not.toThrow();
    expect(() => checkOf(sampleUplink, null)(vpcKey, attached)).not.toThrow();
    expect(() => checkOf(sampleUplink, ['eth1', 'eth8'])(vpcKey, attached)).toThrow(/eth7 is not in "hostInterfaces"/);
  });
});

function attachedTo(hostInterface: string, name = hostInterface.slice(0, 15)): Hostile {
  return { kind: 'attached', name, hostInterface, vlanId: null, master: null };
}
