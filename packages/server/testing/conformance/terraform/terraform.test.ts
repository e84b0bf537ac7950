import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { codeOf, testRegion, VendorClients } from '../vendor-clients.ts';
import type { Resource } from './call-list.ts';
import { acceptAttach, ccnResources, limitBetween, rejectAttach, resetAttach } from './ccn-resources.ts';
import { ccnRouteTableResources } from './ccn-route-table-resources.ts';
import { dataSources } from './data-sources.ts';
import { directConnectResources } from './direct-connect-resources.ts';
import { Replay, type Applied } from './replay.ts';
import { vpcResources } from './vpc-resources.ts';
import { vpcRouteResources } from './vpc-route-resources.ts';
import { tunnelOnCcn, vpnConnectionResources } from './vpn-connection-resources.ts';
import { vpnGatewayResources } from './vpn-gateway-resources.ts';

/** A machine that does much beside is no error. */
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** Every resource and data source of the terraform provider that docs/spec/actions.md section 0 lists, call by call. */

const resources = [
  ...[...vpcResources, ...vpcRouteResources, ...vpnGatewayResources, ...vpnConnectionResources],
  ...[...ccnResources, ...ccnRouteTableResources, ...directConnectResources],
];
const answers = [acceptAttach, rejectAttach, resetAttach];

let clients: VendorClients;
let replay: Replay;
let before: readonly string[];
beforeAll(async () => {
  clients = await VendorClients.start();
});
beforeEach(() => {
  replay = new Replay(clients, resources);
  before = objects();
});
afterAll(() => clients.close());

/** Of every kind that a test makes. */
function objects(): string[] {
  const { vpcs, subnets, routeTables, vpnGateways, customerGateways, vpnConnections } = clients.api.rows;
  const { ccns, directConnectGateways } = clients.api.rows;
  const tables = [
    vpcs,
    subnets,
    routeTables,
    vpnGateways,
    customerGateways,
    vpnConnections,
    ccns,
    directConnectGateways,
  ];
  return tables.flatMap((table) => [...table.all()].map(({ id }) => id)).toSorted();
}

function expectNothingLeft(): void {
  expect(objects()).toEqual(before);
}

/** A whole life: plans are empty after each step, and nothing is there at the end. */
async function live(resource: Resource, what: Pick<Resource, 'configuration' | 'changes'>): Promise<void> {
  let applied: Applied = await replay.create({ ...resource, configuration: what.configuration });
  expect(await replay.plan(applied)).toEqual([]);
  for (const change of what.changes ?? []) {
    applied = await replay.update(applied, change);
    expect([change, await replay.plan(applied)]).toEqual([change, []]);
  }
  await replay.delete(applied);
  if (resource.remains !== true) expect(await replay.read(resource, applied.scope)).toBeUndefined();
  await replay.release(applied.needed);
  expectNothingLeft();
}

async function expectRefusal(resource: Resource, code: string | undefined): Promise<void> {
  const { scope, needed } = await replay.need(resource.needs ?? {});
  expect(await codeOf(replay.create(resource, {}, scope))).toBe(code);
  await replay.release(needed);
  expectNothingLeft();
}

describe.each(resources)('resource tencentcloud_$type', (resource) => {
  const { configuration, changes = [], variants = {} } = resource;
  if (resource.isRefusedWith !== undefined) {
    it('is refused', () => expectRefusal(resource, resource.isRefusedWith));
    return;
  }
  it.each(Object.entries({ 'as it is configured': { configuration, changes }, ...variants }))('%s', (_, what) =>
    live(resource, what),
  );
});

it('a bandwidth limit between two regions', () => live(limitBetween, limitBetween));
it('a tunnel of a gateway on a CCN', () => live(tunnelOnCcn, tunnelOnCcn));

describe('a long list', () => {
  const ranges = Array.from({ length: 25 }, (_, index) => `192.168.${index}.0/24`);

  it('of ranges of a gateway is whole without a limit: the provider asks for no second page', async () => {
    const resource = resources.find(({ type }) => type === 'vpn_gateway_ccn_routes');
    if (resource === undefined) throw new Error('unreachable');
    const security_group_policy = [{ local_cidr_block: '10.0.0.0/8', remote_cidr_block: ranges }];
    const tunnel = { resource: 'vpn_connection', configuration: { vpc_id: null, security_group_policy } };
    const looks = (resource.looks ?? []).map((look) => ({
      ...look,
      keeps: { found: `RouteSet.${ranges.length - 1}` },
    }));
    await live({ ...resource, looks, needs: { ...resource.needs, tunnel } }, resource);
  });
});

describe.each(dataSources)('data source tencentcloud_$type', (source) => {
  it('finds what is there', async () => {
    const { scope, needed } = await replay.need(source.needs);
    await replay.find(source, scope);
    await replay.release(needed);
    expectNothingLeft();
  });
});

describe('a CCN of another account', () => {
  it('is asked, refuses, is asked again, and accepts', async () => {
    const { SecretId, SecretKey } = await clients.api.operate('CreateAccessKey', { AccountName: 'guest' });
    const credential = { secretId: String(SecretId), secretKey: String(SecretKey) };
    const told = new Set<string>();
    const [owner, guest] = [clients, clients.like({ credential })].map((each) => new Replay(each, resources, told));
    if (owner === undefined || guest === undefined) throw new Error('unreachable');
    const { scope: hosts, needed } = await owner.need({ ccn: 'ccn' });
    const { AccountId } = await clients.sts.GetCallerIdentity();
    const { scope: guests, needed: neededByGuest } = await guest.need({ theirs: 'vpc' });
    const scope = { ...hosts, ...guests, ccn_uin: AccountId, region: testRegion };
    const attachment = ccnResources.find(({ type }) => type === 'ccn_attachment_v2');
    if (attachment === undefined) throw new Error('unreachable');
    const configuration = { ...attachment.configuration, instance_id: '$theirs.id', ccn_uin: '$ccn_uin' };
    const asked = await guest.create({ ...attachment, needs: {}, configuration }, {}, scope);
    const stateOf = async () => (await owner.read(attachment, asked.scope))?.['state'];
    expect(await stateOf()).toBe('PENDING');
    await owner.create(rejectAttach, {}, scope);
    expect(await stateOf()).toBe('REJECTED');
    await guest.create(resetAttach, {}, scope);
    expect(await stateOf()).toBe('PENDING');
    await owner.create(acceptAttach, {}, scope);
    expect(await stateOf()).toBe('ACTIVE');
    await owner.delete(asked);
    await guest.release(neededByGuest);
    await owner.release(needed);
    expectNothingLeft();
  });
});

describe('the lists of calls', () => {
  /** The first column of the table, and the data sources below it. */
  const listed = () => {
    const page = readFileSync(new URL('../../../../../docs/spec/actions.md', import.meta.url), 'utf8');
    const start = page.indexOf('**Terraform resource → actions**');
    return page.slice(start, page.indexOf('In tiers 1 and 2 but used by no', start));
  };

  it('are of every resource and data source that the behaviour reference names', () => {
    const expected = `
      vpn_gateway vpn_customer_gateway vpn_connection vpn_connection_reset vpn_customer_gateway_configuration_download
      vpn_gateway_route vpn_gateway_ccn_routes vpc subnet route_table route_table_association route_table_entry route_entry
      route_table_entry_config vpc_notify_routes ccn ccn_attachment ccn_attachment_v2 ccn_routes ccn_bandwidth_limit
      ccn_instances_accept_attach ccn_instances_reject_attach ccn_instances_reset_attach ccn_route_table
      ccn_route_table_associate_instance_config ccn_route_table_input_policies ccn_route_table_broadcast_policies
      ccn_route_table_selection_policies dc_gateway dc_gateway_ccn_route
    `;
    const types = [...resources, ...answers].map(({ type }) => type);
    expect(types.toSorted()).toEqual(expected.trim().split(/\s+/).toSorted());
    expect(listed()).toContain('ccn_instances_accept/reject/reset_attach');
  });

  it('call every Action that the table names', () => {
    const text = JSON.stringify([resources, answers, dataSources], (_, value: unknown) => value);
    const named = new Set(
      listed().match(
        /\b(Create|Describe|Modify|Delete|Reset|Renew|Generate|Download|Enable|Disable|Notify|Withdraw|Attach|Detach|Associate|Set|Get)[A-Z]\w+/g,
      ),
    );
    expect(named.size).toBeGreaterThan(60);
    for (const action of named) expect(text).toContain(action);
  });

  it('name no object by themselves', () => {
    expect(JSON.stringify([resources, answers, dataSources])).not.toMatch(/"[a-z]+-[a-z0-9]{8}"/);
  });
});
