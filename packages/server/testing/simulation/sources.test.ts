import { cidrContains, parseCidr, parseIpAddress } from '@landbridge/net';
import * as fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { sampleUplink } from '../sample-network.ts';
import { rangesOfVpc } from '../../src/domain/vpc/vpc.ts';
import { worldArbitrary } from './arbitrary-world.ts';
import { ccnScenario } from './ccn-worlds.ts';
import { probesOf, send, type Probe } from './comparison.ts';
import type { Outcome } from './network.ts';
import { errorAbout, ping, type Packet } from './packet.ts';
import { byRoute, bySpd, route, scenario } from './scenario-worlds.ts';
import { plansOf, SimulatedWorld } from './simulated-world.ts';
import type { World } from './world.ts';

vi.setConfig({ testTimeout: 60_000 });

/** Where packets with a forged source end, and what counts them (docs/adr/0019). */
const simulate = (world: World) => new SimulatedWorld(world, plansOf(world, sampleUplink));

function endOf(outcomes: readonly Outcome[]): string[] {
  return outcomes.map((outcome) => (outcome.kind === 'dropped' ? (outcome.counter ?? outcome.why) : outcome.kind));
}

const error = (quoted: string, source: string, destination: string): Packet =>
  errorAbout(parseIpAddress(quoted), parseIpAddress(source), parseIpAddress(destination));

const three = [1, 2, 3];
const onCcn = ccnScenario({ tunnels: three.map(byRoute), routes: three.map((number) => route(number)) });

describe('out of a subnet', () => {
  const from = (source: string, destination: string, world: World = onCcn) =>
    endOf(simulate(world).fromSubnet('subnet-subnet0c', ping(source, destination)));

  test('comes what has a source of its VPC, also of another subnet', () => {
    expect(from('172.16.1.5', '10.0.1.5')).toEqual(['subnet']);
    expect(from('172.16.9.5', '10.0.1.5')).toEqual(['subnet']);
  });

  test.each([
    ['another VPC on the CCN', '10.0.1.10'],
    ['an IDC', '192.168.1.5'],
    ['the Direct Connect network', '192.168.9.5'],
    ['nobody here', '8.8.8.8'],
    ['the router of a gateway', '169.254.0.2'],
  ])('nothing comes as %s', (_, source) => {
    for (const destination of [
      '10.0.1.5',
      '192.168.1.5',
      '192.168.9.5',
      '172.16.1.9',
      '172.16.1.1',
      '255.255.255.255',
    ]) {
      expect(from(source, destination)).toEqual(['vpc-network2.outside-vpc']);
    }
  });

  test('a host that asks for an address is not counted', () => {
    expect(from('0.0.0.0', '255.255.255.255')).toEqual([expect.stringContaining('ip saddr 0.0.0.0')]);
  });

  test('nothing enters the CCN as what the CCN knows as another instance, where VPCs overlap', () => {
    const overlapping = ccnScenario({ tunnels: [byRoute(1)], routes: [route(1)], subnetC: '10.0.7.0/24' });
    expect(from('10.0.7.5', '192.168.1.5', overlapping)).toEqual(['tunnel']);
    expect(from('10.0.1.5', '192.168.1.5', overlapping)).toEqual(['vpc-network2.others-source']);
  });
});

describe('out of a dedicated line', () => {
  const from = (source: string, destination: string) =>
    endOf(simulate(onCcn).fromLine('dcg-gateway1', ping(source, destination)));

  test('comes what has a source in a range of its gateway', () => {
    expect(from('192.168.9.5', '10.0.1.5')).toEqual(['subnet']);
  });

  test.each([
    ['a machine of a VPC', '10.0.1.10', 'network-source'],
    ['an IDC', '192.168.1.5', 'network-source'],
    ['nobody here', '8.8.8.8', 'outside-ranges'],
    ['the router on the line', '198.18.9.2', 'outside-ranges'],
  ])('nothing comes as %s', (_, source, reason) => {
    expect(from(source, '172.16.1.5')).toEqual([`dcg-gateway1.${reason}`]);
  });

  test('the router on the line may ask the gateway, and report errors about packets to the ranges', () => {
    const world = simulate(onCcn);
    expect(endOf(world.fromLine('dcg-gateway1', ping('198.18.9.2', '198.18.9.1')))).toEqual(['local']);
    const about = (quoted: string, source = '198.18.9.2') =>
      endOf(world.fromLine('dcg-gateway1', error(quoted, source, '10.0.1.5')));
    expect(about('192.168.9.5')).toEqual(['subnet']);
    expect(about('192.168.8.5')).toEqual(['dcg-gateway1.outside-ranges']);
    expect(about('192.168.9.5', '172.16.1.1')).toEqual(['dcg-gateway1.network-source']);
  });

  test('of a VPC comes what an enabled route of the VPC leads back', () => {
    const { directConnectGateways: gateways, ...rest } = onCcn.desired;
    const [template] = scenario({ tunnels: [byRoute(1)], vpcRoutes: ['192.168.9.0/24'] }).desired.vpcRoutes;
    const nextHop = { kind: 'direct-connect-gateway', id: 'dcg-gateway1' } as const;
    const desired: World['desired'] = {
      ...rest,
      directConnectGateways: gateways.map((one) => ({ ...one, network: 'vpc', vpcId: 'vpc-network1' })),
      ccnAttachments: rest.ccnAttachments.filter(({ instance }) => instance.id !== 'dcg-gateway1'),
      directConnectRanges: [],
      vpcRoutes: [{ ...template!, nextHop }],
    };
    const sent = (source: string) =>
      endOf(simulate({ ...onCcn, desired }).fromLine('dcg-gateway1', ping(source, '10.0.1.5')));
    expect(sent('192.168.9.5')).toEqual(['subnet']);
    expect(sent('192.168.8.5')).toEqual(['dcg-gateway1.outside-ranges']);
    expect(sent('10.0.2.5')).toEqual(['dcg-gateway1.network-source']);
  });
});

describe('out of a tunnel', () => {
  const shared = scenario({
    tunnels: [byRoute(1), byRoute(2), bySpd(3)],
    routes: [route(1), route(2, { to: '192.168.1.0/24', priority: 100 }), route(2, { to: '192.168.7.0/24' })],
    vpcRoutes: ['192.168.1.0/24'],
  });
  const from = (tunnel: 1 | 2 | 3, packet: Packet, world: World = shared) =>
    endOf(simulate(world).fromTunnel(`vpnx-tunnel0${tunnel}`, packet, 'admits-all'));

  test.each([[[]], [['vpnx-tunnel01']], [['vpnx-tunnel01', 'vpnx-tunnel02']]] as const)(
    'comes what a route of any priority leads back, whichever tunnels work: without %j',
    (unusable) => {
      const world = { ...shared, unusable: new Set(unusable) };
      expect(from(1, ping('192.168.1.5', '10.0.1.5'), world)).toEqual(['subnet']);
      expect(from(2, ping('192.168.1.5', '10.0.1.5'), world)).toEqual(['subnet']);
    },
  );

  test('nothing comes with a source of another tunnel, of the VPC, or of nobody', () => {
    expect(from(1, ping('192.168.7.5', '10.0.1.5'))).toEqual(['vpnx-tunnel01.unrouted-source']);
    expect(from(1, ping('192.168.3.5', '10.0.1.5'))).toEqual(['vpnx-tunnel01.unrouted-source']);
    expect(from(1, ping('8.8.8.8', '10.0.1.5'))).toEqual(['vpnx-tunnel01.unrouted-source']);
    expect(from(1, ping('10.0.1.9', '192.168.3.5'))).toEqual(['vpnx-tunnel01.network-source']);
    expect(from(3, ping('192.168.1.5', '10.0.1.5'))).toEqual(['vpnx-tunnel03.outside-mappings']);
    expect(from(3, ping('192.168.3.5', '192.168.1.5'))).toEqual(['vpnx-tunnel03.outside-mappings']);
  });

  test('comes an error about a packet to its ranges, from a router that is nobody else', () => {
    expect(from(1, error('192.168.1.5', '203.0.113.11', '10.0.1.5'))).toEqual(['subnet']);
    expect(from(1, error('192.168.7.5', '203.0.113.11', '10.0.1.5'))).toEqual(['vpnx-tunnel01.unrouted-source']);
    expect(from(1, error('192.168.1.5', '192.168.7.5', '10.0.1.5'))).toEqual(['vpnx-tunnel01.unrouted-source']);
    expect(from(1, error('192.168.1.5', '192.168.3.5', '10.0.1.5'))).toEqual(['vpnx-tunnel01.unrouted-source']);
    expect(from(1, error('192.168.1.5', '10.0.1.9', '192.168.3.5'))).toEqual(['vpnx-tunnel01.network-source']);
  });

  test('comes the answer to a probe, and nothing else from its address', () => {
    const [localAddress, remoteAddress] = [parseIpAddress('169.254.128.1'), parseIpAddress('169.254.128.2')];
    const healthCheck = { ...byRoute(1).healthCheck, enabled: true, localAddress, remoteAddress };
    const tunnels = [{ ...byRoute(1), healthCheck }];
    const world = scenario({ tunnels, routes: [route(1)], vpcRoutes: ['192.168.1.0/24'] });
    expect(from(1, ping(remoteAddress, localAddress), world)).toEqual(['local']);
    expect(from(1, ping(remoteAddress, '10.0.1.5'), world)).toEqual(['vpnx-tunnel01.unrouted-source']);
  });
});

describe('what no mapping covers, on its way into an SPD tunnel', () => {
  const local = '10.0.1.0/24';
  const vpcRoutes = ['192.168.0.0/16'];
  const sent = (world: World, source: string, destination: string) =>
    endOf(simulate(world).fromSubnet('subnet-subnet0b', ping(source, destination)));

  test('is counted by the tunnel whose remote range it is for', () => {
    const tunnels = [bySpd(1, local), bySpd(2, local), byRoute(3)];
    const world = scenario({ tunnels, routes: [route(3)], vpcRoutes });
    expect(sent(world, '10.0.2.5', '192.168.1.5')).toEqual(['vpnx-tunnel01.unmapped']);
    expect(sent(world, '10.0.2.5', '192.168.2.5')).toEqual(['vpnx-tunnel02.unmapped']);
    // It is nobody's: each of three may have been meant.
    expect(sent(world, '10.0.2.5', '192.168.77.5')).toEqual(['rule 300']);
    expect(sent(world, '10.0.2.5', '192.168.3.5')).toEqual(['tunnel']);
    // A route that is taken out accuses no mapping.
    const failed = { ...world, unusable: new Set(['vpnx-tunnel03'] as const) };
    expect(sent(failed, '10.0.2.5', '192.168.3.5')).toEqual(['rule 300']);
  });

  test('is all that has no way where no other tunnel is there', () => {
    const world = scenario({ tunnels: [bySpd(1, local)], vpcRoutes });
    expect(sent(world, '10.0.2.5', '192.168.1.5')).toEqual(['vpnx-tunnel01.unmapped']);
    expect(sent(world, '10.0.2.5', '192.168.77.5')).toEqual(['vpnx-tunnel01.unmapped']);
    expect(endOf(simulate(world).fromSubnet('subnet-subnet0a', ping('10.0.1.5', '192.168.1.5')))).toEqual(['tunnel']);
  });
});

/** Whether the probe's source can be one of where it is put into the network, by the rows alone. */
function isForged({ desired }: World, probe: Probe): boolean {
  const { source, quotedDestination } = probe.packet;
  if (quotedDestination !== undefined) return false;
  const isIn = (ranges: readonly { readonly destination: ReturnType<typeof parseCidr> }[]) =>
    ranges.some(({ destination }) => cidrContains(destination, source));
  switch (probe.kind) {
    case 'subnet': {
      const vpcId = desired.subnets.find(({ id }) => id === probe.id)?.vpcId;
      return desired.vpcs.some((vpc) => {
        return vpc.id === vpcId && !rangesOfVpc(vpc).some((range) => cidrContains(range, source));
      });
    }
    case 'line':
      return ![
        desired.directConnectRanges.filter((one) => one.directConnectGatewayId === probe.id),
        desired.vpcRoutes.filter(({ enabled, nextHop }) => enabled && nextHop.id === probe.id),
      ].some(isIn);
    case 'tunnel': {
      const tunnel = desired.vpnConnections.find(({ id }) => id === probe.id);
      const gateway = desired.vpnGateways.find(({ id }) => id === tunnel?.vpnGatewayId);
      if (tunnel?.mode !== 'route' || gateway?.checksSources !== true) return false;
      return !isIn(desired.vpnGatewayRoutes.filter(({ enabled, nextHop }) => enabled && nextHop.id === probe.id));
    }
  }
}

test('in random networks a forged source ends where it comes in, counted or refused by the kernel', () => {
  let forged = 0;
  fc.assert(
    fc.property(worldArbitrary, (world) => {
      const simulated = simulate(world);
      for (const probe of probesOf(world)) {
        if (!isForged(world, probe)) continue;
        forged++;
        const outcomes = send(simulated, probe);
        expect(outcomes.map(({ kind, hops }) => [kind, hops.length])).toEqual([['dropped', 1]]);
        expect(endOf(outcomes)[0]).toMatch(
          new RegExp(`^(?:(?:vpc|dcg|vpnx)-[a-z0-9]+\\.[a-z-]+|.*ip saddr 0.0.0.0 drop)$`),
        );
      }
    }),
    { numRuns: 60 },
  );
  expect(forged).toBeGreaterThan(1000);
});
