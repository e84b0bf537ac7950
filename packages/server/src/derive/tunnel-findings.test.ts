import { everything, parseCidr } from '@landbridge/net';
import { expect, test } from 'vitest';
import { rowsOf, type NetworkRows } from '../../testing/image-of.ts';
import { sampleConnection } from '../../testing/sample-network.ts';
import { ccnScenario } from '../../testing/simulation/ccn-worlds.ts';
import { byRoute, bySpd, idcRange, route, scenario } from '../../testing/simulation/scenario-worlds.ts';
import type { SaObservation } from '../domain/operator/observation.ts';
import type { VpnConnection } from '../domain/vpn/vpn-connection.ts';
import { toldByRows, tunnelFindings } from './tunnel-findings.ts';

const now = 1_000_000;
const up: SaObservation = {
  ...{ ikeEstablished: true, children: { 'vpnx-tunnel01': true }, connected: true, lastError: null, changedAt: 0 },
};
const silent: SaObservation = { ...up, ikeEstablished: false, children: { 'vpnx-tunnel01': false }, connected: false };

/** `tunnel01 no-vpc-route 192.168.1.0/24` and so on. */
function found(desired: Partial<NetworkRows>, sas: SaObservation | null = up): string[] {
  const rows = rowsOf(desired);
  return (desired.vpnConnections ?? []).flatMap((connection) =>
    tunnelFindings(connection, toldByRows(connection.id, rows), { sas }, now).map(({ object, code, ours }) =>
      [object.replace('vpnx-', ''), code, ...(ours === null ? [] : [ours])].join(' '),
    ),
  );
}

const three = [1, 2, 3];
const vpcRoutes = three.map(idcRange);
const threeRoutes = three.map((number) => route(number));
const announced = Object.fromEntries(vpcRoutes.map((range) => [range, true]));
/** Scenario 4 by SPD. */
const spdOnCcn = three.map((number) =>
  sampleConnection(
    number,
    ['10.0.0.0/16', '172.16.0.0/16', '192.168.9.0/24', ...vpcRoutes.filter((range) => range !== idcRange(number))].map(
      (local) => ({ local: parseCidr(local), remotes: [parseCidr(idcRange(number))] }),
    ),
  ),
);
const standby = { to: '192.168.8.0/24', priority: 100 } as const;

test.each([
  ['1 by route', scenario({ tunnels: [byRoute(1)], routes: [route(1)], vpcRoutes: [idcRange(1)] })],
  ['1 by SPD', scenario({ tunnels: [bySpd(1, '10.0.1.0/24')], vpcRoutes: [idcRange(1)] })],
  ['2', scenario({ tunnels: three.map(byRoute), routes: threeRoutes, vpcRoutes })],
  ['3', scenario({ tunnels: three.map(byRoute), routes: threeRoutes, isAttached: false })],
  ['4 by route', ccnScenario({ tunnels: three.map(byRoute), routes: threeRoutes })],
  ['4 by SPD', ccnScenario({ tunnels: spdOnCcn, announced })],
  [
    '5 in a VPC',
    scenario({
      tunnels: [byRoute(1), byRoute(2)],
      routes: [route(1, { to: standby.to }), route(2, standby)],
      vpcRoutes: [standby.to],
    }),
  ],
  [
    '5 on a CCN',
    ccnScenario({ tunnels: [byRoute(1), byRoute(2)], routes: [route(1, { to: standby.to }), route(2, standby)] }),
  ],
  [
    '5 by equal priorities',
    scenario({
      tunnels: [byRoute(1), byRoute(2)],
      routes: [route(1, { to: standby.to }), route(2, { to: standby.to })],
      vpcRoutes: [standby.to],
    }),
  ],
  ['6 by SPD', scenario({ tunnels: three.map((number) => bySpd(number)), vpcRoutes })],
  ['6 by both', scenario({ tunnels: [bySpd(1), bySpd(2), byRoute(3)], routes: [route(3)], vpcRoutes })],
  ['6 by route', scenario({ tunnels: three.map(byRoute), routes: threeRoutes, vpcRoutes })],
])('nothing is wrong with the tunnels of scenario %s', (_name, { desired }) => {
  expect(desired.vpnConnections.length).toBeGreaterThan(0);
  expect(found(desired)).toEqual([]);
});

test('no enabled route of the gateway leads into a tunnel with destination routing', () => {
  const { desired } = scenario({
    tunnels: [byRoute(1), byRoute(2)],
    routes: [route(1, { enabled: false }), route(2)],
    vpcRoutes,
  });
  expect(found(desired)).toEqual(['tunnel01 no-gateway-route']);
  const [told] = toldByRows('vpnx-tunnel01', rowsOf(desired));
  expect(told?.evidence).toEqual(['vpnr-192.168.1.0/24-1-0 (192.168.1.0/24, priority 0, disabled)']);
});

test('no route table of a subnet leads to the gateway, for all ranges or for some', () => {
  const tunnels = [byRoute(1)];
  const twoRanges = [route(1), route(1, { to: '192.168.8.0/24' })];
  const bare = scenario({ tunnels, routes: twoRanges }).desired;
  expect(found(bare)).toEqual(['tunnel01 no-vpc-route 192.168.1.0/24, 192.168.8.0/24']);
  const partial = scenario({ tunnels, routes: twoRanges, vpcRoutes: [idcRange(1)] }).desired;
  expect(found(partial)).toEqual(['tunnel01 range-without-vpc-route 192.168.8.0/24']);
  const wider = scenario({ tunnels, routes: twoRanges, vpcRoutes: ['192.168.0.0/16'] }).desired;
  expect(found(wider)).toEqual([]);
  const disabled = { ...wider, vpcRoutes: wider.vpcRoutes.map((each) => ({ ...each, enabled: false })) };
  expect(found(disabled)).toEqual(['tunnel01 no-vpc-route 192.168.1.0/24, 192.168.8.0/24']);
  // A longer one leads elsewhere.
  const elsewhere = {
    ...wider,
    vpcRoutes: [
      ...wider.vpcRoutes,
      ...wider.vpcRoutes.map((each) => ({
        ...each,
        ...{ id: 'rti-other001' as const, destination: parseCidr(idcRange(1)) },
        nextHop: { kind: 'direct-connect-gateway', id: 'dcg-gateway1' } as const,
      })),
    ],
  };
  expect(found(elsewhere)).toEqual(['tunnel01 range-without-vpc-route 192.168.1.0/24']);
  // Nobody is there who could send.
  expect(found({ ...bare, subnets: [] })).toEqual([]);
});

test('of an SPD tunnel the route tables of the subnets that its mappings name count', () => {
  const { desired } = scenario({ tunnels: [bySpd(1, '10.0.1.0/24')], vpcRoutes: [idcRange(1)] });
  const other = { ...desired.routeTables[0]!, id: 'rtb-other001' as const, isMain: false };
  const moved = {
    ...desired,
    routeTables: [...desired.routeTables, other],
    subnets: desired.subnets.map((subnet) => (subnet.name === 'a' ? { ...subnet, routeTableId: other.id } : subnet)),
  };
  expect(found(moved)).toEqual(['tunnel01 no-vpc-route 192.168.1.0/24']);
});

test('the CCN does not lead ranges to the gateway: it is not attached, a range or a route is disabled', () => {
  const one = { tunnels: [byRoute(1)], routes: [route(1), route(1, { to: '192.168.8.0/24' })] };
  expect(found(ccnScenario({ ...one, isGatewayAttached: false }).desired)).toEqual([
    'tunnel01 gateway-not-attached vpngw-gateway1',
  ]);
  expect(found(ccnScenario({ ...one, disabled: [idcRange(1)] }).desired)).toEqual([
    'tunnel01 range-without-ccn-route 192.168.1.0/24',
  ]);
  expect(found(ccnScenario({ ...one, announced: { [idcRange(1)]: false, '192.168.8.0/24': false } }).desired)).toEqual([
    'tunnel01 no-ccn-route 192.168.1.0/24, 192.168.8.0/24',
  ]);
  // What a Direct Connect gateway has was there before, and never fails.
  const taken = { tunnels: [byRoute(1)], routes: [route(1, { to: '192.168.9.0/24', createdAt: 5 })] };
  expect(found(ccnScenario(taken).desired)).toEqual(['tunnel01 no-ccn-route 192.168.9.0/24']);
  // SPD ranges are announced once somebody enables them.
  expect(found(ccnScenario({ tunnels: spdOnCcn }).desired)).toEqual(
    three.map((number) => `tunnel0${number} no-ccn-route ${idcRange(number)}`),
  );
});

test('what another gateway of the CCN serves waits for its failure', () => {
  const { desired } = ccnScenario({ tunnels: [byRoute(1)], routes: [route(1)] });
  const id = 'vpngw-gateway2';
  const [gateway, attachment] = [desired.vpnGateways[0]!, desired.ccnAttachments.at(-1)!];
  const second = byRoute(2);
  const two = {
    ...desired,
    vpnGateways: [gateway, { ...gateway, id } as const],
    ccnAttachments: [
      ...desired.ccnAttachments,
      { ...attachment, instance: { kind: 'vpn-gateway', id } as const, number: 9 },
    ],
    vpnConnections: [byRoute(1), { ...second, vpnGatewayId: id } as const],
    vpnGatewayRoutes: [
      route(1),
      { ...route(2, { to: idcRange(1), createdAt: 5 }), vpnGatewayId: id, id: 'vpnr-second1' } as const,
    ],
  };
  expect(found(two)).toEqual(['tunnel02 range-waits-on-ccn 192.168.1.0/24']);
});

test('mappings whose local range nobody has who could send through the gateway', () => {
  const vain = scenario({ tunnels: [bySpd(1, '10.9.0.0/16')], vpcRoutes }).desired;
  expect(found(vain)).toEqual(['tunnel01 no-mapping-reached 10.9.0.0/16']);
  const locals = ['10.0.0.0/16', '10.9.0.0/16'].map((local) => ({
    local: parseCidr(local),
    remotes: [parseCidr(idcRange(1))],
  }));
  const partial = scenario({ tunnels: [sampleConnection(1, locals)], vpcRoutes }).desired;
  expect(found(partial)).toEqual(['tunnel01 mapping-unreached 10.9.0.0/16']);
  // A tunnel with destination routing may send into an SPD tunnel of the gateway.
  const hub = scenario({ tunnels: [bySpd(1, '10.9.0.0/16'), byRoute(2)], routes: [route(2, { to: '10.9.0.0/16' })] });
  expect(found({ ...hub.desired, subnets: [] })).toEqual([]);
  expect(found(scenario({ tunnels: [bySpd(1)], isAttached: false }).desired)).toEqual([
    'tunnel01 gateway-not-attached vpngw-gateway1',
  ]);
});

test('what the API refuses, and a database may have all the same', () => {
  const inside = { tunnels: [byRoute(1)], routes: [route(1, { to: '10.0.7.0/24' })], vpcRoutes };
  expect(found(scenario(inside).desired)).toEqual(['tunnel01 destination-in-own-vpc 10.0.7.0/24']);
  expect(found(scenario({ ...inside, routes: [...inside.routes, route(1)] }).desired)).toEqual([
    'tunnel01 route-never-serves 10.0.7.0/24',
  ]);
  const intoPolicies = { tunnels: [bySpd(1)], routes: [route(1), route(1, { to: '192.168.8.0/24' })], vpcRoutes };
  expect(found(scenario(intoPolicies).desired)).toEqual(['tunnel01 route-outside-mappings 192.168.8.0/24']);
});

test('a standby route into the tunnel that the first one leads into never serves', () => {
  const routes = [route(1), route(1, { priority: 100 })];
  expect(found(scenario({ tunnels: [byRoute(1)], routes, vpcRoutes }).desired)).toEqual([
    'tunnel01 route-never-serves 192.168.1.0/24',
  ]);
  const withoutFirst = [route(1, { enabled: false }), route(1, { priority: 100 })];
  expect(found(scenario({ tunnels: [byRoute(1)], routes: withoutFirst, vpcRoutes }).desired)).toEqual([]);
});

test('weak options, lifetimes that end before a rekeying can, and policies that nobody heeds', () => {
  const { ike, esp } = byRoute(1);
  const of = (changes: Partial<VpnConnection>) =>
    found(
      scenario({ tunnels: [sampleConnection(1, [], changes)], routes: [route(1)], vpcRoutes: [idcRange(1)] }).desired,
    ).map((line) => line.replace('tunnel01 ', ''));
  const old = { version: 1, encryption: '3des', integrity: 'md5', dhGroup: 2, aggressive: true } as const;
  expect(of({ ike: { ...ike, ...old } })).toEqual([
    ...['weak-ike-encryption 3des', 'weak-ike-integrity md5', 'weak-ike-dh-group group 2', 'aggressive-mode'],
  ]);
  expect(of({ ike: { ...ike, integrity: 'sha1', encryption: 'aes128' } })).toEqual(['weak-ike-integrity sha1']);
  expect(of({ esp: { ...esp, encryption: 'des', integrity: 'md5', pfsGroup: 5 } })).toEqual([
    ...['weak-esp-encryption des', 'weak-esp-integrity md5', 'weak-pfs-group group 5'],
  ]);
  expect(of({ esp: { ...esp, encryption: 'aes128', integrity: 'sha1' } })).toEqual(['sha1-esp-integrity sha1']);
  // Of AEAD ciphers no integrity algorithm is used.
  expect(of({ esp: { ...esp, integrity: 'md5' } })).toEqual([]);
  expect(of({ ike: { ...ike, lifetimeSeconds: 60 } })).toEqual(['ike-lifetime-short 60 s']);
  expect(of({ ike: { ...ike, lifetimeSeconds: 180 } })).toEqual([]);
  const late = { ...ike, version: 1, encryption: 'aes256', lifetimeSeconds: 300 } as const;
  expect(of({ ike: late, negotiation: 'passive' })).toEqual(['ike-lifetime-short 300 s']);
  expect(of({ esp: { ...esp, lifetimeSeconds: 160 } })).toEqual(['esp-lifetime-short 160 s']);
  expect(of({ esp: { ...esp, lifetimeKilobytes: 2560 } })).toEqual(['esp-traffic-lifetime-short 2560 KB']);
  expect(of({ writtenPolicies: [{ local: '10.0.0.0/16', remotes: ['192.168.1.0/24'] }] })).toEqual([
    'policies-ignored',
  ]);
  expect(of({ writtenPolicies: [{ local: everything, remotes: [everything] }] })).toEqual([]);
});

test('both ends are passive only where the peer said nothing for a time', () => {
  const passive = sampleConnection(1, [], { negotiation: 'passive' });
  const { desired } = scenario({ tunnels: [passive], routes: [route(1)], vpcRoutes: [idcRange(1)] });
  expect(found(desired, silent)).toEqual(['tunnel01 both-ends-passive passive']);
  expect(found(desired, { ...silent, changedAt: now - 5000 })).toEqual([]);
  expect(found(desired, { ...silent, lastError: 'the peer has another key' })).toEqual([]);
  expect(found(desired, { ...silent, ikeEstablished: true })).toEqual([]);
  expect(found(desired, null)).toEqual([]);
  expect(found(desired, up)).toEqual([]);
  const lazy = { ...desired, vpnConnections: [{ ...passive, negotiation: 'on-traffic' as const }] };
  expect(found(lazy, silent)).toEqual(['tunnel01 waits-for-traffic']);
  expect(found(lazy, up)).toEqual([]);
  const active = { ...desired, vpnConnections: [{ ...passive, negotiation: 'active' as const }] };
  expect(found(active, silent)).toEqual([]);
});
