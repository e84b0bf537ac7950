import { parseCidr, parseIpAddress } from '@landbridge/net';
import * as fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { sampleUplink } from '../sample-network.ts';
import type { Uplink } from '../../src/domain/operator/uplink.ts';
import { hostAddresses, routerAddresses } from './addresses.ts';
import { worldArbitrary } from './arbitrary-world.ts';
import { ccnScenario } from './ccn-worlds.ts';
import { probesOf, send } from './comparison.ts';
import { answersTo, type Outcome } from './network.ts';
import { ping, type Packet } from './packet.ts';
import { byRoute, route, scenario } from './scenario-worlds.ts';
import { plansOf, SimulatedWorld } from './simulated-world.ts';
import type { World } from './world.ts';
import { netnsName } from '../../src/plan/names.ts';

/** Random networks by the hundred; a failing one is shrunk first. */
vi.setConfig({ testTimeout: 60_000 });

const uplinks: readonly Uplink[] = [
  sampleUplink,
  { mode: 'nat', interface: 'eth0', address: parseIpAddress('198.51.100.7'), pathMtu: 1500 },
  {
    mode: 'bridged',
    attach: { kind: 'macvlan', interface: 'eth0' },
    addresses: [parseCidr('203.0.113.128/26')],
    prefixLength: 24,
    nextHop: parseIpAddress('203.0.113.1'),
    pathMtu: 1500,
  },
];
const anyUplink = fc.constantFrom(...uplinks);

function simulate(world: World, uplink: Uplink = sampleUplink): SimulatedWorld {
  return new SimulatedWorld(world, plansOf(world, uplink));
}

/** Hosts and the addresses of routers: what no host can have is where surprises are. */
function everyAddress(world: World) {
  return [...new Set([...hostAddresses(world), ...routerAddresses(world.desired)])];
}

/** Namespace → account. */
function ownersOf({ desired }: World): Map<string, string> {
  const { vpcs, vpnGateways, ccns, directConnectGateways } = desired;
  const owned = [...vpcs, ...vpnGateways, ...ccns, ...directConnectGateways];
  return new Map(owned.map(({ id, accountId }) => [netnsName(id), accountId]));
}

function isInner(outcome: Outcome): boolean {
  return outcome.kind === 'tunnel' || outcome.kind === 'subnet' || outcome.kind === 'line';
}

/** Packets in clear by `wan` of every gateway. */
function fromOutside(world: World): { netns: string; packet: Packet }[] {
  const addresses = everyAddress(world);
  return world.desired.vpnGateways.flatMap(({ id }) =>
    addresses.flatMap((source) =>
      addresses.map((destination) => ({ netns: netnsName(id), packet: ping(source, destination) })),
    ),
  );
}

describe('random networks', () => {
  test('nothing from inside leaves in clear, and IPsec has nothing left to refuse', () => {
    fc.assert(
      fc.property(worldArbitrary, anyUplink, (world, uplink) => {
        const simulated = simulate(world, uplink);
        const bad = probesOf(world, everyAddress(world))
          .flatMap((probe) => send(simulated, probe))
          .filter((outcome) => outcome.kind === 'outside' || (outcome.kind === 'tunnel' && !outcome.isAdmitted));
        expect(bad).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  test('nothing in clear from outside gets into a tunnel or a VPC', () => {
    fc.assert(
      fc.property(worldArbitrary, anyUplink, (world, uplink) => {
        const simulated = simulate(world, uplink);
        const outcomes = fromOutside(world).flatMap(({ netns, packet }) => simulated.fromOutside(netns, packet));
        expect(outcomes.filter(isInner)).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  test('a packet, and what is answered to it, stays in the namespaces and tunnels of its account', () => {
    fc.assert(
      fc.property(worldArbitrary, anyUplink, (world, uplink) => {
        const simulated = simulate(world, uplink);
        const owners = ownersOf(world);
        for (const probe of probesOf(world, everyAddress(world))) {
          const outcomes = send(simulated, probe);
          const all = [...outcomes, ...outcomes.flatMap((outcome) => answersTo(simulated.network, outcome))];
          const seen = all.flatMap(({ hops, netns }) => [...hops.map((hop) => hop.netns), netns]);
          expect(seen.filter((netns) => owners.get(netns) !== probe.accountId)).toEqual([]);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('sources on a CCN gateway', () => {
  const three = [1, 2, 3];
  const world = ccnScenario({ tunnels: three.map(byRoute), routes: three.map((number) => route(number)) });
  const kindsOf = (
    desired: World['desired'],
    source: string,
    destination = '10.0.1.5',
    unusable?: World['unusable'],
  ) => {
    const simulated = simulate({ ...world, desired, ...(unusable === undefined ? {} : { unusable }) });
    return simulated.fromTunnel('vpnx-tunnel01', ping(source, destination), 'admits-all').map(({ kind }) => kind);
  };
  const withRange = (destination: string, id: 'vpnr-wide' | 'vpnr-same' = 'vpnr-wide'): World['desired'] => ({
    ...world.desired,
    vpnGatewayRoutes: [...world.desired.vpnGatewayRoutes, { ...route(1, { to: destination }), id }],
  });

  test.each(['10.0.1.5', '10.0.9.9', '172.16.1.5', '192.168.9.5'])('%s belongs to somebody else', (source) => {
    expect(kindsOf(world.desired, source, '192.168.2.5')).not.toContain('tunnel');
    expect(kindsOf(world.desired, source, '172.16.1.9')).not.toContain('subnet');
  });

  const unchecked: World['desired'] = {
    ...world.desired,
    vpnGateways: world.desired.vpnGateways.map((gateway) => ({ ...gateway, checksSources: false })),
  };

  test.each(['192.168.2.5', '198.51.100.5', '8.8.8.8'])(
    '%s comes out of a tunnel that no route leads to, only where the gateway does not check it',
    (source) => {
      expect(kindsOf(world.desired, source)).toEqual(['dropped']);
      expect(kindsOf(unchecked, source)).toEqual(['subnet']);
    },
  );

  test.each(['10.0.1.5', '172.16.1.5', '192.168.9.5'])("%s is another instance's, checked or not", (source) => {
    expect(kindsOf(unchecked, source, '172.16.1.9')).toEqual(['dropped']);
  });

  test('a wider range of its own covers the ranges of other gateways, not the subnets of VPCs', () => {
    const wide = withRange('192.168.0.0/16');
    expect(kindsOf(wide, '192.168.9.5')).toEqual(['subnet']);
    const tens = withRange('10.0.0.0/8');
    expect(kindsOf(tens, '10.0.1.5', '172.16.1.9')).not.toContain('subnet');
    expect(kindsOf(tens, '10.200.1.5', '172.16.1.9')).toEqual(['subnet']);
  });

  test('the same range of its own, though another instance has it in the CCN', () => {
    expect(kindsOf(withRange('192.168.9.0/24', 'vpnr-same'), '192.168.9.5')).toEqual(['subnet']);
  });

  test('its ranges stay its own while no tunnel leads there', () => {
    expect(kindsOf(world.desired, '192.168.1.5', '10.0.1.5', new Set(['vpnx-tunnel01']))).toEqual(['subnet']);
    const disabled = world.desired.vpnGatewayRoutes.map((one) => ({ ...one, enabled: false }));
    expect(kindsOf({ ...unchecked, vpnGatewayRoutes: disabled }, '192.168.1.5')).toEqual(['subnet']);
    expect(kindsOf({ ...world.desired, vpnGatewayRoutes: disabled }, '192.168.1.5')).toEqual(['dropped']);
  });

  test('a failover changes no filter', () => {
    const filters = (unusable: ReadonlySet<'vpnx-tunnel01'>) =>
      plansOf({ ...world, unusable }, sampleUplink).map(({ filter }) => filter);
    expect(filters(new Set(['vpnx-tunnel01']))).toEqual(filters(new Set()));
  });
});

function answers(simulated: SimulatedWorld, outcomes: readonly Outcome[]): Outcome[] {
  return outcomes.flatMap((outcome) => answersTo(simulated.network, outcome));
}

/** Echo replies and ICMP errors quote what they answer. */
describe('what gateways say themselves', () => {
  const gateway = 'vpngw-gateway1';
  const attached = scenario({ tunnels: [byRoute(1), byRoute(2)], routes: [route(1), route(2)] });
  const unattached = scenario({ tunnels: [byRoute(1), byRoute(2)], routes: [route(1), route(2)], isAttached: false });
  const clearAnswers = (world: World, packet: Packet) => {
    const simulated = simulate(world);
    const outcomes = simulated.fromTunnel('vpnx-tunnel01', packet, 'checks-selectors');
    return answers(simulated, outcomes).filter(({ kind }) => kind === 'outside');
  };

  test('an error about a packet out of a tunnel goes back into the tunnel', () => {
    expect(clearAnswers(attached, ping('192.168.1.5', '192.168.2.5'))).toEqual([]);
  });

  test('the same on a gateway without a VPC, which has no address but its public one', () => {
    expect(clearAnswers(unattached, ping('192.168.1.5', '192.168.2.5'))).toEqual([]);
  });

  test('a ping of the public address out of a tunnel is not answered in clear', () => {
    expect(clearAnswers(attached, ping('192.168.1.5', '203.0.113.128'))).toEqual([]);
  });

  test('a ping of an inside address from outside is not answered into a tunnel', () => {
    const simulated = simulate(attached);
    const outcomes = simulated.fromOutside(netnsName(gateway), ping('192.168.1.5', '10.0.1.1'));
    expect(answers(simulated, outcomes).filter(isInner)).toEqual([]);
  });

  test('a ping of the public address from outside is answered there', () => {
    const simulated = simulate(attached);
    const outcomes = simulated.fromOutside(netnsName(gateway), ping('198.51.100.9', '203.0.113.128'));
    const replies = answers(simulated, outcomes).filter(({ packet }) => packet.icmpType === 'echo-reply');
    expect(replies.map(({ kind }) => kind)).toEqual(['outside']);
  });

  test('answers to packets from inside never leave in clear', () => {
    fc.assert(
      fc.property(worldArbitrary, anyUplink, (world, uplink) => {
        const simulated = simulate(world, uplink);
        const outcomes = probesOf(world, everyAddress(world)).flatMap((probe) => send(simulated, probe));
        expect(answers(simulated, outcomes).filter(({ kind }) => kind === 'outside')).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  test('answers to packets in clear from outside never get into a tunnel or a VPC', () => {
    fc.assert(
      fc.property(worldArbitrary, anyUplink, (world, uplink) => {
        const simulated = simulate(world, uplink);
        const outcomes = fromOutside(world).flatMap(({ netns, packet }) => simulated.fromOutside(netns, packet));
        expect(answers(simulated, outcomes).filter(isInner)).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });
});
