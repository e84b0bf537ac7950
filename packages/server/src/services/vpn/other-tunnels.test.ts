import {
  cidrContains,
  everything,
  normalizeCidr,
  parseCidr,
  parseIpAddress,
  type Cidr,
  type IpAddress,
} from '@landbridge/net';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { sampleConnection, sampleNetwork } from '../../../testing/sample-network.ts';
import { proposeProbeAddresses } from '../../domain/vpn/health-check-address.ts';
import type { CustomerGateway } from '../../domain/vpn/customer-gateway.ts';
import { refuseQuota } from '../../domain/operator/quota-refusal.ts';
import { completeQuotas, type Quotas } from '../../domain/operator/quotas.ts';
import { refuse, Refusal } from '../../domain/refusal.ts';
import { checkAgainstOthers, mappingsConflict } from '../../domain/vpn/security-policy.ts';
import {
  mappingsOf,
  type HealthCheck,
  type SecurityPolicyEntry,
  type VpnConnection,
} from '../../domain/vpn/vpn-connection.ts';
import type { VpnGatewayRoute } from '../../domain/vpn/vpn-gateway-route.ts';
import type { VpnGateway } from '../../domain/vpn/vpn-gateway.ts';
import { Draft, type DraftRows } from '../../image/draft.ts';
import { Image } from '../../image/image.ts';
import type { Rows } from '../../image/rows.ts';
import { otherTunnels } from './other-tunnels.ts';
import { checkPeerAddress, checkProbeAddress } from './probe-address-rules.ts';
import { checkCounts, completeHealthCheck, ifIdSeries, nextIfId } from './vpn-connection-rules.ts';

vi.setConfig({ testTimeout: 60_000 });

/*
 * The rules that a new tunnel, or a changed one, is held to among the others of its gateway: as they are by indexes, and as they
 * are by a look at every tunnel. Both say the same, and name the same object.
 */

const scope = { accountId: 'admin', region: 'local' };
const [vpcOfGateway] = sampleNetwork([]).vpcs;
const gateway: VpnGateway = { ...sampleNetwork([]).vpnGateways[0]!, ...scope };

/** Sixteen addresses within the VPC's reach and outside of it, and blocks of them, so that they meet. */
const address = fc.oneof(
  fc.integer({ min: 0, max: 7 }).map((last) => parseIpAddress(`169.254.128.${last}`)),
  fc.integer({ min: 0, max: 3 }).map((last) => parseIpAddress(`172.20.0.${last}`)),
  fc.integer({ min: 0, max: 3 }).map((last) => parseIpAddress(`198.51.100.${last}`)),
  fc.constant(gateway.publicAddress),
);
const block = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(address, fc.integer({ min: 26, max: 32 }))
      .map(([at, length]) => normalizeCidr(`${at}/${length}`)),
  },
  { weight: 1, arbitrary: fc.constant(everything) },
);
const policies: fc.Arbitrary<SecurityPolicyEntry[]> = fc.array(
  fc.record({ local: block, remotes: fc.array(block, { minLength: 1, maxLength: 2 }) }),
  { maxLength: 2 },
);
const probes = fc.record({
  localAddress: fc.option(address),
  remoteAddress: fc.option(address),
  enabled: fc.boolean(),
});
const tunnelArbitrary = fc.record({
  peer: fc.nat(3),
  mode: fc.constantFrom('spd' as const, 'route' as const),
  policies,
  probes,
  ifId: fc.integer({ min: 1, max: 8 }),
  createdAt: fc.nat(2),
  isOfGateway: fc.integer({ min: 0, max: 4 }).map((number) => number > 0),
});
const routeArbitrary = fc.record({ destination: block, createdAt: fc.nat(2) });
const worldArbitrary = fc.record({
  tunnels: fc.array(tunnelArbitrary, { maxLength: 7 }),
  routes: fc.array(routeArbitrary, { maxLength: 3 }),
  /** How many of the tunnels came with the draft, and whether the first one is the one that changes. */
  fresh: fc.nat(3),
  changes: fc.boolean(),
  counter: fc.nat(8),
});

type World = typeof worldArbitrary extends fc.Arbitrary<infer T> ? T : never;

const peers: readonly CustomerGateway[] = [0, 1, 2, 3].map((number) => {
  const named = { ...scope, createdAt: number, id: `cgw-0000000${number}` as const, name: 'peer' };
  return { ...named, address: parseIpAddress(`198.51.100.${number}`), bgpAsn: null, tags: [] };
});

function tunnelsOf({ tunnels }: World): VpnConnection[] {
  return tunnels.map(({ peer, probes: found, isOfGateway, ...tunnel }, number) => {
    const sample = sampleConnection(1);
    return {
      ...{ ...sample, ...scope, ...tunnel, id: `vpnx-0000000${number}` },
      vpnGatewayId: isOfGateway ? gateway.id : 'vpngw-elsewhere',
      customerGatewayId: peers[peer]!.id,
      healthCheck: { ...sample.healthCheck, ...found },
    };
  });
}

/** Some tunnels are in the image, changed or not by the draft, and some are the draft's. */
function worldOf(world: World): { readonly rows: DraftRows; readonly self: VpnConnection | undefined } {
  const tunnels = tunnelsOf(world);
  const routes = world.routes.map(({ destination, createdAt }, number): VpnGatewayRoute => {
    const nextHop = { kind: 'vpn-connection', id: `vpnx-0000000${number}` } as const;
    const fields = { nextHop, priority: 0, enabled: true, description: '', updatedAt: 0 } as const;
    return { ...scope, ...fields, id: `vpnr-0000000${number}`, vpnGatewayId: gateway.id, destination, createdAt };
  });
  const old = tunnels.slice(world.fresh);
  const image = new Image(0, {
    vpcs: [{ ...vpcOfGateway!, id: gateway.vpcId! }],
    vpnGateways: [gateway],
    customerGateways: peers,
    vpnGatewayRoutes: routes,
    vpnConnections: old.map((tunnel, number) => (number > 0 ? tunnel : { ...tunnel, policies: [], mode: 'spd' })),
    counters: [{ name: ifIdSeries(gateway.id), value: world.counter }],
  });
  const { rows } = new Draft(image);
  for (const tunnel of tunnels.slice(0, world.fresh)) rows.vpnConnections.insert(tunnel);
  if (old[0] !== undefined) rows.vpnConnections.update(old[0]);
  const self = world.changes ? rows.vpnConnections.of('vpnGateway', gateway.id)[0] : undefined;
  return { rows, self };
}

/** What a rule answers, or what it refuses and whom it names. */
function outcomeOf(rule: () => unknown): unknown {
  try {
    return { answer: rule() };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { reason: error.reason, details: error.details };
  }
}

interface Asked {
  readonly rows: DraftRows;
  readonly self: VpnConnection | undefined;
  readonly peer: CustomerGateway;
  readonly policies: readonly SecurityPolicyEntry[];
  readonly mode: VpnConnection['mode'];
  readonly check: HealthCheck;
  readonly quotas: Quotas;
}

type Rules = Readonly<Record<string, (asked: Asked) => unknown>>;

const byIndex: Rules = {
  counts: ({ rows, self, peer, quotas }) =>
    checkCounts(gateway, peer, othersIn(rows, self), rows.vpnConnections.of('customerGateway', peer.id).length, quotas),
  policies: ({ rows, self, policies: own, quotas }) => checkAgainstOthers(own, othersIn(rows, self), quotas),
  ifId: ({ rows, self }) => nextIfId(rows, gateway.id, othersIn(rows, self)),
  peer: ({ rows, self, peer }) => checkPeerAddress(peer, self, othersIn(rows, self)),
  healthCheck: ({ rows, self, peer, mode, check }) => {
    const others = othersIn(rows, self);
    const surroundings = { rows, gateway, peer, others };
    const place = {
      ...{ mode, others },
      checkAddress: (side: 'Local' | 'Remote', at: IpAddress) => checkProbeAddress(side, at, surroundings),
    };
    return completeHealthCheck(check, self?.healthCheck ?? null, place, 3);
  },
};

function othersIn(rows: Rows, self: VpnConnection | undefined) {
  return otherTunnels(rows, gateway.id, self);
}

function allOthers(rows: Rows, self: VpnConnection | undefined): VpnConnection[] {
  return rows.vpnConnections.of('vpnGateway', gateway.id).filter(({ id }) => id !== self?.id);
}

function usesAddress({ healthCheck }: Pick<VpnConnection, 'healthCheck'>, at: IpAddress): boolean {
  return healthCheck.localAddress === at || healthCheck.remoteAddress === at;
}

const byLooking: Rules = {
  counts: ({ rows, self, peer, quotas }) => {
    const others = allOthers(rows, self);
    const pair = others.filter(({ customerGatewayId }) => customerGatewayId === peer.id);
    if (pair[0] !== undefined && pair.length >= quotas.vpnConnectionsPerPair) {
      const details = { vpnGateway: gateway.id, customerGateway: peer.id, other: pair[0].id };
      refuse('vpn-connection-pair-exists', details);
    }
    const ofPeer = rows.vpnConnections.all().filter(({ customerGatewayId }) => customerGatewayId === peer.id);
    for (const [quota, count, owner] of [
      ['vpnConnectionsPerVpnGateway', others.length, gateway.id],
      ['vpnConnectionsPerCustomerGateway', ofPeer.length, peer.id],
    ] as const) {
      if (count >= quotas[quota]) refuseQuota(quotas, quota, owner);
    }
  },
  policies: ({ rows, self, policies: own, quotas }) => {
    const mappings = mappingsOf({ policies: own });
    if (mappings.length === 0) return;
    const taken = allOthers(rows, self)
      .filter(({ mode }) => mode === 'spd')
      .flatMap((other) => mappingsOf(other).map((mapping) => ({ ...mapping, owner: other.id })));
    if (mappings.length + taken.length > quotas.mappingsPerVpnGateway) {
      refuseQuota(quotas, 'mappingsPerVpnGateway', gateway.id);
    }
    const text = ({ local, remote }: { local: Cidr; remote: Cidr }) => `${local} - ${remote}`;
    for (const mapping of mappings) {
      const other = taken.find((candidate) => mappingsConflict(candidate, mapping));
      if (other === undefined) continue;
      refuse('policy-conflict', { mapping: text(mapping), other: text(other), owner: other.owner });
    }
  },
  ifId: ({ rows, self }) => {
    const taken = new Set(allOthers(rows, self).map(({ ifId }) => ifId));
    for (;;) {
      const ifId = rows.next(ifIdSeries(gateway.id));
      if (!taken.has(ifId)) return ifId;
    }
  },
  peer: ({ rows, self, peer: { id, address: at } }) => {
    const tunnels = self === undefined ? allOthers(rows, self) : [self, ...allOthers(rows, self)];
    const other = tunnels.find((one) => usesAddress(one, at));
    if (other !== undefined) refuse('peer-address-is-probed', { id, address: at, other: other.id });
  },
  healthCheck: ({ rows, self, peer, mode, check }) => {
    if (check.enabled && mode === 'spd') refuse('health-check-needs-destination-routing');
    const { localAddress, remoteAddress } = check;
    if (localAddress !== null && localAddress === remoteAddress)
      refuse('health-check-addresses-equal', { address: localAddress });
    const others = allOthers(rows, self);
    for (const [side, at, before] of [
      ['Local', localAddress, self?.healthCheck.localAddress],
      ['Remote', remoteAddress, self?.healthCheck.remoteAddress],
    ] as const) {
      if (at !== null && at !== before) refuseProbeAddress(side, at, rows, peer, others);
    }
    if (!check.enabled || (localAddress !== null && remoteAddress !== null)) return check;
    const checks = [check, ...others.map((one) => one.healthCheck)];
    const proposal = proposeProbeAddresses((at) => checks.some((one) => usesAddress({ healthCheck: one }, at)), 3)!;
    return {
      ...check,
      localAddress: localAddress ?? proposal.local,
      remoteAddress: remoteAddress ?? proposal.remote,
    };
  },
};

function refuseProbeAddress(
  side: 'Local' | 'Remote',
  at: IpAddress,
  rows: Rows,
  peer: CustomerGateway,
  others: readonly VpnConnection[],
): void {
  const around = [peer.id, ...others.map(({ customerGatewayId }) => customerGatewayId)];
  const holder = [
    { id: gateway.id, address: gateway.publicAddress },
    ...around.map((id) => rows.customerGateways.get(id)!),
  ].find((one) => one.address === at);
  if (holder !== undefined) refuse('health-check-address-is-public', { side, address: at, id: holder.id });
  if (!at.startsWith('169.254.') && !at.startsWith('172.20.'))
    refuse('health-check-address-not-private', { side, address: at });
  const ranges = [
    ...rows.vpcs.all().map(({ id, cidr }) => ({ id, range: cidr })),
    ...rows.vpnGatewayRoutes.of('vpnGateway', gateway.id).map(({ id, destination }) => ({ id, range: destination })),
    ...others.flatMap((other) => mappingsOf(other).map(({ remote }) => ({ id: other.id, range: remote }))),
  ].filter(({ range }) => range !== everything);
  const range = ranges.find((one) => cidrContains(one.range, at));
  if (range !== undefined) refuse('health-check-address-in-range', { side, address: at, ...range });
  const other = others.find((one) => usesAddress(one, at));
  if (other !== undefined) refuse('health-check-address-taken', { side, address: at, other: other.id });
}

const askedArbitrary = fc.record({
  peer: fc.nat(3),
  policies,
  mode: fc.constantFrom('spd' as const, 'route' as const),
  probes,
  perPair: fc.integer({ min: 1, max: 3 }),
  perGateway: fc.integer({ min: 1, max: 20 }),
  mappings: fc.integer({ min: 1, max: 40 }),
});

test.each(Object.keys(byIndex))('%s: an index says what a look at every tunnel says', (name) => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(worldArbitrary, askedArbitrary, (world, { peer, perPair, perGateway, mappings, ...asked }) => {
      const quotas = completeQuotas({
        vpnConnectionsPerPair: perPair,
        vpnConnectionsPerVpnGateway: perGateway,
        mappingsPerVpnGateway: mappings,
      });
      const check = { ...sampleConnection(1).healthCheck, ...asked.probes };
      const [one, other] = [byIndex, byLooking].map((rules) => {
        const { rows, self } = worldOf(world);
        return outcomeOf(() => rules[name]!({ ...asked, rows, self, peer: peers[peer]!, check, quotas }));
      });
      expect(one).toEqual(other);
      seen.add((one as { readonly reason?: string }).reason ?? 'allowed');
    }),
    { numRuns: 2000 },
  );
  // Each rule was seen to refuse for every reason that it has.
  expect([...seen].sort()).toEqual(['allowed', ...reasonsOf[name]!].sort());
});

const reasonsOf: Readonly<Record<string, readonly string[]>> = {
  counts: ['vpn-connection-pair-exists', 'quota-reached'],
  policies: ['quota-reached', 'policy-conflict'],
  ifId: [],
  peer: ['peer-address-is-probed'],
  healthCheck: [
    'health-check-needs-destination-routing',
    'health-check-addresses-equal',
    'health-check-address-is-public',
    'health-check-address-not-private',
    'health-check-address-in-range',
    'health-check-address-taken',
  ],
};

/** Tunnels that meet nothing that is asked, each of whose fields says when it is read. */
function crowd(count: number, readBy: (id: string) => void): VpnConnection[] {
  return Array.from({ length: count }, (_, number) => {
    const sample = sampleConnection(1);
    const block = normalizeCidr(`10.${number >> 8}.${number & 255}.0/24`);
    const tunnel: VpnConnection = {
      ...{ ...sample, ...scope, id: `vpnx-${String(number).padStart(8, '0')}`, createdAt: number, ifId: number + 10 },
      ...{ vpnGatewayId: gateway.id, customerGatewayId: `cgw-${String(number).padStart(8, '9')}` },
      mode: number % 2 === 0 ? 'spd' : 'route',
      policies: number % 2 === 0 ? [{ local: everything, remotes: [block] }] : [],
      healthCheck: {
        ...{ ...sample.healthCheck, enabled: number % 2 === 1 },
        localAddress: parseIpAddress(`10.${number >> 8}.${number & 255}.1`),
        remoteAddress: parseIpAddress(`10.${number >> 8}.${number & 255}.2`),
      },
    };
    return new Proxy(tunnel, {
      get: (target, name) => {
        readBy(tunnel.id);
        return Reflect.get(target, name) as unknown;
      },
    });
  });
}

test.each(Object.keys(byIndex))(
  '%s: as few tunnels are looked at when there are a thousand as when there are ten',
  (name) => {
    const looksAt = (count: number): number => {
      const read = new Set<string>();
      const image = new Image(0, { vpnConnections: crowd(count, (id) => read.add(id)), customerGateways: peers });
      read.clear();
      const { rows } = new Draft(image);
      const check = {
        ...sampleConnection(1).healthCheck,
        enabled: true,
        localAddress: parseIpAddress('169.254.128.1'),
      };
      const asked = { local: parseCidr('172.20.0.0/24'), remotes: [parseCidr('192.168.0.0/16')] };
      const quotas = completeQuotas({ vpnConnectionsPerVpnGateway: 5000, mappingsPerVpnGateway: 5000 });
      byIndex[name]!({ rows, self: undefined, peer: peers[0]!, policies: [asked], mode: 'route', check, quotas });
      return read.size;
    };
    expect(looksAt(1000)).toBe(looksAt(10));
  },
);
