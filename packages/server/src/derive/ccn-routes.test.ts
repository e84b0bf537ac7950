import { parseCidr } from '@landbridge/net';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultRouteTableId, type Ccn, type CcnAttachment, type CcnInstance } from '../domain/ccn/ccn.ts';
import { announcedToGateway, announcedToVpc } from './ccn-announcement.ts';
import { ccnRoutesOf, twinOf } from './ccn-routes.ts';
import type { CcnRoutePolicyList } from '../domain/ccn/ccn-route-policy.ts';
import { rowsOf, type NetworkRows } from '../../testing/image-of.ts';
import { sampleConnection, sampleGatewayRoute, sampleNetwork } from '../../testing/sample-network.ts';
import { assumeUsable } from '../domain/vpn/tunnel-usability.ts';

const owned = { accountId: 'admin', region: 'local' };
const ccn: Ccn = {
  ...{ ...owned, id: 'ccn-network1', createdAt: 0, name: 'ccn', description: '', qosLevel: 'gold', prepaid: false },
  ...{ metering: 'bandwidth', bandwidthLimit: 'outer-region', routeEcmp: false, routeOverlap: false },
  tags: [],
};
const defaultTable = { ccnId: ccn.id, routeTableId: defaultRouteTableId(ccn.id) };
const vpc = { kind: 'vpc', id: 'vpc-network1' } as const;
const gateway = { kind: 'vpn-gateway', id: 'vpngw-gateway1' } as const;
const direct = (number: number) => ({ kind: 'direct-connect-gateway', id: `dcg-line000${number}` }) as const;

function attach(instance: CcnInstance, createdAt: number): CcnAttachment {
  const binding = { routeTableId: defaultTable.routeTableId, boundAt: createdAt };
  return {
    ...owned,
    createdAt,
    ccnId: ccn.id,
    instance,
    description: '',
    ...binding,
    number: createdAt,
    generation: 1,
  };
}

function range(number: number, destination: string, updatedAt = 0) {
  return {
    ...{ ...owned, id: `dcr-range00${number}` as const, createdAt: 0, updatedAt, description: '' },
    ...{ directConnectGatewayId: direct(number).id, destination: parseCidr(destination) },
  };
}

/** 10.0.1.0/24 and 10.0.2.0/24 in the VPC. */
function network(changes: Partial<NetworkRows>): NetworkRows {
  return { ...sampleNetwork([sampleConnection(1)]), ccns: [ccn], ...changes };
}

const text = (desired: NetworkRows, isUsable = assumeUsable) =>
  ccnRoutesOf(defaultTable, rowsOf(desired), isUsable).map(({ destination, instance, enabled, obstacle }) => {
    return `${destination} ${instance.id} ${enabled ? 'enabled' : (obstacle?.kind ?? '')}`;
  });

describe('what is published', () => {
  test('a route a subnet, or the range of the VPC', () => {
    const attached = network({ ccnAttachments: [attach(vpc, 1)] });
    expect(text(attached)).toEqual(['10.0.1.0/24 vpc-network1 enabled', '10.0.2.0/24 vpc-network1 enabled']);
    const vpcs = attached.vpcs.map((one) => ({ ...one, publishVpcCidr: true }));
    expect(text({ ...attached, vpcs })).toEqual(['10.0.0.0/16 vpc-network1 enabled']);
  });

  test('enabled routes of a gateway, once for each range (T8)', () => {
    const routes = [
      sampleGatewayRoute('192.168.1.0/24', 1),
      sampleGatewayRoute('192.168.1.0/24', 1, { priority: 100 }),
    ];
    const ccnAttachments = [attach(gateway, 1)];
    expect(text(network({ ccnAttachments, vpnGatewayRoutes: routes }))).toEqual([
      '192.168.1.0/24 vpngw-gateway1 enabled',
    ]);
    const disabled = routes.map((route) => ({ ...route, enabled: false }));
    expect(text(network({ ccnAttachments, vpnGatewayRoutes: disabled }))).toEqual([]);
  });

  test('SPD ranges once they are enabled, routed ranges unless they are disabled', () => {
    const policies = [{ local: parseCidr('10.0.0.0/16'), remotes: [parseCidr('192.168.2.0/24')] }];
    const rows = network({
      ccnAttachments: [attach(gateway, 1)],
      vpnConnections: [sampleConnection(1, policies)],
      vpnGatewayRoutes: [sampleGatewayRoute('192.168.1.0/24', 1)],
    });
    const choose = (destination: string, enabled: boolean) => ({
      ...{ vpnGatewayId: gateway.id, destination: parseCidr(destination), enabled, updatedAt: 5 },
    });
    expect(text(rows)).toEqual(['192.168.1.0/24 vpngw-gateway1 enabled']);
    const ccnRangeChoices = [choose('192.168.1.0/24', false), choose('192.168.2.0/24', true)];
    expect(text({ ...rows, ccnRangeChoices })).toEqual(['192.168.2.0/24 vpngw-gateway1 enabled']);
  });
});

describe('overlaps (T9)', () => {
  const twins = network({
    ccnAttachments: [attach(vpc, 1), attach(gateway, 2)],
    vpnGatewayRoutes: [sampleGatewayRoute('10.0.1.0/24', 1), sampleGatewayRoute('10.0.0.0/8', 1)],
  });
  const last = (desired: NetworkRows) => text(desired).slice(-2);

  test('the first one stays, the later one comes disabled', () => {
    expect(last(twins)).toEqual(['10.0.0.0/8 vpngw-gateway1 overlap', '10.0.1.0/24 vpngw-gateway1 overlap']);
    const swapped = { ...twins, ccnAttachments: [attach(gateway, 1), attach(vpc, 2)] };
    expect(last(swapped)).toEqual(['10.0.1.0/24 vpc-network1 overlap', '10.0.2.0/24 vpc-network1 overlap']);
  });

  test('RouteOverlapFlag lets the longest prefix decide, but does not share one range', () => {
    expect(last({ ...twins, ccns: [{ ...ccn, routeOverlap: true }] })).toEqual([
      '10.0.0.0/8 vpngw-gateway1 enabled',
      '10.0.1.0/24 vpngw-gateway1 overlap',
    ]);
  });

  test('RouteECMPFlag shares one range; Direct Connect gateways always do', () => {
    const shared = { ...twins, ccns: [{ ...ccn, routeOverlap: true, routeEcmp: true }] };
    expect(last(shared)).toEqual(['10.0.0.0/8 vpngw-gateway1 enabled', '10.0.1.0/24 vpngw-gateway1 enabled']);
    const lines = network({
      ccnAttachments: [attach(direct(1), 1), attach(direct(2), 2)],
      directConnectRanges: [range(1, '192.168.9.0/24'), range(2, '192.168.9.0/24')],
    });
    expect(text(lines)).toEqual(['192.168.9.0/24 dcg-line0001 enabled', '192.168.9.0/24 dcg-line0002 enabled']);
  });

  test('a contained range may be enabled by hand, the same range may not', () => {
    const routes = ccnRoutesOf(defaultTable, rowsOf(twins), assumeUsable);
    const twinOfRange = (destination: string) =>
      twinOf(
        routes.find((route) => route.destination === destination && route.instance.id === gateway.id)!,
        routes,
        ccn,
      );
    expect(twinOfRange('10.0.0.0/8')).toBeUndefined();
    expect(twinOfRange('10.0.1.0/24')?.instance).toEqual(vpc);
    const choice = {
      routeTableId: defaultRouteTableId(ccn.id),
      instanceId: gateway.id,
      destination: parseCidr('10.0.0.0/8'),
      enabled: true,
    };
    expect(last({ ...twins, ccnRouteChoices: [{ ...choice, updatedAt: 9 }] })).toEqual([
      '10.0.0.0/8 vpngw-gateway1 enabled',
      '10.0.1.0/24 vpngw-gateway1 overlap',
    ]);
  });

  test('who waited does not step in when the first is disabled by hand, but does when it goes', () => {
    const choice = {
      routeTableId: defaultRouteTableId(ccn.id),
      instanceId: vpc.id,
      destination: parseCidr('10.0.1.0/24'),
      enabled: false,
    };
    const chosen = text({ ...twins, ccnRouteChoices: [{ ...choice, updatedAt: 9 }] });
    expect(chosen[0]).toBe('10.0.1.0/24 vpc-network1 disabled-by-user');
    expect(chosen.at(-1)).toBe('10.0.1.0/24 vpngw-gateway1 overlap');
    expect(last({ ...twins, ccnAttachments: [attach(gateway, 2)] })).toEqual([
      '10.0.0.0/8 vpngw-gateway1 enabled',
      '10.0.1.0/24 vpngw-gateway1 enabled',
    ]);
  });

  test('a default route needs the flag', () => {
    const rows = network({
      ccnAttachments: [attach(gateway, 1), attach(vpc, 2)],
      vpnGatewayRoutes: [sampleGatewayRoute('0.0.0.0/0', 1)],
    });
    expect(text(rows)[0]).toBe('0.0.0.0/0 vpngw-gateway1 default-route');
    expect(text({ ...rows, ccns: [{ ...ccn, routeOverlap: true }] }).every((one) => one.endsWith('enabled'))).toBe(
      true,
    );
  });
});

describe('a range whose tunnels do not work (section 7)', () => {
  const [first, second] = ['192.168.1.0/24 vpngw-gateway1', '192.168.1.0/24 dcg-line0001'];
  const rows = network({
    ccnAttachments: [attach(gateway, 1), attach(direct(1), 2)],
    vpnConnections: [sampleConnection(1), sampleConnection(2)],
    vpnGatewayRoutes: [
      sampleGatewayRoute('192.168.1.0/24', 1),
      sampleGatewayRoute('192.168.1.0/24', 2, { priority: 100 }),
    ],
    directConnectRanges: [range(1, '192.168.1.0/24')],
  });
  const failed =
    (...ids: string[]) =>
    (id: string) =>
      !ids.includes(id);
  const choose = (enabled: boolean, updatedAt: number) => [
    {
      ...{ routeTableId: defaultTable.routeTableId, instanceId: gateway.id },
      ...{ destination: parseCidr('192.168.1.0/24'), enabled, updatedAt },
    },
  ];

  test('stays as long as one of its entries is usable', () => {
    expect(text(rows, failed('vpnx-tunnel01'))).toEqual([`${first} enabled`, `${second} overlap`]);
  });

  test('leaves its place to who waits, and has it back when it returns', () => {
    expect(text(rows, failed('vpnx-tunnel01', 'vpnx-tunnel02'))).toEqual([`${first} unusable`, `${second} enabled`]);
    expect(text(rows)).toEqual([`${first} enabled`, `${second} overlap`]);
  });

  test('uncovers a shorter range that overlaps it', () => {
    const shorter = { ...rows, directConnectRanges: [range(1, '192.168.0.0/16')] };
    expect(text(shorter)).toEqual([`${first} enabled`, '192.168.0.0/16 dcg-line0001 overlap']);
    const without = text(shorter, failed('vpnx-tunnel01', 'vpnx-tunnel02'));
    expect(without).toEqual([`${first} unusable`, '192.168.0.0/16 dcg-line0001 enabled']);
  });

  test('is unusable even when it was enabled by hand, and disabled by hand whether it is usable or not', () => {
    const none = failed('vpnx-tunnel01', 'vpnx-tunnel02');
    expect(text({ ...rows, ccnRouteChoices: choose(true, 9) }, none)[0]).toBe(`${first} unusable`);
    for (const isUsable of [none, assumeUsable]) {
      const disabled = text({ ...rows, ccnRouteChoices: choose(false, 9) }, isUsable);
      expect(disabled).toEqual([`${first} disabled-by-user`, `${second} overlap`]);
    }
  });

  test('disabled by hand while somebody else served, it does not end that', () => {
    const disabled = text({ ...rows, ccnRouteChoices: choose(false, 0) });
    expect(disabled).toEqual([`${first} disabled-by-user`, `${second} enabled`]);
  });

  test('of an SPD tunnel is announced as long as the tunnel works', () => {
    const policies = [{ local: parseCidr('10.0.0.0/16'), remotes: [parseCidr('192.168.2.0/24')] }];
    const ccnRangeChoices = [
      { vpnGatewayId: gateway.id, destination: parseCidr('192.168.2.0/24'), enabled: true, updatedAt: 5 },
    ];
    const bySpd = network({
      ccnAttachments: [attach(gateway, 1)],
      vpnConnections: [sampleConnection(1, policies)],
      ccnRangeChoices,
    });
    expect(text(bySpd)).toEqual(['192.168.2.0/24 vpngw-gateway1 enabled']);
    expect(text(bySpd, failed('vpnx-tunnel01'))).toEqual(['192.168.2.0/24 vpngw-gateway1 unusable']);
  });
});

test('gateways hear of whole VPCs, VPCs of ranges; nobody hears of itself', () => {
  const rows = network({
    ccnAttachments: [attach(vpc, 1), attach(gateway, 2)],
    vpnGatewayRoutes: [sampleGatewayRoute('192.168.1.0/24', 1)],
  });
  expect(announcedToGateway(rows.ccnAttachments[1]!, rowsOf(rows), assumeUsable)).toEqual(['10.0.0.0/16']);
  expect(announcedToVpc(rows.ccnAttachments[0]!, rows.vpcs[0]!, rowsOf(rows), assumeUsable)).toEqual([
    '192.168.1.0/24',
  ]);
});

describe('another route table', () => {
  const custom = { ccnId: ccn.id, routeTableId: 'ccnrtb-custom01' } as const;
  const dropping = (...values: string[]): CcnRoutePolicyList => ({
    ...{ routeTableId: custom.routeTableId, direction: 'input', version: 1, createdAt: 0 },
    policies: [
      {
        ...{ action: 'drop', audience: [], description: '' },
        conditions: [{ kind: 'destination', pattern: 'exact', values: values.map(parseCidr) }],
      },
    ],
  });
  const twins = network({
    ccnAttachments: [attach(vpc, 1), attach(gateway, 2)],
    vpnGatewayRoutes: [sampleGatewayRoute('10.0.1.0/24', 1)],
  });

  test('has routes of its own, with ids of their own; those of the default table stay', () => {
    const before = ccnRoutesOf(defaultTable, rowsOf(twins), assumeUsable);
    const rows = { ...twins, ccnRoutePolicyLists: [dropping('10.0.2.0/24')] };
    expect(ccnRoutesOf(defaultTable, rowsOf(rows), assumeUsable)).toEqual(before);
    const routes = ccnRoutesOf(custom, rowsOf(rows), assumeUsable);
    expect(routes.map(({ destination }) => destination)).toEqual(['10.0.1.0/24', '10.0.1.0/24']);
    expect(routes.filter(({ id }) => before.some((other) => other.id === id))).toEqual([]);
  });

  test('a choice by hand counts in its table only', () => {
    const destination = parseCidr('10.0.1.0/24');
    const choice = { routeTableId: custom.routeTableId, instanceId: vpc.id, destination, enabled: false, updatedAt: 9 };
    const rows = { ...twins, ccnRouteChoices: [choice] };
    expect(ccnRoutesOf(defaultTable, rowsOf(rows), assumeUsable)).toEqual(
      ccnRoutesOf(defaultTable, rowsOf(twins), assumeUsable),
    );
    expect(ccnRoutesOf(custom, rowsOf(rows), assumeUsable)[0]).toMatchObject({
      enabled: false,
      obstacle: { kind: 'disabled-by-user' },
    });
  });

  test('announces to the instances bound to it, as far as its broadcast policies say', () => {
    const rows = network({
      ccnAttachments: [attach(vpc, 1), { ...attach(gateway, 2), routeTableId: custom.routeTableId }],
      vpnGatewayRoutes: [sampleGatewayRoute('192.168.1.0/24', 1)],
    });
    const toGateway = (lists: readonly CcnRoutePolicyList[]) =>
      announcedToGateway(rows.ccnAttachments[1]!, rowsOf({ ...rows, ccnRoutePolicyLists: lists }), assumeUsable);
    const broadcast = (...values: string[]) => ({ ...dropping(...values), direction: 'broadcast' as const });
    expect(toGateway([])).toEqual(['10.0.0.0/16']);
    expect(toGateway([broadcast('10.0.1.0/24')])).toEqual(['10.0.0.0/16']);
    expect(toGateway([broadcast('10.0.1.0/24', '10.0.2.0/24')])).toEqual([]);
    const ofDefault = { ...broadcast('10.0.1.0/24', '10.0.2.0/24'), routeTableId: defaultTable.routeTableId };
    expect(toGateway([ofDefault])).toEqual(['10.0.0.0/16']);
  });

  /** Ranges that meet each other, of three instances. */
  const pool = ['10.0.0.0/8', '10.0.1.0/24', '10.0.1.128/25', '192.168.0.0/16', '192.168.1.0/24', '0.0.0.0/0'];
  const published = fc.array(fc.record({ line: fc.nat(2), destination: fc.nat(pool.length - 1), age: fc.nat(3) }), {
    maxLength: 8,
  });

  test('is what it would be had nobody published what its input policies drop', () => {
    const linesOf = (ranges: readonly { line: number; destination: number; age: number }[]) =>
      network({
        ccns: [ccn],
        ccnAttachments: [0, 1, 2].map((line) => attach(direct(line), line)),
        directConnectRanges: ranges.map(({ line, destination, age }) => ({
          ...range(line, pool[destination]!, age),
          directConnectGatewayId: direct(line).id,
        })),
      });
    fc.assert(
      fc.property(published, fc.subarray(pool, { minLength: 1 }), (ranges, dropped) => {
        const rest = ranges.filter(({ destination }) => !dropped.includes(pool[destination]!));
        const rows = { ...linesOf(ranges), ccnRoutePolicyLists: [dropping(...dropped)] };
        expect(ccnRoutesOf(custom, rowsOf(rows), assumeUsable)).toEqual(
          ccnRoutesOf(custom, rowsOf(linesOf(rest)), assumeUsable),
        );
      }),
    );
  });
});
