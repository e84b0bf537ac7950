import { patience } from '@landbridge/testbed/poll';
import { completeQuotas } from '@landbridge/server/domain/operator/quotas';
import type { ApiHarness } from '@landbridge/server/testing/api-harness';
import {
  describeTunnel,
  mainRouteTable,
  makeGateway,
  makeKey,
  makePeer,
  makeSubnet,
  makeTunnel,
  makeVpc,
} from '@landbridge/server/testing/sample-resources';
import type { Locator, Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { useConsole } from './use-console.ts';

// Forms before the real server: what is sent, what is said before, and who is not overwritten unseen.

const shown = useConsole({ quotas: completeQuotas({ vpcVpnGateways: 13 }) });
const { signIn, heading, axeViolations } = shown;
let api: ApiHarness;
let page: Page;
beforeEach(() => {
  ({ api, page } = shown);
});

interface Network {
  readonly vpc: string;
  readonly subnet: string;
  readonly gateway: string;
  readonly peer: string;
  readonly tunnel: `vpnx-${string}`;
}

let peers = 0;

async function makeNetwork(name: string): Promise<Network> {
  peers += 1;
  const vpc = await makeVpc(api, { VpcName: `vpc of ${name}` });
  const { SubnetId: subnet } = await makeSubnet(api, vpc);
  const gateway = await makeGateway(api, vpc, { VpnGatewayName: `gateway of ${name}` });
  const peer = await makePeer(api, `198.51.100.${peers}`);
  const tunnel = await makeTunnel(api, gateway, peer, { VpnConnectionName: name });
  return { vpc, subnet, gateway, peer, tunnel };
}

const button = (name: string | RegExp, within: Page | Locator = page) => within.getByRole('button', { name });
const dialog = () => page.getByRole('dialog');
const status = (text: string) => page.getByRole('status').filter({ hasText: text });

/** What the page asks the service to change, by Actions. */
function watchChanges(): Readonly<Record<string, unknown>> {
  const changes: Record<string, unknown> = {};
  page.on('request', (request) => {
    if (!request.url().endsWith('/console/call')) return;
    const { Action, Parameters } = request.postDataJSON() as { Action: string; Parameters: Record<string, unknown> };
    const { ClientToken, ...asked } = Parameters;
    if (ClientToken !== undefined) changes[Action] = asked;
  });
  return changes;
}

/** The ids that each call of an Action names, as far as it names some. */
function watchIds(action: string, field: string): (readonly string[])[] {
  const asked: (readonly string[])[] = [];
  page.on('request', (request) => {
    if (!request.url().endsWith('/console/call')) return;
    const { Action, Parameters } = request.postDataJSON() as { Action: string; Parameters: Record<string, unknown> };
    if (Action === action && field in Parameters) asked.push(Parameters[field] as readonly string[]);
  });
  return asked;
}

async function applyAndSee(word = 'Apply'): Promise<void> {
  await button(word, dialog()).click();
  await page.locator('dialog').waitFor({ state: 'detached' });
}

const theirGroup = (VpnConnectionId: string, DhGroupName: string) =>
  api.succeed('ModifyVpnConnectionAttribute', { VpnConnectionId, IKEOptionsSpecification: { DhGroupName } });

const groupOf = async (id: string) => (await describeTunnel(api, id)).IKEOptionsSpecification.DhGroupName;

describe('forms of the console', { timeout: 60_000 * patience }, () => {
  it('change a tunnel once its interruption was shown, and send what differs alone', async () => {
    const { tunnel } = await makeNetwork('Berlin');
    const changes = watchChanges();
    await signIn(`/console/tunnels/${tunnel}`);
    await page.getByRole('link', { name: 'Edit' }).click();
    await heading('Berlin').waitFor();
    expect(await page.getByLabel('Pre-shared key').inputValue()).toBe('');
    expect(await button('Preview').isDisabled()).toBe(true);
    await page.getByLabel('IKE DH group').selectOption('GROUP20');
    await button('Preview').click();
    await dialog().getByText('is interrupted').waitFor();
    expect(await axeViolations()).toEqual([]);
    expect(changes).toEqual({});
    expect(await groupOf(tunnel)).not.toBe('GROUP20');
    await dialog().getByRole('row', { name: 'IKE DH group GROUP19 GROUP20' }).waitFor();
    await applyAndSee();
    await status('It is done.').waitFor();
    expect(changes).toEqual({
      ModifyVpnConnectionAttribute: { VpnConnectionId: tunnel, IKEOptionsSpecification: { DhGroupName: 'GROUP20' } },
    });
    expect(await groupOf(tunnel)).toBe('GROUP20');
    expect(await button('Preview').isDisabled()).toBe(true);
    await page.getByLabel('Name', { exact: true }).fill('Potsdam');
    await button('Preview').click();
    await dialog().getByText('Nothing changes for any tunnel').waitFor();
    await dialog().getByRole('row', { name: 'Name' }).filter({ hasText: 'Potsdam' }).waitFor();
    await applyAndSee();
    await heading('Potsdam').waitFor();
    await page.getByLabel('Pre-shared key').fill('a-key-that-is-not-shown');
    await button('Preview').click();
    await dialog().getByRole('row', { name: 'Pre-shared key ••• •••' }).waitFor();
    expect(await dialog().textContent()).not.toContain('a-key-that-is-not-shown');
    await button('Cancel', dialog()).click();
  });

  it('say at once what somebody else changed, and let theirs be taken or overwritten', async () => {
    const { tunnel } = await makeNetwork('Hamburg');
    await signIn(`/console/objects/tunnels/${tunnel}`);
    await page.getByLabel('IKE DH group').selectOption('GROUP20');
    await theirGroup(tunnel, 'GROUP21');
    const clash = page.getByRole('alert');
    await clash.getByRole('row', { name: 'IKE DH group GROUP21 GROUP20' }).waitFor();
    expect(await button('Preview').isDisabled()).toBe(true);
    expect(await axeViolations()).toEqual([]);
    await button('Take theirs').click();
    await clash.waitFor({ state: 'detached' });
    expect(await page.getByLabel('IKE DH group').inputValue()).toBe('GROUP21');
    expect(await button('Preview').isDisabled()).toBe(true);
    await page.getByLabel('IKE DH group').selectOption('GROUP20');
    await button('Preview').click();
    await dialog().getByText('is interrupted').waitFor();
    await theirGroup(tunnel, 'GROUP19');
    await dialog().getByRole('alert').getByText('GROUP19').waitFor();
    expect(await button('Apply', dialog()).isDisabled()).toBe(true);
    await button('Cancel', dialog()).click();
    await button('Overwrite').click();
    await button('Preview').click();
    await applyAndSee();
    expect(await groupOf(tunnel)).toBe('GROUP20');
  });

  it('look once more before they apply, where nobody told of the change', async () => {
    const { tunnel } = await makeNetwork('Bremen');
    shown.allow(/ERR_FAILED/);
    await page.route('**/console/stream', (route) => route.abort());
    const changes = watchChanges();
    await signIn(`/console/objects/tunnels/${tunnel}`);
    await page.getByLabel('IKE DH group').selectOption('GROUP20');
    await button('Preview').click();
    await dialog().getByText('is interrupted').waitFor();
    await theirGroup(tunnel, 'GROUP21');
    await button('Apply', dialog()).click();
    await dialog().getByRole('alert').getByText('GROUP21').waitFor();
    expect(changes).toEqual({});
    expect(await groupOf(tunnel)).toBe('GROUP21');
  });

  it('add, disable, prefer and delete gateway routes, and say who then reaches whom', async () => {
    const { vpc, gateway, tunnel } = await makeNetwork('Köln');
    const range = '192.168.7.0/24';
    const toGateway = { DestinationCidrBlock: range, GatewayType: 'VPN', GatewayId: gateway, RouteDescription: '' };
    await api.succeed('CreateRoutes', { RouteTableId: await mainRouteTable(api, vpc), Routes: [toGateway] });
    await signIn(`/console/objects/vpn-gateways/${gateway}`);
    const routes = page
      .locator('section')
      .filter({ has: page.getByRole('heading', { name: 'Gateway routes' }) })
      .last();
    await routes.getByLabel('Destination').fill(range);
    await routes.getByLabel('Next hop', { exact: true }).selectOption(tunnel);
    await button('Add route', routes).click();
    await dialog().getByText('no → yes').first().waitFor();
    await applyAndSee();
    const row = routes.getByRole('row').filter({ hasText: range });
    const choose = async (action: string) => {
      await row.getByRole('checkbox').check();
      await button(action, routes).click();
    };
    await choose('Disable');
    await dialog().getByText('yes → no').first().waitFor();
    expect(await axeViolations()).toEqual([]);
    await applyAndSee();
    await row.getByText('DISABLE').waitFor();
    await choose('Priority 100');
    await dialog().getByText('Step 1 of 2').waitFor();
    await button('Apply', dialog()).click();
    await dialog().getByText('Step 2 of 2').waitFor();
    await applyAndSee();
    await row.getByText('100', { exact: true }).waitFor();
    expect(await row.count()).toBe(1);
    await choose('Delete routes');
    await applyAndSee();
    await row.waitFor({ state: 'detached' });
    const { Routes } = await api.succeed('DescribeVpnGatewayRoutes', { VpnGatewayId: gateway });
    expect(Routes.filter(({ Type }) => Type === 'Static')).toEqual([]);
  });

  it('show what is in the way of a deletion, with its RequestId, and delete what nothing holds', async () => {
    const { peer, tunnel } = await makeNetwork('Ulm');
    await signIn(`/console/objects/customer-gateways/${peer}`);
    await button('Delete').click();
    const refusal = dialog().getByRole('alert');
    await refusal.getByText('is still used by').waitFor();
    expect(await refusal.textContent()).toMatch(/RequestId [0-9a-f-]{36}/);
    expect(await button('Delete', dialog()).isDisabled()).toBe(true);
    await refusal.getByText(`Ulm (${tunnel})`).waitFor();
    await dialog().getByRole('link', { name: 'Ulm' }).click();
    await heading('Ulm').waitFor();
    await button('Delete').first().click();
    await dialog().getByText('is interrupted').waitFor();
    await applyAndSee('Delete');
    await heading('Objects').waitFor();
    expect(page.url()).toBe(`${shown.origin}/console/objects/tunnels`);
    expect((await api.succeed('DescribeVpnConnections', { VpnConnectionIds: [tunnel] })).VpnConnectionSet).toEqual([]);
  });

  it('call objects in the way and in a preview by their names, and ask for these once a kind', async () => {
    const { vpc, subnet, gateway, peer, tunnel } = await makeNetwork('Lindau');
    const hostile = '<img src=x onerror=alert(1)> `vpc-00000000`';
    const { SubnetId: other } = await makeSubnet(api, vpc, { SubnetName: hostile, CidrBlock: '10.0.2.0/24' });
    const [subnets, peersAsked] = [
      watchIds('DescribeSubnets', 'SubnetIds'),
      watchIds('DescribeCustomerGateways', 'CustomerGatewayIds'),
    ];
    await signIn(`/console/objects/vpcs/${vpc}`);
    await button('Delete').click();
    const refusal = dialog().getByRole('alert');
    const said = `vpc of Lindau (${vpc}) still holds gateway of Lindau (${gateway}), subnet (${subnet}), ${hostile} (${other})`;
    await refusal.getByText(said).waitFor();
    expect(subnets).toEqual([[subnet, other]]);
    expect(await axeViolations()).toEqual([]);
    // It is open already.
    expect(await refusal.getByRole('link', { name: 'vpc of Lindau' }).count()).toBe(0);
    expect(await refusal.locator('img').count()).toBe(0);
    await refusal.getByRole('link', { name: hostile }).click();
    await page.getByLabel('Name', { exact: true }).waitFor();
    expect(page.url()).toBe(`${shown.origin}/console/objects/subnets/${other}`);

    const { CustomerGateway } = await api.succeed('CreateCustomerGateway', {
      ...{ CustomerGatewayName: 'new peer', IpAddress: '198.51.100.201' },
    });
    const newPeer = CustomerGateway.CustomerGatewayId;
    await page.goto(`/console/objects/tunnels/${tunnel}`);
    await page.getByLabel('Customer gateway', { exact: true }).selectOption(newPeer);
    await button('Preview').click();
    await dialog()
      .getByRole('row', { name: `peer (${peer}) new peer (${newPeer})` })
      .waitFor();
    await dialog()
      .getByRole('listitem')
      .filter({ hasText: `gateway of Lindau (${gateway}) changes` })
      .waitFor();
    await dialog().getByRole('link', { name: 'gateway of Lindau' }).waitFor();
    await dialog().getByText(`Lindau (${tunnel})`).waitFor();
    expect(peersAsked).toEqual([[peer, newPeer]]);
  });

  it('leave ids as they are where their names cannot be learned', async () => {
    const vpc = await makeVpc(api);
    const { SubnetId: subnet } = await makeSubnet(api, vpc);
    await page.route('**/console/call', (route) => {
      const { Parameters } = route.request().postDataJSON() as { Parameters: Record<string, unknown> };
      if (!('SubnetIds' in Parameters)) return route.continue();
      return route.fulfill({ json: { Response: { Error: { Code: 'InternalError', Message: 'no' }, RequestId: 'r' } } });
    });
    await signIn(`/console/objects/vpcs/${vpc}`);
    await button('Delete').click();
    await dialog().getByRole('alert').getByText(`still holds ${subnet}. Delete them first.`).waitFor();
    expect(await dialog().getByRole('link', { name: subnet }).count()).toBe(0);
  });

  it('do not say that all is as before where not all was compared', async () => {
    const peer = await makePeer(api, '198.51.100.199');
    await page.route('**/console/call', (route) => {
      if ((route.request().postDataJSON() as { Action: string }).Action !== 'PreviewChanges') return route.continue();
      const found = { Plans: [], Tunnels: [], Reachability: [], ReachabilityComplete: false };
      return route.fulfill({ json: { Response: { ...found, RequestId: 'r' } } });
    });
    await signIn(`/console/objects/customer-gateways/${peer}`);
    await page.getByLabel('Name', { exact: true }).fill('Petersberg');
    await button('Preview').click();
    await dialog().getByText('No difference among what was compared.').waitFor();
    expect(await dialog().getByText('As before.').count()).toBe(0);
  });

  it('change what a gateway is called and what it sends in two steps', async () => {
    const { gateway } = await makeNetwork('Jena');
    const changes = watchChanges();
    await signIn(`/console/objects/vpn-gateways/${gateway}`);
    await page.getByLabel('Name', { exact: true }).fill('faster');
    await page.getByLabel('Bandwidth').selectOption('20');
    await button('Preview').click();
    await button('Apply', dialog()).click();
    await dialog().getByText('Step 2 of 2').waitFor();
    await applyAndSee();
    await heading('faster').waitFor();
    expect(changes).toEqual({
      ModifyVpnGatewayAttribute: { VpnGatewayId: gateway, VpnGatewayName: 'faster' },
      ResetVpnGatewayInternetMaxBandwidth: { VpnGatewayId: gateway, InternetMaxBandwidthOut: 20 },
    });
    const { VpnGatewaySet } = await api.succeed('DescribeVpnGateways', { VpnGatewayIds: [gateway] });
    expect(VpnGatewaySet[0]?.InternetMaxBandwidthOut).toBe(20);
  });

  it('say where it was made why a call failed', async () => {
    const peer = await makePeer(api, '198.51.100.200');
    await signIn(`/console/objects/customer-gateways/${peer}`);
    await page.getByLabel('ASN').fill('45090');
    await button('Preview').click();
    expect(await dialog().getByRole('alert').textContent()).toMatch(/BgpAsn.*RequestId [0-9a-f-]{36}/s);
    expect(await button('Apply', dialog()).isDisabled()).toBe(true);
  });

  it('add and disable routes of a VPC, and bind a subnet to another table', async () => {
    const { vpc, subnet, gateway } = await makeNetwork('Bonn');
    const table = await mainRouteTable(api, vpc);
    await signIn(`/console/objects/route-tables/${table}`);
    const routes = page
      .locator('section')
      .filter({ has: page.getByRole('heading', { name: 'Routes' }) })
      .last();
    await routes.getByLabel('Destination').fill('192.168.9.0/24');
    await routes.getByLabel('Next hop').selectOption(gateway);
    await button('Add route', routes).click();
    await applyAndSee();
    const row = routes.getByRole('row').filter({ hasText: '192.168.9.0/24' });
    await row.getByRole('checkbox').check();
    await button('Disable', routes).click();
    await applyAndSee();
    await row.getByText('false').waitFor();
    const { RouteTable } = await api.succeed('CreateRouteTable', { VpcId: vpc, RouteTableName: 'other' });
    await page.goto(`/console/objects/subnets/${subnet}`);
    await page.getByLabel('Route table').selectOption(RouteTable.RouteTableId);
    await button('Preview').click();
    await applyAndSee();
    const { SubnetSet } = await api.succeed('DescribeSubnets', { SubnetIds: [subnet] });
    expect(SubnetSet[0]?.RouteTableId).toBe(RouteTable.RouteTableId);
  });

  it('attach interfaces of the server to a subnet and detach them', async () => {
    const { subnet } = await makeNetwork('Trier');
    await signIn(`/console/objects/subnets/${subnet}`);
    const interfaces = page
      .locator('section')
      .filter({ has: page.getByRole('heading', { name: 'Interfaces of the server' }) })
      .last();
    const attached = async () => {
      const Filters = [{ Name: 'subnet-id', Values: [subnet] }];
      const { SubnetInterfaceSet } = await api.operate('DescribeSubnetInterfaces', { Filters });
      const rows = SubnetInterfaceSet as readonly { readonly InterfaceName: string; readonly VlanId: number | null }[];
      return rows.map(({ InterfaceName, VlanId }) => [InterfaceName, VlanId]);
    };
    await interfaces.getByRole('textbox', { name: 'Interface' }).fill('eth7');
    await interfaces.getByLabel('VLAN').fill('30');
    await button('Attach interface', interfaces).click();
    await applyAndSee();
    await interfaces.getByRole('textbox', { name: 'Interface' }).fill('eth8');
    await button('Attach interface', interfaces).click();
    await applyAndSee();
    expect(await attached()).toEqual(
      expect.arrayContaining([
        ['eth7', 30],
        ['eth8', null],
      ]),
    );
    const row = interfaces.getByRole('row').filter({ hasText: 'eth7' });
    await row.getByRole('checkbox').check();
    await button('Detach', interfaces).click();
    await applyAndSee();
    await row.waitFor({ state: 'detached' });
    expect(await attached()).toEqual([['eth8', null]]);
  });

  it('tell administrators alone what keeps an object from being in the network', async () => {
    const { vpc, subnet } = await makeNetwork('Speyer');
    const trouble = 'Cannot find device "eht7"';
    await page.route('**/console/call', async (route) => {
      if ((route.request().postDataJSON() as { Action: string }).Action !== 'DescribeSystemStatus')
        return route.continue();
      const reply = await route.fetch();
      const { Response } = (await reply.json()) as { readonly Response: object };
      const Conditions = [
        { Name: 'plans', Ok: false, Message: 'of others' },
        { Name: vpc, Ok: false, Message: trouble },
      ];
      return route.fulfill({ json: { Response: { ...Response, Conditions } } });
    });
    await signIn(`/console/objects/subnets/${subnet}`);
    const told = page.getByRole('alert').filter({ hasText: trouble });
    await told.getByText('not applied').waitFor();
    expect(await told.textContent()).not.toContain('of others');
    expect(await axeViolations()).toEqual([]);
    await told.getByRole('link', { name: 'Its plan' }).click();
    await page.waitForURL(`**/host/plans/${vpc}`);
    const guest = await makeKey(api, 'guest-of-speyer');
    const { Vpc } = await api.succeed(
      'CreateVpc',
      { VpcName: 'theirs', CidrBlock: '10.0.0.0/16' },
      { credential: guest, region: 'local' },
    );
    page = await shown.openAs({});
    await signIn(`/console/objects/vpcs/${Vpc.VpcId}`, guest);
    await heading('theirs').waitFor();
    await page.getByRole('heading', { name: 'Tags' }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('attach to a CCN and detach from it', async () => {
    const vpc = await makeVpc(api);
    const { Ccn } = await api.succeed('CreateCcn', { CcnName: 'joined' });
    await signIn(`/console/objects/ccns/${Ccn.CcnId}`);
    const instances = page
      .locator('section')
      .filter({ has: page.getByRole('heading', { name: 'Attached' }) })
      .last();
    await instances.getByLabel('Instance', { exact: true }).fill(vpc);
    await instances.getByLabel('Region').fill('test-1');
    await button('Attach', instances).click();
    await applyAndSee();
    const row = instances.getByRole('row').filter({ hasText: vpc });
    await row.getByRole('checkbox').check();
    await button('Detach', instances).click();
    await applyAndSee();
    await row.waitFor({ state: 'detached' });
    expect((await api.succeed('DescribeCcnAttachedInstances', { CcnId: Ccn.CcnId })).InstanceSet).toEqual([]);
  });

  it('set tags and remove them', async () => {
    const vpc = await makeVpc(api);
    await signIn(`/console/objects/vpcs/${vpc}`);
    const tags = page
      .locator('section')
      .filter({ has: page.getByRole('heading', { name: 'Tags' }) })
      .last();
    await tags.getByLabel('Key').fill('team');
    await tags.getByLabel('Value').fill('blue');
    await button('Set tag', tags).click();
    await applyAndSee();
    const row = tags.getByRole('row').filter({ hasText: 'blue' });
    await row.waitFor();
    expect((await api.succeed('DescribeVpcs', { VpcIds: [vpc] })).VpcSet[0]?.TagSet).toEqual([
      { Key: 'team', Value: 'blue' },
    ]);
    await row.getByRole('checkbox').check();
    await button('Remove tags', tags).click();
    await applyAndSee();
    await row.waitFor({ state: 'detached' });
  });

  it('are there for every kind, in Chinese, in the dark and on a phone', { timeout: 120_000 * patience }, async () => {
    const { vpc, subnet, gateway, peer, tunnel } = await makeNetwork('Gera');
    const table = await mainRouteTable(api, vpc);
    const { Ccn } = await api.succeed('CreateCcn', { CcnName: 'joined' });
    const { DirectConnectGateway } = await api.succeed('CreateDirectConnectGateway', {
      ...{ DirectConnectGatewayName: 'line', NetworkType: 'VPC', NetworkInstanceId: vpc },
    });
    page = await shown.openAs({ viewport: { width: 390, height: 844 }, colorScheme: 'dark', locale: 'zh-CN' });
    await signIn('/console/objects');
    await page.getByRole('heading', { name: '资源' }).waitFor();
    for (const [kind, id] of [
      ['tunnels', tunnel],
      ['vpn-gateways', gateway],
      ['customer-gateways', peer],
      ['vpcs', vpc],
      ['subnets', subnet],
      ['route-tables', table],
      ['ccns', Ccn.CcnId],
      ['direct-connect-gateways', DirectConnectGateway.DirectConnectGatewayId],
    ] as const) {
      await page.goto(`/console/objects/${kind}`);
      await page.locator('tbody').locator(`a[href$="/${id}"]`).first().click();
      await page.getByRole('heading', { name: '标签' }).waitFor();
      await button('预览').waitFor();
      expect(await axeViolations()).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth'), kind).toBe(false);
    }
  });
});
