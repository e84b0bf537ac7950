import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rowsIn, rowsOf } from '../../testing/image-of.ts';
import { startHarness, testUplink, type ApiHarness, type Reply } from '../../testing/api-harness.ts';
import {
  mainRouteTable,
  makeGateway,
  makePeer,
  makeSubnet,
  makeTunnel,
  makeVpc,
} from '../../testing/sample-resources.ts';
import { changedCells } from '../derive/reachability.ts';
import type { NetnsPlan, PlanKey } from '../plan/plan.ts';
import { tunnelEffects } from '../plan/tunnel-effects.ts';
import { planFor, planKeys } from '../planner/plan-for.ts';

/** Trying a call: DryRun and PreviewChanges make the same decision as the call itself, without the commit. */
let api: ApiHarness;
beforeEach(async () => {
  api = await startHarness();
});
afterEach(() => api.close());

interface Effect {
  readonly VpnConnectionId: string;
  readonly Effect: string;
  readonly Parts: readonly string[];
}

async function preview(Action: string, Parameters: object, Service = 'vpc') {
  const { Plans, Tunnels } = await api.operate('PreviewChanges', { Service, Action, Parameters });
  return { plans: Plans as Reply[], tunnels: Tunnels as readonly Effect[] };
}

function plansNow(): Map<PlanKey, NetnsPlan | undefined> {
  return new Map(planKeys(api.rows).map((key) => [key, planFor(key, api.rows, testUplink, 'ours')]));
}

/** Ids of what is made are drawn anew each time. */
const anyNew = (text: string, known: ReadonlySet<string>) =>
  text.replaceAll(/[a-z]+-[0-9a-z]{8}/g, (id) => (known.has(id) ? id : id.replace(/-.*/, '-new')));

/** Everything that a call could have used up or written. */
async function everything() {
  await api.refusedCalls.flush();
  const { AuditEventSet } = await api.operate('DescribeAuditEvents', { Limit: 1 });
  const tables = Object.values(api.rows).flatMap((rows: { all?: () => readonly unknown[] }) => rows.all?.() ?? []);
  return JSON.stringify([await api.store.generation(), AuditEventSet, tables]);
}

describe('DryRun', () => {
  it('answers DryRunOperation where the call would succeed, and its error where it would not', async () => {
    const vpc = await makeVpc(api);
    const before = await everything();
    const request = { VpcName: 'b', CidrBlock: '10.0.0.0/16', DryRun: true };
    expect((await api.fail('CreateVpc', request)).Code).toBe('DryRunOperation');
    expect((await api.fail('DeleteVpc', { VpcId: vpc, DryRun: true })).Code).toBe('DryRunOperation');
    expect((await api.fail('CreateVpc', { ...request, ClientToken: 't' })).Code).toBe('DryRunOperation');
    expect(await everything()).toBe(before);
    expect((await api.fail('CreateVpc', { ...request, CidrBlock: '8.8.8.0/24' })).Code).toMatch(
      /^InvalidParameterValue/,
    );
    expect((await api.fail('DeleteVpc', { VpcId: 'vpc-00000000', DryRun: true })).Code).toBe('ResourceNotFound');
    await api.succeed('CreateVpc', { ...request, DryRun: false, ClientToken: 't' });
  });
});

describe('PreviewChanges', () => {
  it('tells per tunnel what a change would do', async () => {
    const gateway = await makeGateway(api, '');
    const tunnel = await makeTunnel(api, gateway, await makePeer(api, '198.51.100.1'));
    const neighbour = await makeTunnel(api, gateway, await makePeer(api, '198.51.100.2'));
    const effects = async (action: string, parameters: object) => {
      const { tunnels } = await preview(action, parameters);
      return Object.fromEntries(tunnels.map(({ VpnConnectionId, Effect: effect }) => [VpnConnectionId, effect]));
    };
    const modify = (changes: object) =>
      effects('ModifyVpnConnectionAttribute', { VpnConnectionId: tunnel, ...changes });
    expect(await modify({ VpnConnectionName: 'other' })).toEqual({});
    expect(await modify({ PreShareKey: 'another' })).toEqual({ [tunnel]: 'interruption', [neighbour]: 'none' });
    expect(await modify({ IKEOptionsSpecification: { IKESaLifetimeSeconds: 7200 } })).toEqual({
      [tunnel]: 'interruption',
      [neighbour]: 'none',
    });
    expect(await effects('DeleteVpnConnection', { VpnGatewayId: gateway, VpnConnectionId: tunnel })).toEqual({
      ...{ [tunnel]: 'interruption', [neighbour]: 'none' },
    });
    const route = { InstanceType: 'VPNCONN', InstanceId: tunnel, Priority: 0, Status: 'ENABLE' };
    const Routes = [{ DestinationCidrBlock: '172.20.0.0/16', ...route }];
    const { tunnels } = await preview('CreateVpnGatewayRoutes', { VpnGatewayId: gateway, Routes });
    expect(tunnels.find(({ VpnConnectionId }) => VpnConnectionId === tunnel)).toMatchObject({
      Effect: 'none',
      Parts: ['routes'],
    });
    expect(tunnels.find(({ VpnConnectionId }) => VpnConnectionId === neighbour)).toMatchObject({
      Effect: 'none',
      Parts: [],
    });
  });

  it('tells which cells of the reachability matrix change', async () => {
    const vpc = await makeVpc(api);
    const { SubnetId } = await makeSubnet(api, vpc);
    const gateway = await makeGateway(api, vpc);
    const peer = await makePeer(api, '198.51.100.1');
    const tunnel = await makeTunnel(api, gateway, peer);
    const range = '192.168.1.0/24';
    const toGateway = { DestinationCidrBlock: range, GatewayType: 'VPN', GatewayId: gateway, RouteDescription: '' };
    await api.succeed('CreateRoutes', { RouteTableId: await mainRouteTable(api, vpc), Routes: [toGateway] });
    const route = { DestinationCidrBlock: range, InstanceType: 'VPNCONN', InstanceId: tunnel, Priority: 0 };
    const create = { VpnGatewayId: gateway, Routes: [{ ...route, Status: 'ENABLE' }] };
    const [here, there] = [
      { Kind: 'subnet', Id: SubnetId, Range: '10.0.1.0/24' },
      { Kind: 'customer-gateway', Id: peer, Range: range },
    ];
    const cells = async (Action: string, Parameters: object) => {
      const reply = await api.operate('PreviewChanges', { Service: 'vpc', Action, Parameters });
      return { cells: reply['Reachability'], isComplete: reply['ReachabilityComplete'] };
    };
    const both = (Before: string, After: string) => [
      { From: here, To: there, Before, After },
      { From: there, To: here, Before, After },
    ];
    const foreseen = await cells('CreateVpnGatewayRoutes', create);
    expect(foreseen.isComplete).toBe(true);
    expect(foreseen.cells).toEqual(expect.arrayContaining(both('no', 'yes')));
    expect(foreseen.cells).toHaveLength(2);
    const { Routes } = await api.succeed('CreateVpnGatewayRoutes', create);
    const gone = await cells('DeleteVpnGatewayRoutes', { VpnGatewayId: gateway, RouteIds: [Routes[0]?.RouteId] });
    expect(gone.cells).toEqual(expect.arrayContaining(both('yes', 'no')));
    expect(gone.cells).toHaveLength(2);
    expect((await cells('ModifyVpnConnectionAttribute', { VpnConnectionId: tunnel, PreShareKey: 'b' })).cells).toEqual(
      [],
    );
  });

  it('refuses what the Action refuses, what does not exist, what only looks, and what the key may not', async () => {
    const fail = async (Action: string, Parameters: object = {}, credential = api.admin) =>
      (await api.fail('PreviewChanges', { Service: 'vpc', Action, Parameters }, { service: 'landbridge', credential }))
        .Code;
    expect(await fail('DeleteVpc', { VpcId: 'vpc-00000000' })).toBe('ResourceNotFound');
    expect(await fail('DeleteVpc', { VpcIt: 'vpc-00000000' })).toBe('MissingParameter');
    expect(await fail('DescribeVpcs')).toBe('InvalidParameterValue');
    expect(await fail('Nonsense')).toBe('InvalidParameterValue');
    const Policy = { Statements: [{ Access: 'read' }] };
    const { SecretId, SecretKey } = await api.operate('CreateAccessKey', { AccountName: 'admin', Policy });
    const blind = { secretId: String(SecretId), secretKey: String(SecretKey) };
    expect(await fail('CreateVpc', { VpcName: 'a', CidrBlock: '10.0.0.0/16' }, blind)).toBe('UnauthorizedOperation');
  });

  it('tells exactly what the call then changes, and changes nothing itself', async () => {
    cellsTold = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(1000), { minLength: 12, maxLength: 20 }), async (picks) => {
        await api.close();
        api = await startHarness();
        const vpc = await makeVpc(api);
        await makeSubnet(api, vpc, { CidrBlock: '10.0.0.0/24' });
        const gateway = await makeGateway(api, vpc);
        const ranges = ['172.16.0.0/12', '192.168.0.0/16'];
        const toGateway = { GatewayType: 'VPN', GatewayId: gateway, RouteDescription: '' };
        const Routes = ranges.map((DestinationCidrBlock) => ({ DestinationCidrBlock, ...toGateway }));
        await api.succeed('CreateRoutes', { RouteTableId: await mainRouteTable(api, vpc), Routes });
        await makePeer(api, '198.51.100.1');
        await makePeer(api, '198.51.100.2');
        for (const pick of picks) {
          const [action, parameters] = callOf(pick, gateway);
          await expectPreviewIsRight(action, parameters);
          api.applyAll();
        }
      }),
      { numRuns: 6 },
    );
    expect(cellsTold).toBeGreaterThan(0);
  }, 120_000);
});

/** By all previews that were looked at. */
let cellsTold = 0;

/** Some change of the network that is there, which may be refused. */
function callOf(pick: number, VpnGatewayId: string): readonly [string, object] {
  const choose = <Row>(rows: readonly Row[]): Row | undefined => rows[pick % Math.max(1, rows.length)];
  const tunnel = choose(api.rows.vpnConnections.all());
  const VpnConnectionId = tunnel?.id ?? 'vpnx-00000000';
  const CustomerGatewayId = choose(api.rows.customerGateways.all())?.id ?? '';
  const route = choose(api.rows.vpnGatewayRoutes.all());
  const Routes = [
    {
      ...{
        DestinationCidrBlock: `172.${16 + (pick % 4)}.0.0/16`,
        InstanceType: 'VPNCONN',
        InstanceId: VpnConnectionId,
      },
      ...{ Priority: 0, Status: 'ENABLE' },
    },
  ];
  const spd = [{ LocalCidrBlock: '10.0.0.0/24', RemoteCidrBlock: [`192.168.${pick % 5}.0/24`] }];
  const tunnelRequest = { VpnGatewayId, CustomerGatewayId, VpnConnectionName: 't', PreShareKey: 'key' };
  const calls: readonly (readonly [string, object])[] = [
    ['CreateVpnConnection', tunnelRequest],
    ['CreateVpnConnection', { ...tunnelRequest, SecurityPolicyDatabases: spd, RouteType: 'Policy' }],
    ['ModifyVpnConnectionAttribute', { VpnConnectionId, PreShareKey: `key ${pick}` }],
    ['ModifyVpnConnectionAttribute', { VpnConnectionId, VpnConnectionName: 'renamed' }],
    ['ModifyVpnConnectionAttribute', { VpnConnectionId, SecurityPolicyDatabases: spd }],
    ['ModifyVpnConnectionAttribute', { VpnConnectionId, EnableHealthCheck: pick % 2 === 0 }],
    ['ModifyVpnConnectionAttribute', { VpnConnectionId, DpdTimeout: String(30 + (pick % 3)) }],
    ['ResetVpnConnection', { VpnGatewayId, VpnConnectionId }],
    ['CreateVpnGatewayRoutes', { VpnGatewayId, Routes }],
    ['DeleteVpnGatewayRoutes', { VpnGatewayId, RouteIds: [route?.id ?? 'vpnr-00000000'] }],
    ['DeleteVpnConnection', { VpnGatewayId, VpnConnectionId }],
    ['ModifyVpnGatewayAttribute', { VpnGatewayId, VpnGatewayName: 'g' }],
    ['ResetVpnGatewayInternetMaxBandwidth', { VpnGatewayId, InternetMaxBandwidthOut: pick % 2 === 0 ? 5 : 10 }],
    ['CreateVpnGateway', { VpcId: '', Type: 'CCN', VpnGatewayName: 'g', InternetMaxBandwidthOut: 5 }],
  ];
  return calls[Math.floor(pick / 7) % calls.length] ?? ['', {}];
}

async function expectPreviewIsRight(action: string, parameters: object): Promise<void> {
  const asked = { Service: 'vpc', Action: action, Parameters: parameters };
  const [known, before, state] = [new Set<string>(plansNow().keys()), plansNow(), await everything()];
  const rowsBefore = rowsOf(rowsIn(api.image));
  for (const { id } of [...api.rows.vpnConnections.all(), ...api.rows.customerGateways.all()]) known.add(id);
  const foreseen = await api.call('PreviewChanges', asked, { service: 'landbridge' });
  expect(await everything()).toBe(state);
  const made = await api.call(action, parameters);
  const error = (reply: Reply) => (reply['Error'] as { readonly Code: string } | undefined)?.Code;
  expect([action, error(foreseen)]).toEqual([action, error(made)]);
  if (error(made) !== undefined) return;
  const after = plansNow();
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
    (key) => JSON.stringify(before.get(key)) !== JSON.stringify(after.get(key)),
  );
  const plans = (foreseen['Plans'] as Reply[]).map(({ ResourceId }) => String(ResourceId));
  const renamed = (ids: readonly string[]) => ids.map((id) => anyNew(id, known)).sort();
  expect([action, renamed(plans)]).toEqual([action, renamed(changed)]);
  const effects = changed.flatMap((key) => tunnelEffects(before.get(key), after.get(key)));
  const inWords = (list: readonly (readonly [string, string, readonly string[]])[]) =>
    list.map((each) => anyNew(JSON.stringify(each), known)).sort();
  const told = (foreseen['Tunnels'] as readonly Effect[]).map(
    (each) => [each.VpnConnectionId, each.Effect, each.Parts] as const,
  );
  expect(inWords(told)).toEqual(inWords(effects.map(({ id, effect, parts }) => [id, effect, parts] as const)));
  const all = [...new Set([...before.keys(), ...after.keys()])];
  const compared = { before: rowsBefore, after: rowsOf(rowsIn(api.image)), changed: all, mayGoOn: () => true };
  const { cells } = changedCells({ ...compared, accountId: api.rows.vpcs.all()[0]?.accountId ?? '' });
  const cellWords = cells.map(({ from, to, ...reach }) => [from.id, from.range, to.id, to.range, reach]);
  const reached = (foreseen['Reachability'] as readonly Record<'From' | 'To' | 'Before' | 'After', Reply>[]).map(
    ({ From, To, Before, After }) => [
      From['Id'],
      From['Range'],
      To['Id'],
      To['Range'],
      { before: Before, after: After },
    ],
  );
  expect(renamed(reached.map((each) => JSON.stringify(each)))).toEqual(
    renamed(cellWords.map((each) => JSON.stringify(each))),
  );
  cellsTold += cells.length;
}
