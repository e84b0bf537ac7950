import { patience } from '@landbridge/testbed/poll';
import type { ApiHarness } from '@landbridge/server/testing/api-harness';
import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { useConsole } from './use-console.ts';

// The wizard by its visible labels alone; charon and the agent are played.

const shown = useConsole();
let api: ApiHarness;
let page: Page;
beforeEach(() => {
  ({ api, page } = shown);
});

const { signIn, heading, axeViolations } = shown;

const group = (name: string): Locator => page.getByRole('group', { name, exact: true });
const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
/** Of the field itself: buttons and groups may be called alike. */
const field = (name: string): Locator => page.getByRole('textbox', { name, exact: true });

const eventually = (holds: () => void | Promise<void>) =>
  vi.waitFor(holds, { timeout: 20_000 * patience, interval: 50 });

/** The region that the console creates in. */
const here = { region: 'local' };

async function makePeer(IpAddress: string): Promise<void> {
  await api.succeed('CreateCustomerGateway', { CustomerGatewayName: 'peer', IpAddress }, here);
}

/** Plays the agent: the gateway of this name stands, as soon as there is one. */
async function standUp(name: string): Promise<void> {
  await eventually(() => {
    const gateway = api.rows.vpnGateways.all().find((one) => one.name === name);
    if (gateway === undefined) throw new Error(`there is no gateway ${name} yet`);
    api.apply(gateway.id);
  });
}

async function tunnelsNamed(...names: readonly string[]) {
  const { VpnConnectionSet } = await api.succeed('DescribeVpnConnections', { Limit: 100 }, here);
  return names.map((name) => {
    const found = VpnConnectionSet.filter(({ VpnConnectionName }) => VpnConnectionName === name);
    expect(found.map(({ VpnConnectionName }) => VpnConnectionName)).toEqual([name]);
    return found[0]!;
  });
}

/** From the choice of scenarios to the sites, with a gateway of this name. */
async function fillNetwork(scenario: string, name: string): Promise<void> {
  await page.getByRole('link', { name: scenario, exact: true }).click();
  await heading(scenario).waitFor();
  await group('VPC').getByLabel('Name').first().fill(name);
  await group('VPN gateway').getByLabel('Name').fill(name);
  await press('Next');
}

async function fillSite(number: number, { name, network, address }: Readonly<Record<string, string>>): Promise<void> {
  const site = group(`Site ${number}`);
  await site.getByLabel('Name').fill(name ?? '');
  await site.getByLabel('Networks behind it').fill(network ?? '');
  await site.getByLabel('Public address').fill(address ?? '');
}

describe('the wizard', { timeout: 90_000 * patience }, () => {
  it('builds a VPC and its tunnel from nothing, and waits for the peer with its file', async () => {
    await signIn();
    await page.getByRole('link', { name: 'Create …' }).click();
    await heading('Create').waitFor();
    expect(await axeViolations()).toEqual([]);
    await fillNetwork('One VPC and one IDC', 'first');

    await press('Next');
    await page.getByText('At least one range is needed.').waitFor();
    await page.getByText('An IPv4 address is needed.').waitFor();
    await eventually(async () => expect(await focusedLabel()).toBe('Networks behind it'));
    expect(await axeViolations()).toEqual([]);
    await fillSite(1, { name: 'Kassel', network: '192.168.1.0/24', address: '198.51.100.21' });
    await press('Next');

    await page.getByText('VPC first, 10.0.0.0/16').waitFor();
    await eventually(async () => expect(await page.getByText('The service would accept it.').count()).toBe(2));
    expect(await axeViolations()).toEqual([]);
    expect(api.rows.vpcs.all().filter(({ name }) => name === 'first')).toEqual([]);
    await press('Create now');
    await standUp('first');

    await page.getByRole('heading', { name: 'Everything is made' }).waitFor();
    expect(await axeViolations()).toEqual([]);
    const [tunnel] = await tunnelsNamed('Kassel');
    const { PreShareKey: key } = tunnel!;
    expect(key).toMatch(/^[A-Za-z0-9]{32}$/);
    await page.getByText(key, { exact: true }).waitFor();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy Pre-shared key of Kassel' }).click();
    await page.getByText('Copied').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(key);
    await expectRoutes(tunnel!, '192.168.1.0/24');

    await page.getByRole('link', { name: 'Set up the peers' }).click();
    await heading('Set up the peers').waitFor();
    expect(await page.content()).not.toContain(key);
    const peer = page.getByRole('region', { name: 'Kassel' });
    await peer.getByText('Waiting for the peer').waitFor();
    // Nobody has looked yet: it may be up.
    expect(await peer.getByRole('button', { name: 'Try now' }).count()).toBe(0);
    await peer.getByLabel('Device', { exact: true }).selectOption('strongswan swanctl V5.9');
    await peer.getByLabel('Its interface to the Internet').fill('ens3');
    await peer.getByRole('button', { name: 'Show the configuration' }).click();
    const file = peer.getByRole('region', { name: 'Configuration of the device' });
    await file.waitFor();
    const text = await file.textContent();
    expect(text).toContain(key);
    expect(text).toContain('198.51.100.21');
    const saving = page.waitForEvent('download');
    await peer.getByRole('button', { name: 'Download' }).click();
    const saved = await saving;
    expect(saved.suggestedFilename()).toBe('Kassel.txt');
    expect(readFileSync(await saved.path(), 'utf8')).toBe(text);
    expect(await axeViolations()).toEqual([]);

    refuse(tunnel!.VpnConnectionId as `vpnx-${string}`);
    await peer.getByText('The IKE DH group').waitFor();
    const reset = page.waitForRequest((request) => request.postData()?.includes('ResetVpnConnection') === true);
    await peer.getByRole('button', { name: 'Try now' }).click();
    expect((await (await reset).response())?.status()).toBe(200);
    api.connect(tunnel!.VpnConnectionId as `vpnx-${string}`);
    await peer.getByText('It is up.').waitFor();
    await peer.getByRole('link', { name: 'Open the tunnel' }).click();
    await heading('Kassel').waitFor();
    expect(await page.content()).not.toContain(key);
  });

  it('goes on after an answer that was lost and after a refusal, and makes nothing twice', async () => {
    await makePeer('198.51.100.31');
    await signIn('/console/create');
    await fillNetwork('One VPC and one IDC', 'second');
    await fillSite(1, { name: 'Fulda', network: '192.168.31.0/24', address: '198.51.100.31' });
    await press('Next');
    const refusal = page.getByRole('alert').filter({ hasText: 'has the address 198.51.100.31 already' });
    await refusal.waitFor();

    shown.allow(/ERR_FAILED/);
    let lost = 0;
    await page.route('**/console/call', async (route) => {
      const { Action } = route.request().postDataJSON() as { readonly Action: string };
      if (Action !== 'CreateVpc' || lost > 0) return route.continue();
      lost++;
      await route.fetch();
      await route.abort('failed');
    });
    await press('Create now');
    const step = (text: string) => page.getByRole('listitem').filter({ hasText: text });
    await step('VPC second').getByText('The service does not answer.').waitFor();
    expect(api.rows.vpcs.all().filter(({ name }) => name === 'second')).toHaveLength(1);
    await press('Go on');
    await step('VPC second').getByText('done').waitFor();
    await standUp('second');

    await step('Customer gateway Fulda').getByText('has the address 198.51.100.31 already').waitFor();
    expect(await step('Customer gateway Fulda').textContent()).toMatch(/RequestId [0-9a-f-]{36}/);
    expect(await axeViolations()).toEqual([]);
    await press('Change the answers');
    await press('Back');
    expect(await group('VPC').getByLabel('Name').first().isDisabled()).toBe(true);
    await press('Next');
    await field('Public address').fill('198.51.100.32');
    await press('Next');
    await press('Create now');
    await page.getByRole('heading', { name: 'Everything is made' }).waitFor();

    expect(api.rows.vpcs.all().filter(({ name }) => name === 'second')).toHaveLength(1);
    expect(api.rows.vpnGateways.all().filter(({ name }) => name === 'second')).toHaveLength(1);
    const [tunnel] = await tunnelsNamed('Fulda');
    await expectRoutes(tunnel!, '192.168.31.0/24');
  });

  it('takes what is there, and keeps sites apart by policies', async () => {
    const { Vpc } = await api.succeed('CreateVpc', { VpcName: 'old', CidrBlock: '172.16.0.0/16' }, here);
    const asked = { VpcId: Vpc.VpcId, VpnGatewayName: 'old gateway', InternetMaxBandwidthOut: 5 };
    const { VpnGateway } = await api.succeed('CreateVpnGateway', asked, here);
    const gateway = VpnGateway.VpnGatewayId;
    api.apply(gateway);
    await makePeer('198.51.100.41');
    const before = { vpcs: api.rows.vpcs.all().length, gateways: api.rows.vpnGateways.all().length };
    await signIn('/console/create');
    await page.getByRole('link', { name: 'One VPC and several IDCs, kept apart' }).click();
    await group('VPC').getByLabel('New or existing').selectOption('old (172.16.0.0/16)');
    await group('VPN gateway').getByLabel('New or existing').selectOption('old gateway');
    await press('Next');
    await fillSite(2, { name: 'East', network: '192.168.42.0/24', address: '198.51.100.42' });
    await group('Site 1').getByLabel('Name').fill('West');
    await group('Site 1').getByLabel('Networks behind it').fill('192.168.41.0/24');
    await group('Site 1').getByLabel('Customer gateway').selectOption('peer (198.51.100.41)');
    await press('Next');
    // A tunnel with a peer that is there, its VPC route, and the other's: what they would do can be told.
    await eventually(async () => expect(await page.getByText('The service would accept it.').count()).toBe(4));
    await press('Create now');
    await page.getByRole('heading', { name: 'Everything is made' }).waitFor();

    expect(api.rows.vpcs.all()).toHaveLength(before.vpcs);
    expect(api.rows.vpnGateways.all()).toHaveLength(before.gateways);
    const tunnels = await tunnelsNamed('West', 'East');
    expect(tunnels.map(({ VpnGatewayId }) => VpnGatewayId)).toEqual([gateway, gateway]);
    expect(tunnels.map(({ SecurityPolicyDatabaseSet }) => SecurityPolicyDatabaseSet)).toEqual([
      [{ LocalCidrBlock: '172.16.0.0/16', RemoteCidrBlock: ['192.168.41.0/24'] }],
      [{ LocalCidrBlock: '172.16.0.0/16', RemoteCidrBlock: ['192.168.42.0/24'] }],
    ]);
    expect(tunnels[0]!.PreShareKey).not.toBe(tunnels[1]!.PreShareKey);
  });

  it('makes an active and a standby tunnel with health checks', async () => {
    await signIn('/console/create');
    await fillNetwork('Active and standby tunnel', 'doubled');
    await field('Networks behind it').fill('192.168.51.0/24');
    await group('Active device').getByLabel('Public address').fill('198.51.100.51');
    await group('Standby device').getByLabel('Public address').fill('198.51.100.52');
    await field('Name').fill('Ulm');
    await press('Next');
    await press('Create now');
    await standUp('doubled');
    await page.getByRole('heading', { name: 'Everything is made' }).waitFor();
    const tunnels = await tunnelsNamed('Ulm', 'Ulm (standby)');
    expect(tunnels.map(({ EnableHealthCheck }) => EnableHealthCheck)).toEqual([true, true]);
    const { Routes } = await api.succeed('DescribeVpnGatewayRoutes', { VpnGatewayId: tunnels[0]!.VpnGatewayId }, here);
    const priorities = tunnels.map(
      ({ VpnConnectionId }) => Routes.find(({ InstanceId }) => InstanceId === VpnConnectionId)?.Priority,
    );
    expect(priorities).toEqual([0, 100]);
  });

  it('joins VPCs, a dedicated line and sites by a CCN', async () => {
    await signIn('/console/create');
    await page.getByRole('link', { name: 'IDCs, VPCs and Direct Connect, by a CCN' }).click();
    await group('VPN gateway').getByLabel('Name').fill('joining');
    await group('CCN').getByLabel('Name').fill('everything');
    await page.getByLabel('A data centre is on a dedicated line').check();
    await group('Direct Connect').getByLabel('Networks behind it').fill('192.168.9.0/24');
    await press('Next');
    await fillSite(1, { name: 'Jena', network: '192.168.61.0/24', address: '198.51.100.61' });
    await fillSite(2, { name: 'Gera', network: '192.168.62.0/24', address: '198.51.100.62' });
    await press('Next');
    await press('Create now');
    const isMade = page.getByRole('heading', { name: 'Everything is made' });
    const playing = setInterval(() => api.applyAll(), 200);
    await isMade.waitFor().finally(() => clearInterval(playing));
    const ccn = api.rows.ccns.all().find(({ name }) => name === 'everything');
    const { InstanceSet } = await api.succeed('DescribeCcnAttachedInstances', { CcnId: ccn!.id }, here);
    expect(InstanceSet.map(({ InstanceType }) => InstanceType).sort()).toEqual([
      'DIRECTCONNECT',
      'VPC',
      'VPC',
      'VPNGW',
    ]);
    const { RouteSet } = await api.succeed('DescribeCcnRoutes', { CcnId: ccn!.id }, here);
    expect(
      RouteSet.filter(({ Enabled }) => Enabled)
        .map(({ DestinationCidrBlock }) => DestinationCidrBlock)
        .sort(),
    ).toEqual(['10.0.1.0/24', '10.1.1.0/24', '192.168.61.0/24', '192.168.62.0/24', '192.168.9.0/24']);
  });

  it('joins sites alone by a gateway that is attached to nothing', async () => {
    await signIn('/console/create');
    await page.getByRole('link', { name: 'Several IDCs, without a VPC' }).click();
    await group('VPN gateway').getByLabel('Name').fill('alone');
    await press('Next');
    await fillSite(1, { name: 'Bonn', network: '192.168.71.0/24', address: '198.51.100.71' });
    await fillSite(2, { name: 'Trier', network: '192.168.72.0/24', address: '198.51.100.72' });
    await press('Next');
    await press('Create now');
    await standUp('alone');
    await page.getByRole('heading', { name: 'Everything is made' }).waitFor();
    const [tunnel] = await tunnelsNamed('Bonn', 'Trier');
    const { VpnGatewaySet } = await api.succeed('DescribeVpnGateways', { VpnGatewayIds: [tunnel!.VpnGatewayId] }, here);
    expect(VpnGatewaySet).toMatchObject([{ Type: 'CCN', VpcId: '', NetworkInstanceId: '' }]);
  });

  it('keeps answers when one goes back, in Chinese, in the dark and on a phone', async () => {
    page = await shown.openAs({ viewport: { width: 390, height: 844 }, colorScheme: 'dark', locale: 'zh-CN' });
    await signIn('/console/create?scenario=2&stage=summary');
    // The network has its defaults; the sites are not answered yet.
    await group('站点 1').waitFor();
    await press('上一步');
    await group('VPC').waitFor();
    await expectFits();
    await press('下一步');
    await group('站点 1').getByLabel('站点网段').fill('192.168.81.0/24');
    await group('站点 2').getByLabel('站点网段').fill('192.168.81.0/24');
    await group('站点 1').getByLabel('公网地址').fill('198.51.100.81');
    await press('下一步');
    await page.getByText('192.168.81.0/24 与 IDC 2 重叠。').waitFor();
    await expectFits();
    await group('站点 2').getByLabel('站点网段').fill('192.168.82.0/24');
    await group('站点 2').getByLabel('公网地址').fill('198.51.100.82');
    await press('下一步');
    await page.getByText('网关路由：192.168.82.0/24 指向 IDC 2').waitFor();
    await expectFits();
    await page.goBack();
    await eventually(async () =>
      expect(await group('站点 2').getByLabel('公网地址').inputValue()).toBe('198.51.100.82'),
    );
  });
});

async function expectFits(): Promise<void> {
  await page.getByRole('button', { name: /下一步|立即创建/ }).waitFor();
  expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
  expect(await axeViolations()).toEqual([]);
}

async function focusedLabel(): Promise<string> {
  return page.evaluate('document.activeElement.labels?.[0]?.textContent ?? ""');
}

interface MadeTunnel {
  readonly VpnGatewayId: string;
  readonly VpnConnectionId: string;
  readonly VpcId: string;
}

/** The gateway leads the network into the tunnel, and the VPC leads it to the gateway. */
async function expectRoutes({ VpnGatewayId, VpnConnectionId, VpcId }: MadeTunnel, network: string): Promise<void> {
  const { Routes } = await api.succeed('DescribeVpnGatewayRoutes', { VpnGatewayId }, here);
  expect(Routes.filter(({ Type }) => Type === 'Static')).toMatchObject([
    { DestinationCidrBlock: network, InstanceId: VpnConnectionId, Priority: 0, Status: 'ENABLE' },
  ]);
  const { RouteTableSet } = await api.succeed(
    'DescribeRouteTables',
    { Filters: [{ Name: 'vpc-id', Values: [VpcId] }] },
    here,
  );
  expect(RouteTableSet.flatMap(({ RouteSet }) => RouteSet)).toMatchObject([
    { DestinationCidrBlock: network, GatewayType: 'VPN', GatewayId: VpnGatewayId },
  ]);
}

/** Plays charon: the peer refuses. */
function refuse(id: `vpnx-${string}`): void {
  const at = api.clock.now();
  api.observed.recordSas(id, {
    ...{ ikeEstablished: false, children: { [id]: false }, connected: false, changedAt: at },
    lastError: 'the peer accepts none of our proposals',
  });
  api.observed.recordFindings(id, 'negotiation', [
    {
      ...{ object: id, code: 'ike-dh-group-differs', ours: 'GROUP19', theirs: 'GROUP2' },
      ...{ evidence: ['NO_PROPOSAL_CHOSEN'], since: at },
    },
  ]);
}
