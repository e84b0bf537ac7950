import { patience } from '@landbridge/testbed/poll';
import type { ApiHarness } from '@landbridge/server/testing/api-harness';
import { answeredProof, FakePathProving } from '@landbridge/server/testing/fake-path-proving';
import {
  mainRouteTable,
  makeGateway,
  makeKey,
  makePeer,
  makeSubnet,
  makeTunnel,
  makeVpc,
} from '@landbridge/server/testing/sample-resources';
import type { Page } from 'playwright-core';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { useConsole } from './use-console.ts';

// The page Network in Debian's Chromium, before the real server and a real store; charon and the agent are played.

const proving = new FakePathProving();
const shown = useConsole({ pathProving: proving });
const { signIn, heading, axeViolations } = shown;
let api: ApiHarness;
let page: Page;
let site: Awaited<ReturnType<typeof makeSite>>;
beforeAll(async () => {
  ({ api } = shown);
  site = await makeSite();
}, 60_000 * patience);
beforeEach(() => {
  proving.answer = answeredProof;
  proving.orders.length = 0;
  ({ page } = shown);
});

/** A VPC with a subnet, a gateway with a tunnel that is up and one that is not, each before a range of its own. */
async function makeSite() {
  const vpc = await makeVpc(api, { VpcName: 'shop', Tags: [{ Key: 'team', Value: 'blue' }] });
  const { SubnetId: subnet } = await makeSubnet(api, vpc, { SubnetName: 'web' });
  const gateway = await makeGateway(api, vpc, { VpnGatewayName: 'edge' });
  const peer = await makePeer(api, '198.51.100.7');
  const berlin = await makeTunnel(api, gateway, peer, { VpnConnectionName: 'Berlin' });
  const paris = await makeTunnel(api, gateway, await makePeer(api, '198.51.100.8'), { VpnConnectionName: 'Paris' });
  const into = { InstanceType: 'VPNCONN', Priority: 0, Status: 'ENABLE' };
  const Routes = [
    { ...into, DestinationCidrBlock: '192.168.1.0/24', InstanceId: berlin },
    { ...into, DestinationCidrBlock: '192.168.2.0/24', InstanceId: paris },
  ];
  await api.succeed('CreateVpnGatewayRoutes', { VpnGatewayId: gateway, Routes });
  const toGateway = { DestinationCidrBlock: '192.168.1.0/24', GatewayType: 'VPN', GatewayId: gateway };
  await api.succeed('CreateRoutes', { RouteTableId: await mainRouteTable(api, vpc), Routes: [toGateway] });
  api.connect(berlin);
  return { vpc, subnet, gateway, peer, berlin, paris };
}

/** Plays charon: the peer refuses. */
function refuse(id: `vpnx-${string}`): void {
  const since = api.clock.now();
  api.observed.recordSas(id, {
    ...{ ikeEstablished: false, children: { [id]: false }, connected: false },
    ...{ lastError: 'the peer accepts none of our proposals', changedAt: since },
  });
  const groups = { ours: 'GROUP14', theirs: 'GROUP2', evidence: ['NO_PROPOSAL_CHOSEN'] };
  api.observed.recordFindings(id, 'negotiation', [{ object: id, code: 'ike-dh-group-differs', ...groups, since }]);
}

describe('the page Network', { timeout: 60_000 * patience }, () => {
  it('shows the network, coloured by state, and opens what is in it', async () => {
    await signIn();
    await page.getByRole('link', { name: 'Network', exact: true }).click();
    await heading('Network').waitFor();
    const graph = page.getByRole('group', { name: 'Graph' });
    await graph.getByRole('link', { name: 'Berlin: up, unproven' }).waitFor();
    expect(await graph.locator('a.wire.good').count()).toBe(1);
    expect(await graph.locator('a.wire.unknown').count()).toBe(1);
    await page.getByText('4 objects, 2 tunnels').waitFor();
    expect(await axeViolations()).toEqual([]);
    // By the keyboard alone.
    await graph.getByRole('link', { name: /^shop ?VPC/ }).focus();
    await page.keyboard.press('Enter');
    const panel = page.getByRole('complementary');
    await panel.getByRole('heading', { name: 'VPC shop' }).waitFor();
    expect(await panel.textContent()).toContain('team=blue');
    expect(page.url()).toContain(`object=${site.vpc}`);
    await page.reload();
    await panel.getByRole('link', { name: 'web' }).click();
    await panel.getByRole('heading', { name: 'Subnet web' }).waitFor();
    expect(await axeViolations()).toEqual([]);
    await page.goBack();
    await panel.getByRole('heading', { name: 'VPC shop' }).waitFor();
    await panel.getByRole('link', { name: 'Close' }).click();
    await panel.waitFor({ state: 'detached' });
    await graph.getByRole('link', { name: 'Berlin: up, unproven' }).focus();
    await page.keyboard.press('Enter');
    await heading('Berlin').waitFor();
  });

  it('filters by text, tag and state as the address says, and follows what changes', async () => {
    await signIn('/console/network?filter=paris');
    const graph = page.getByRole('group', { name: 'Graph' });
    await graph.getByRole('link', { name: 'Paris: unknown' }).waitFor();
    expect(await graph.getByRole('link', { name: 'Berlin' }).count()).toBe(0);
    await page.getByLabel('Filter by name').fill('team=blue');
    await page.getByText('2 objects, 0 tunnels').waitFor();
    expect(page.url()).toContain('filter=team%3Dblue');
    await page.getByLabel('Filter by name').fill('');
    await page.getByLabel('Tunnel state').selectOption('up');
    await page.getByText('3 objects, 1 tunnels').waitFor();
    expect(page.url()).toContain('state=good');
    await page.getByLabel('Tunnel state').selectOption('down or broken');
    await page.getByText('Nothing fits the filter.').waitFor();
    refuse(site.paris);
    await graph.getByRole('link', { name: 'Paris: refused' }).waitFor();
    await page.getByLabel('Filter by name').fill('no such thing');
    await page.getByText('Nothing fits the filter.').waitFor();
  });

  it('shows the way of a packet hop by hop and marks it in the graph', async () => {
    await signIn('/console/network');
    await page.getByLabel('From').fill('nonsense');
    await page.getByRole('button', { name: 'Show the way' }).click();
    expect(await page.getByText('This is neither an IPv4 address nor a range.').count()).toBe(2);
    await page.getByLabel('From').fill(`10.0.1.10@${site.subnet}`);
    await page.getByLabel('To', { exact: true }).fill('192.168.1.6');
    await page.getByLabel('Protocol').selectOption('tcp');
    await page.getByLabel('Port').fill('443');
    await page.getByRole('button', { name: 'Show the way' }).click();
    await page.getByRole('heading', { name: 'There: 10.0.1.10 to 192.168.1.6' }).waitFor();
    expect(new URL(page.url()).searchParams.get('port')).toBe('443');
    await page.getByText('Sent through the tunnel Berlin to peer 198.51.100.7. The tunnel is: up, unproven.').waitFor();
    await page.getByText('Delivered in the subnet web.').waitFor();
    expect(await page.locator('ol.hops').first().textContent()).toMatch(/shop route of the VPC 192\.168\.1\.0\/24/);
    const graph = page.getByRole('group', { name: 'Graph' });
    expect(await graph.locator('a.wire.on').getAttribute('aria-label')).toContain('Berlin');
    expect(await graph.locator('.node.on').count()).toBe(3);
    expect(await axeViolations()).toEqual([]);
    await page.reload();
    await page.getByText('Delivered in the subnet web.').waitFor();
    await page.getByLabel('To', { exact: true }).fill('192.168.2.6');
    await page.getByRole('button', { name: 'Show the way' }).click();
    await page.getByText('Dropped at shop: no route leads there.').waitFor();
    await page.getByLabel('To', { exact: true }).fill('172.31.0.1');
    await page.getByRole('button', { name: 'Show the way' }).click();
    await page.getByText('Dropped at shop: no route leads there.').waitFor();
    await page.goBack();
    await page.goBack();
    await page.getByText('Delivered in the subnet web.').waitFor();
  });

  it('shows a refused question where it was asked', async () => {
    shown.allow(/status of 4/);
    await signIn('/console/network?from=172.31.0.1&to=10.0.1.10');
    const problem = page.getByRole('alert').filter({ hasText: '172.31.0.1' });
    await problem.waitFor();
    expect(await problem.textContent()).toMatch(/RequestId [0-9a-f-]{36}/);
  });

  it('computes who reaches whom, says why not, opens the way, and computes anew what changed', async () => {
    await signIn('/console/network');
    const cell = (from: string, to: string, verdict: string) =>
      page.getByRole('link', { name: `${from} to ${to}: ${verdict}` });
    await cell('10.0.1.0/24', '192.168.1.0/24', 'reached').waitFor();
    await cell('192.168.1.0/24', '10.0.1.0/24', 'reached').waitFor();
    const lost = cell('10.0.1.0/24', '192.168.2.0/24', 'not reached');
    await lost.focus();
    expect(await page.locator('.pointed').textContent()).toContain('Dropped at shop: no route leads there.');
    expect(await axeViolations()).toEqual([]);
    const toGateway = { DestinationCidrBlock: '192.168.2.0/24', GatewayType: 'VPN', GatewayId: site.gateway };
    await api.succeed('CreateRoutes', { RouteTableId: await mainRouteTable(api, site.vpc), Routes: [toGateway] });
    api.connect(site.paris);
    await cell('10.0.1.0/24', '192.168.2.0/24', 'reached').click();
    await page.getByRole('heading', { name: 'There: 10.0.1.10 to 192.168.2.10' }).waitFor();
    await page.getByText('Sent through the tunnel Paris').waitFor();
    await page.getByLabel('Networks').fill('192.168');
    await page.getByText('2 of 3 networks').waitFor();
    expect(await page.getByRole('table').getByRole('row').count()).toBe(3);
    expect(page.url()).toContain('networks=192.168');
  });

  it('proves a cell with packets, from subnets alone, and shows what became of them beside what was computed', async () => {
    await signIn('/console/network');
    const button = (from: string, to: string) =>
      page.getByRole('button', { name: `Prove ${from} to ${to} with packets` });
    const inner = '10.0.1.0/24';
    await button(inner, '192.168.1.0/24').click();
    expect(await button('192.168.1.0/24', inner).count()).toBe(0);
    const dialog = page.getByRole('dialog', { name: `Prove ${inner} to 192.168.1.0/24` });
    const [field, send] = [
      dialog.getByLabel('Address that is pinged'),
      dialog.getByRole('button', { name: 'Send packets' }),
    ];
    expect(await field.inputValue()).toBe('192.168.1.10');
    await field.fill('192.168.1');
    await dialog.getByText('This is no IPv4 address.').waitFor();
    expect(await send.isDisabled()).toBe(true);
    await field.fill('192.168.1.9');
    expect(proving.orders).toEqual([]);
    await send.click();
    await dialog.getByText('Proven: every packet was answered.').waitFor();
    expect(proving.orders).toMatchObject([{ from: site.subnet, to: { kind: 'address', address: '192.168.1.9' } }]);
    await dialog.getByText('10 sent, 10 answered').waitFor();
    await dialog.getByText('0.612 ms (0.4 to 1.9)').waitFor();
    const row = (name: string) => dialog.getByRole('row', { name: new RegExp(`^${name}`) });
    expect(await row('shop').textContent()).toMatch(/route of the VPC 192\.168\.1\.0\/24.*10\.0\.1\.1 sent one back/);
    expect(await row('edge').textContent()).toMatch(/route of the gateway.*passed$/);
    expect(await row('End').textContent()).toMatch(/Sent through the tunnel Berlin.*answered$/);
    expect(await axeViolations()).toEqual([]);
    const refusals = [{ from: answeredProof.source, message: 'Destination Net Unreachable', packets: 3 }];
    proving.answer = { ...answeredProof, answered: 0, delay: null, routers: [], refusals };
    await send.click();
    await dialog.getByText('No packet was answered: it was said that they go no further.').waitFor();
    await dialog.getByText('Destination Net Unreachable, to 3 packets').waitFor();
    proving.answer = { ...answeredProof, answered: 0, delay: null, routers: [] };
    await send.click();
    await dialog.getByText('No answer. Packets are lost, or nobody answers pings at that address.').waitFor();
    expect(await row('shop').textContent()).toMatch(/nothing heard$/);
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.locator('dialog').waitFor({ state: 'detached' });
  });

  it('shows where packets could not be sent, and why', async () => {
    shown.allow(/status of 4/);
    proving.answer = 'no-free-address';
    await signIn('/console/network');
    await page.getByRole('button', { name: 'Prove 10.0.1.0/24 to 192.168.2.0/24 with packets' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Send packets' }).click();
    const problem = dialog.getByRole('alert');
    await problem.filter({ hasText: 'no address was found that nobody has' }).waitFor();
    expect(await problem.textContent()).toMatch(/ResourceInsufficient · RequestId [0-9a-f-]{36}/);
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.locator('dialog').waitFor({ state: 'detached' });
  });

  it('shows a tenant nothing of others', async () => {
    const tenant = await makeKey(api, 'network-tenant');
    await signIn('/console/network', tenant);
    await page.getByText('There is no network yet.').waitFor();
    await page.getByText('It takes two networks.').waitFor();
    await page.goto(`/console/network?object=${site.vpc}`);
    await page.getByText(`There is no ${site.vpc} here`).waitFor();
    expect(await page.content()).not.toContain('shop');
  });

  it('draws the tunnels of a gateway with a thousand as one, which opens and closes', async () => {
    const numbers = Array.from({ length: 1000 }, (_, index) => String(index).padStart(8, '0'));
    const answers: Readonly<Record<string, readonly [set: string, rows: readonly object[]]>> = {
      DescribeCustomerGateways: [
        'CustomerGatewaySet',
        numbers.map((number) => ({ CustomerGatewayId: `cgw-${number}`, CustomerGatewayName: '', IpAddress: '' })),
      ],
      DescribeVpnConnections: [
        'VpnConnectionSet',
        numbers.map((number) => ({
          ...{ VpnConnectionId: `vpnx-${number}`, VpnConnectionName: `site ${number}`, TagSet: [] },
          ...{ VpnGatewayId: site.gateway, CustomerGatewayId: `cgw-${number}`, SecurityPolicyDatabaseSet: [] },
        })),
      ],
      DescribeTunnelHealth: [
        'TunnelHealthSet',
        numbers.map((number, index) => ({
          ...{ VpnConnectionId: `vpnx-${number}`, VpnConnectionName: '', VpnGatewayId: site.gateway, Reason: '' },
          ...{ State: index >= 990 ? 'refused' : 'up', Since: '', Proof: '', ProvenAt: '', FindingSet: [] },
        })),
      ],
    };
    let only: string | undefined;
    await page.route('**/console/call', async (route) => {
      const { Action, Region, Parameters } = route.request().postDataJSON() as CallBody;
      const answer = answers[Action];
      if (answer === undefined) return route.continue();
      const [set, all] = answer;
      // They are in one of the regions.
      only ??= Region;
      const rows = Region === undefined || Region === only ? all : [];
      const { Offset = 0, Limit = 20 } = Parameters;
      const Response = { TotalCount: rows.length, [set]: rows.slice(Offset, Offset + Limit), RequestId: 'r' };
      await route.fulfill({ json: { Response } });
    });
    await signIn('/console/network');
    const group = page.getByRole('group', { name: 'Graph' }).getByRole('link', { name: /tunnels/ });
    await group.filter({ hasText: '1000 tunnels' }).waitFor();
    expect(await group.textContent()).toMatch(/▲\s*10\b.*●\s*990\b/);
    expect(await page.locator('a.wire').count()).toBe(0);
    expect(await axeViolations()).toEqual([]);
    await group.click();
    await group.filter({ hasText: '940 tunnels' }).waitFor();
    expect(await page.locator('a.wire').count()).toBe(60);
    expect(await page.locator('a.wire.bad').count()).toBe(10);
    expect(page.url()).toContain(`open=${site.gateway}`);
    await page.goBack();
    await group.filter({ hasText: '1000 tunnels' }).waitFor();
  });

  it('is a list on a phone, in Chinese and in the dark', async () => {
    page = await shown.openAs({ viewport: { width: 390, height: 844 }, colorScheme: 'dark', locale: 'zh-CN' });
    await signIn(`/console/network?from=10.0.1.10@${site.subnet}&to=192.168.1.6`);
    await page.getByRole('heading', { name: '网络', exact: true }).waitFor();
    await page.getByText('送达子网 web。').waitFor();
    await page.getByRole('listitem').getByRole('link', { name: 'Berlin' }).first().waitFor();
    expect(await page.locator('svg').count()).toBe(0);
    expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
    expect(await axeViolations()).toEqual([]);
  });
});

interface CallBody {
  readonly Action: string;
  readonly Region?: string;
  readonly Parameters: { readonly Offset?: number; readonly Limit?: number };
}
