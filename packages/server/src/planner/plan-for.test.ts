import { parseCidr, parseIpAddress } from '@landbridge/net';
import { describe, expect, test } from 'vitest';
import { chosenPlans } from '../../testing/chosen-plans.ts';
import { rowsOf, type NetworkRows } from '../../testing/image-of.ts';
import { sampleConnection, sampleGatewayRoute, sampleNetwork, sampleUplink } from '../../testing/sample-network.ts';
import type { Uplink } from '../domain/operator/uplink.ts';
import { gatewayRules, tables } from './layout.ts';
import type { NetnsPlan, RulePlan } from '../plan/plan.ts';
import { renderTable } from '../drivers/nft-text.ts';
import { planFor, planKeys } from './plan-for.ts';
import { ccnScenario } from '../../testing/simulation/ccn-worlds.ts';

const cidr = parseCidr;
const spd = (remote: string, local = '10.0.0.0/16') => [{ local: cidr(local), remotes: [cidr(remote)] }];

const networks: Readonly<Record<string, NetworkRows>> = {
  'one-tunnel-by-route': sampleNetwork(
    [sampleConnection(1)],
    [sampleGatewayRoute('192.168.1.0/24', 1)],
    ['192.168.1.0/24'],
  ),
  'one-tunnel-by-spd': sampleNetwork(
    [sampleConnection(1, spd('192.168.1.0/24', '10.0.1.0/24'))],
    [],
    ['192.168.1.0/24'],
  ),
  'spd-and-route': sampleNetwork(
    [
      sampleConnection(1, spd('192.168.1.0/24')),
      sampleConnection(2, spd('192.168.2.0/24')),
      sampleConnection(3, [], { ike: { ...sampleConnection(3).ike, version: 1, encryption: 'aes128' } }),
    ],
    [sampleGatewayRoute('192.168.3.0/24', 3)],
    ['192.168.1.0/24', '192.168.2.0/24', '192.168.3.0/24'],
  ),
};

/** Two tunnels to one range, active and standby, with health checks. */
const probed = (number: number) => {
  const [localAddress, remoteAddress] = [1, 2].map((host) => parseIpAddress(`169.254.128.${number * 4 + host}`));
  const healthCheck = { ...sampleConnection(number).healthCheck, enabled: true, intervalMs: 100, timeoutMs: 100 };
  return sampleConnection(number, [], {
    healthCheck: { ...healthCheck, localAddress: localAddress!, remoteAddress: remoteAddress! },
  });
};
const activeStandby = sampleNetwork(
  [probed(1), probed(2)],
  [sampleGatewayRoute('192.168.1.0/24', 1), sampleGatewayRoute('192.168.1.0/24', 2, { priority: 100 })],
  ['192.168.1.0/24'],
);
/** On a CCN: one tunnel by SPD, one by route, and a dedicated line. */
const onCcn = ccnScenario({
  tunnels: [sampleConnection(1, spd('192.168.1.0/24', '192.168.2.0/24')), sampleConnection(2)],
  routes: [sampleGatewayRoute('192.168.2.0/24', 2)],
  announced: { '192.168.1.0/24': true },
}).desired;

/** The same with a second route table: no VPN gateway in it, bound to VPC-2, selected from one subnet of VPC-1. */
const onTwoTables = ccnScenario({
  tunnels: [sampleConnection(2)],
  routes: [sampleGatewayRoute('192.168.2.0/24', 2)],
  custom: {
    input: [
      {
        ...{ action: 'drop', audience: [], description: '' },
        conditions: [{ kind: 'instance-kind', values: ['vpn-gateway'] }],
      },
    ],
    bound: ['vpc-network2'],
    selectedFrom: ['10.0.1.0/24', '0.0.0.0/0'],
  },
}).desired;

test.each(['ccn-network1', 'vpc-network2'] as const)('golden plan: two route tables of a CCN: %s', async (key) => {
  await expect(goldenText(planFor(key, rowsOf(onTwoTables), sampleUplink))).toMatchFileSnapshot(
    `golden/ccn-tables.${key}.txt`,
  );
});

/** JSON, and below it the texts of the nft tables as they are. */
function goldenText(plan: NetnsPlan | undefined): string {
  const { filter = null, neighbourBound, ...rest } = plan ?? {};
  const bound = neighbourBound === undefined ? '' : `\nneighbourBound:\n${renderTable(neighbourBound)}`;
  return `${JSON.stringify(rest, null, 2)}\n${filter === null ? '' : renderTable(filter)}${bound}`;
}

describe('golden plans', () => {
  for (const [name, desired] of Object.entries({ ...networks, ccn: onCcn })) {
    const rows = rowsOf(desired);
    for (const key of planKeys(rows)) {
      test(`${name}: ${key}`, async () => {
        await expect(goldenText(planFor(key, rows, sampleUplink))).toMatchFileSnapshot(`golden/${name}.${key}.txt`);
      });
    }
  }
});

test('golden plan: a CCN of two regions, one of them limited', async () => {
  const [first, ...others] = onCcn.ccnAttachments;
  const desired: NetworkRows = {
    ...onCcn,
    ccnAttachments: [{ ...first!, region: 'remote' }, ...others],
    ccnBandwidthLimits: [{ ccnId: 'ccn-network1', region: 'remote', peerRegion: null, limitMbps: 20, createdAt: 0 }],
  };
  const text = goldenText(planFor('ccn-network1', rowsOf(desired), sampleUplink));
  await expect(text).toMatchFileSnapshot('golden/ccn-regions.ccn-network1.txt');
});

describe('golden plans: a VXLAN as the line of a gateway', () => {
  const [line] = onCcn.directConnectLines;
  const desired: NetworkRows = {
    ...onCcn,
    directConnectLines: [
      {
        ...{ kind: 'vxlan', accountId: line!.accountId, directConnectGatewayId: 'dcg-gateway1', createdAt: 0 },
        ...{ localAddress: '198.18.9.1/30', peerAddress: parseIpAddress('198.18.9.2'), vni: 100, port: 4789 },
        ...{ remoteAddress: parseIpAddress('203.0.113.11'), underlayAddress: null, underlayMtu: 1500 },
      },
    ],
  };
  for (const key of ['dcg-gateway1', 'host'] as const) {
    test(key, async () => {
      const text = goldenText(planFor(key, rowsOf(desired), sampleUplink));
      await expect(text).toMatchFileSnapshot(`golden/vxlan.${key}.txt`);
    });
  }
});

/** The gateway's plan as it is written while these tunnels work. */
const chosen = (desired: NetworkRows, isUsable: (id: string) => boolean) => {
  return chosenPlans([gatewayPlan(desired)], isUsable)[0];
};

test('golden plan: active and standby with health checks, the active one failed', async () => {
  const plan = chosen(activeStandby, (id) => id !== 'vpnx-tunnel01');
  await expect(goldenText(plan)).toMatchFileSnapshot('golden/active-standby.failed.vpngw-gateway1.txt');
});

describe('a tunnel that does not work', () => {
  const destinations = (isUsable: (id: string) => boolean, desired: NetworkRows = activeStandby) =>
    chosen(desired, isUsable)!
      .routes.filter(({ destination, table }) => table === 100 && destination === '192.168.1.0/24')
      .map(({ metric, nextHops }) => [metric, nextHops.map(({ device }) => device)]);

  test('has no gateway route, the others keep theirs', () => {
    expect(destinations(() => true)).toEqual([
      [1, ['vpnx-tunnel01']],
      [101, ['vpnx-tunnel02']],
    ]);
    expect(destinations((id) => id !== 'vpnx-tunnel01')).toEqual([[101, ['vpnx-tunnel02']]]);
    expect(destinations(() => false)).toEqual([]);
  });

  test('leaves the rest of a multipath route', () => {
    const desired = { ...activeStandby, vpnGatewayRoutes: [1, 2].map((n) => sampleGatewayRoute('192.168.1.0/24', n)) };
    expect(destinations((id) => id !== 'vpnx-tunnel01', desired)).toEqual([[1, ['vpnx-tunnel02']]]);
  });
});

test('the plan of who is attached to a CCN names nobody else there, though routes depend on them', () => {
  const { desired } = ccnScenario({
    tunnels: [sampleConnection(1)],
    routes: [sampleGatewayRoute('192.168.1.0/24', 1)],
  });
  for (const key of ['vpc-network1', 'vpc-network2', 'dcg-gateway1'] as const) {
    const text = JSON.stringify(planFor(key, rowsOf(desired), sampleUplink));
    expect(text).toContain('"needs"');
    const named = [...text.matchAll(/\b(vpc|vpngw|vpnx|dcg)-\w{4,}/g)].map(([name]) => name);
    expect(new Set(named)).toEqual(new Set([key]));
  }
});

test('a health check changes nothing that charon is told', () => {
  const without = sampleNetwork([sampleConnection(1), sampleConnection(2)], activeStandby.vpnGatewayRoutes);
  expect(gatewayPlan(activeStandby).charon).toEqual(gatewayPlan(without).charon);
});

const gatewayPlan = (desired: NetworkRows, uplink: Uplink = sampleUplink) => {
  const plan = planFor('vpngw-gateway1', rowsOf(desired), uplink);
  if (plan === undefined) throw new Error('no plan');
  return plan;
};

test('the same rows give the same plan', () => {
  const desired = networks['spd-and-route']!;
  const shuffled = { ...desired, vpnConnections: [...desired.vpnConnections].reverse() };
  expect(gatewayPlan(shuffled)).toEqual(gatewayPlan(desired));
});

test('a key without a resource has no plan', () => {
  expect(planFor('vpngw-notthere', rowsOf(sampleNetwork([])), sampleUplink)).toBeUndefined();
});

test('SPD rules come before destination rules, and packets of SPD tunnels before both', () => {
  const priorityOf = (wanted: (rule: RulePlan) => boolean) =>
    gatewayPlan(networks['spd-and-route']!).rules.find(wanted)!.priority;
  const fromSpd = priorityOf(({ iif }) => iif === 'vpnx-tunnel01');
  const mapping = priorityOf(({ from, iif }) => iif === undefined && from === '10.0.0.0/16');
  const destination = priorityOf(
    ({ action, iif }) => iif === undefined && action.kind === 'lookup' && action.table === tables.gateway,
  );
  expect(fromSpd).toBeLessThan(mapping);
  expect(mapping).toBeLessThan(destination);
});

test('packets walk past no more rules with many tunnels and mappings than with one of each', () => {
  const remotes = (tunnel: number) => Array.from({ length: 50 }, (_, at) => cidr(`172.${16 + tunnel}.${at}.0/24`));
  const mapped = (tunnel: number) =>
    sampleConnection(tunnel, [{ local: cidr('10.0.0.0/16'), remotes: remotes(tunnel) }]);
  const one = gatewayPlan(sampleNetwork([mapped(1), sampleConnection(2)]));
  const routed = Array.from({ length: 40 }, (_, at) => sampleConnection(at + 10));
  const many = gatewayPlan(sampleNetwork([...[1, 2, 3, 4].map(mapped), ...routed]));
  const beside = ({ rules }: NetnsPlan) => rules.filter(({ priority }) => priority !== gatewayRules.fromSpdTunnel);
  expect(beside(many)).toEqual(beside(one));
  const [into] = many.rules.filter(({ priority }) => priority === gatewayRules.spd);
  const table = into?.action.kind === 'lookup' ? into.action.table : undefined;
  expect(many.routes.filter((route) => route.table === table)).toHaveLength(200);
});

test('packets from outside and packets made here that have no way find none by a later rule', () => {
  const { rules } = gatewayPlan(networks['spd-and-route']!);
  const sealed = rules.filter(({ action }) => action.kind === 'blackhole');
  expect(sealed.map(({ iif }) => iif)).toEqual(['lo', 'wan', undefined]);
  const open = rules.filter(({ iif, from }) => iif === undefined && from === undefined);
  for (const { priority } of open) expect(priority).toBeGreaterThan(gatewayRules.sealed);
});

test('equal destination and priority is one multipath route; priority 0 comes before 100', () => {
  const desired = sampleNetwork(
    [sampleConnection(1), sampleConnection(2), sampleConnection(3)],
    [
      sampleGatewayRoute('192.168.1.0/24', 1),
      sampleGatewayRoute('192.168.1.0/24', 2),
      sampleGatewayRoute('192.168.1.0/24', 3, { priority: 100 }),
    ],
  );
  const routes = gatewayPlan(desired).routes.filter(({ destination }) => destination === '192.168.1.0/24');
  expect(routes.map(({ metric, nextHops }) => [metric, nextHops.map(({ device }) => device)])).toEqual([
    [1, ['vpnx-tunnel01', 'vpnx-tunnel02']],
    [101, ['vpnx-tunnel03']],
  ]);
});

test('a disabled route and a route to a tunnel that is gone are not planned', () => {
  const desired = sampleNetwork(
    [sampleConnection(1)],
    [sampleGatewayRoute('192.168.1.0/24', 1, { enabled: false }), sampleGatewayRoute('192.168.2.0/24', 2)],
  );
  const destinations = gatewayPlan(desired).routes.map(({ destination }) => destination);
  expect(destinations).not.toContain('192.168.1.0/24');
  expect(destinations).not.toContain('192.168.2.0/24');
});

test('a gateway that joins nothing has no network side and seals SPD tunnels', () => {
  const desired = sampleNetwork([sampleConnection(1, spd('192.168.1.0/24')), sampleConnection(2)]);
  const unattached = {
    ...desired,
    vpnGateways: desired.vpnGateways.map((gateway) => ({ ...gateway, kind: 'ccn' as const, vpcId: null })),
  };
  const plan = gatewayPlan(unattached);
  expect(plan.links.map(({ name }) => name)).toEqual(['lo', 'wan', 'vpnx-tunnel01', 'vpnx-tunnel02']);
  expect(plan.routes.filter(({ table }) => table === 101).map(({ kind }) => kind)).toEqual(['blackhole']);
});

test('what a Direct Connect gateway says itself goes to its VPC first: behind its line is everything', () => {
  const [gateway] = onCcn.directConnectGateways;
  const ofVpc = { ...gateway!, network: 'vpc' as const, vpcId: 'vpc-network1' as const };
  const { rules = [] } = planFor(gateway!.id, rowsOf({ ...onCcn, directConnectGateways: [ofVpc] }), sampleUplink) ?? {};
  const tables = rules.flatMap(({ iif, action }) => (iif === 'lo' && action.kind === 'lookup' ? [action.table] : []));
  expect(tables).toEqual([254, 101, 100]);
});

describe('uplink modes', () => {
  const desired = sampleNetwork([sampleConnection(1)]);

  test('bridged: the gateway sits on the uplink itself, the host has no share', () => {
    const uplink: Uplink = {
      mode: 'bridged',
      attach: { kind: 'macvlan', interface: 'eth0' },
      addresses: [cidr('203.0.113.128/26')],
      prefixLength: 24,
      nextHop: parseIpAddress('203.0.113.1'),
      pathMtu: 1500,
    };
    expect(gatewayPlan(desired, uplink).links.find(({ name }) => name === 'wan')).toMatchObject({
      kind: 'macvlan',
      parent: 'eth0',
      addresses: [{ address: '203.0.113.128/24' }],
    });
    expect(planFor('host', rowsOf(desired), uplink)).toMatchObject({
      links: [],
      routes: [],
      proxies: [],
      filter: null,
    });
    expect(gatewayPlan(desired, uplink).neighbourBound?.chains[0]?.rules).toContainEqual({
      matches: [{ field: 'ip daddr', in: expect.arrayContaining(['203.0.113.1']) as string[] }],
      actions: [{ verdict: 'accept' }],
    });
    expect(gatewayPlan(desired, sampleUplink)).not.toHaveProperty('neighbourBound');
  });

  test('nat: the host maps IKE and ESP to the inside address, the identity stays public', () => {
    const uplink: Uplink = { mode: 'nat', interface: 'eth0', address: parseIpAddress('198.51.100.7'), pathMtu: 1500 };
    const plan = gatewayPlan(desired, uplink);
    expect(plan.charon?.connections[0]).toMatchObject({ localAddress: '192.0.0.2', localId: '203.0.113.128' });
    expect(renderTable(planFor('host', rowsOf(desired), uplink)!.filter!)).toContain(
      'udp dport { 500, 4500 } dnat ip to 192.0.0.2',
    );
  });

  test('a dotted interface name is spelt for sysctl(8)', () => {
    const uplink = { ...sampleUplink, interface: 'eth0.100' } as Uplink;
    expect(Object.keys(planFor('host', rowsOf(desired), uplink)?.sysctls ?? {})).toContain(
      'net.ipv4.conf.eth0/100.forwarding',
    );
  });
});
