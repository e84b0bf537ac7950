import { patience } from '@landbridge/testbed/poll';
import type { ApiHarness } from '@landbridge/server/testing/api-harness';
import {
  mainRouteTable,
  makeGateway,
  makePeer,
  makeSubnet,
  makeTunnel,
  makeVpc,
  policy,
} from '@landbridge/server/testing/sample-resources';
import type { Locator, Page } from 'playwright-core';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { playRoutes } from './played-routes.ts';
import { useConsole } from './use-console.ts';

// Routes, events and audit in Debian's Chromium, before the real server and a real store; charon and the agent are played.

const shown = useConsole();
let api: ApiHarness;
let page: Page;
beforeEach(() => {
  ({ api, page } = shown);
});

const { signIn, heading, axeViolations } = shown;

type TunnelId = `vpnx-${string}`;

/** One network for all tests of this file. */
const net = { vpc: '', gateway: '', first: '' as TunnelId, second: '' as TunnelId, policies: '' as TunnelId, ccn: '' };

beforeAll(async () => {
  ({ api } = shown);
  net.vpc = await makeVpc(api, { VpcName: 'office' });
  await makeSubnet(api, net.vpc);
  net.gateway = await makeGateway(api, net.vpc, { VpnGatewayName: 'edge' });
  const tunnelTo = async (name: string, address: string, more: object = {}) =>
    makeTunnel(api, net.gateway, await makePeer(api, address), { VpnConnectionName: name, ...more });
  net.first = await tunnelTo('Berlin', '198.51.100.1');
  net.second = await tunnelTo('Hamburg', '198.51.100.2');
  net.policies = await tunnelTo('Bremen', '198.51.100.3', policy('10.0.0.0/16', '172.20.0.0/16'));
  const to = (InstanceId: string, DestinationCidrBlock: string, more: object = {}) => {
    const route = { DestinationCidrBlock, InstanceType: 'VPNCONN', InstanceId, Priority: 0, Status: 'ENABLE' };
    return { ...route, ...more };
  };
  const Routes = [
    to(net.first, '192.168.0.0/16'),
    to(net.first, '192.168.1.0/24'),
    to(net.second, '192.168.1.0/24', { Priority: 100, Description: 'stands by' }),
    to(net.second, '172.16.9.0/24', { Status: 'DISABLE' }),
  ];
  await api.succeed('CreateVpnGatewayRoutes', { VpnGatewayId: net.gateway, Routes });
  const toGateway = { DestinationCidrBlock: '192.168.0.0/16', GatewayType: 'VPN', GatewayId: net.gateway };
  await api.succeed('CreateRoutes', { RouteTableId: await mainRouteTable(api, net.vpc), Routes: [toGateway] });
  net.ccn = (await api.succeed('CreateCcn', { CcnName: 'wan' })).Ccn.CcnId;
  for (const name of ['one', 'two']) {
    const vpc = await makeVpc(api, { VpcName: name, CidrBlock: '10.9.0.0/16' });
    await makeSubnet(api, vpc, { CidrBlock: '10.9.1.0/24' });
    const Instances = [{ InstanceType: 'VPC', InstanceId: vpc, InstanceRegion: 'test-1' }];
    await api.succeed('AttachCcnInstances', { CcnId: net.ccn, Instances });
  }
});

const soon = { timeout: 20_000 * patience };

/** Rows that have all of these words. */
function rows(...words: readonly string[]): Locator {
  return words.reduce((found, hasText) => found.filter({ hasText }), page.getByRole('row'));
}

const filter = (text: string) => page.getByRole('searchbox').fill(text);
const destinations = () => page.locator('.scrolled .destination code').allTextContents();

describe('the page Routes', { timeout: 60_000 * patience }, () => {
  it('shows every route with where it is from and where to, and follows what becomes of it', async () => {
    await signIn('/console/routes');
    await heading('Routes').waitFor();
    // Nobody has seen these tunnels yet, and nothing of the gateway is in force.
    await rows('192.168.1.0/24', 'Berlin', 'nothing was seen of its tunnel yet').waitFor();
    await rows('192.168.1.0/24', 'Hamburg', 'unknown').waitFor();
    for (const id of [net.first, net.second, net.policies]) api.connect(id);
    await rows('192.168.1.0/24', 'Berlin', 'the newest change of its gateway is not in force yet').waitFor();
    api.applyAll();
    await rows('192.168.1.0/24', 'Berlin', '● used').waitFor();
    await rows('192.168.1.0/24', 'Hamburg', '100', 'not used: Berlin comes first', 'stands by').waitFor();
    await rows('172.16.9.0/24', 'Hamburg', 'not used: it is disabled').waitFor();
    await rows('172.20.0.0/16', 'Bremen', 'from 10.0.0.0/16', 'Policies', '● used').waitFor();
    await rows('192.168.0.0/16', 'edge', 'VPC: office', '● used').waitFor();
    await rows('10.9.1.0/24', 'CCN: wan', 'one', '● used').waitFor();
    await rows('10.9.1.0/24', 'CCN: wan', 'two', 'not used').waitFor();
    expect(await rows('10.9.1.0/24', 'two', 'it is disabled').count()).toBe(0);
    expect(await axeViolations()).toEqual([]);
    // A failover, by itself.
    api.observed.recordUsability(net.first, { fault: 'probe', healthCheck: null });
    await rows('192.168.1.0/24', 'Berlin', 'the health check of its tunnel fails').waitFor();
    await rows('192.168.1.0/24', 'Hamburg', '● used').waitFor();
    api.observed.recordUsability(net.first, null);
    await rows('192.168.1.0/24', 'Berlin', '● used').waitFor();
    // A change.
    const route = { DestinationCidrBlock: '192.168.77.0/24', InstanceType: 'VPNCONN', InstanceId: net.first };
    const Routes = [{ ...route, Priority: 0, Status: 'ENABLE' }];
    await api.succeed('CreateVpnGatewayRoutes', { VpnGatewayId: net.gateway, Routes });
    await rows('192.168.77.0/24', 'Berlin').waitFor();
    api.applyAll();
    await rows('192.168.77.0/24', 'Berlin', '● used').waitFor();
    // Nobody knows any more.
    api.agent.isHeard = false;
    await rows('192.168.1.0/24', 'Berlin', 'unknown: the agent is not heard').waitFor();
    await rows('172.16.9.0/24', 'Hamburg', 'it is disabled').waitFor();
    api.agent.isHeard = true;
    await rows('192.168.1.0/24', 'Berlin', '● used').waitFor();
    await rows('192.168.1.0/24', 'Berlin').getByRole('link', { name: 'Berlin' }).click();
    await heading('Berlin').waitFor();
    await page.goBack();
    await heading('Routes').waitFor();
  });

  it('finds by an address what its packets may follow, and which of it they do', async () => {
    for (const id of [net.first, net.second, net.policies]) api.connect(id);
    api.applyAll();
    await signIn('/console/routes?filter=192.168.1.7');
    await rows('192.168.1.0/24', 'Berlin', '● used').waitFor();
    await rows('192.168.0.0/16', 'VPN gateway: edge', 'not used: 192.168.1.0/24 is longer').waitFor();
    await rows('192.168.0.0/16', 'VPC: office', '● used').waitFor();
    expect(await destinations()).toEqual(['192.168.0.0/16', '192.168.0.0/16', '192.168.1.0/24', '192.168.1.0/24']);
    await page.keyboard.press('/');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('hamburg disabled');
    await rows('172.16.9.0/24').waitFor();
    expect(await destinations()).toEqual(['172.16.9.0/24']);
    expect(page.url()).toContain('filter=hamburg+disabled');
    await filter('8.8.8.8');
    await page.getByText('No route fits the filter.').waitFor();
  });

  it('sorts by destination as numbers, by next hop and by use, as the address says', async () => {
    await signIn('/console/routes?filter=edge+192');
    await rows('192.168.1.0/24').first().waitFor();
    const inOrder = await destinations();
    expect(inOrder.indexOf('192.168.77.0/24')).toBeGreaterThan(inOrder.indexOf('192.168.1.0/24'));
    const head = (name: string) => page.getByRole('columnheader', { name });
    expect(await head('Destination').getAttribute('aria-sort')).toBe('ascending');
    await head('Next hop').getByRole('button').press('Enter');
    expect(page.url()).toContain('sort=hop');
    const hops = async () => page.locator('.scrolled .hop a').allTextContents();
    await expect.poll(async () => (await hops()).join(), soon).toMatch(/^Berlin.*Hamburg/);
    await head('Use').getByRole('button').click();
    await page.reload();
    await rows('192.168.1.0/24').first().waitFor();
    expect(await head('Use').getAttribute('aria-sort')).toBe('ascending');
    const firstUse = async () => (await page.locator('.scrolled .use').allTextContents())[0];
    await expect.poll(firstUse, soon).toContain('Berlin comes first');
  });

  it('shows the rest where one Action fails, and that one with its RequestId', async () => {
    const { promise: pressed, resolve: press } = Promise.withResolvers<undefined>();
    let isRefused = false;
    await page.route('**/console/call', async (route) => {
      const { Action } = route.request().postDataJSON() as { readonly Action: string };
      if (Action !== 'DescribeCcns') return route.continue();
      if (isRefused) {
        // The page asks again by itself too: not before somebody did.
        await pressed;
        return route.continue();
      }
      isRefused = true;
      const Error = { Code: 'UnauthorizedOperation', Message: 'The key may not.' };
      await route.fulfill({ json: { Response: { Error, RequestId: 'the-request' } } });
    });
    await signIn('/console/routes');
    await page.getByRole('alert').filter({ hasText: 'RequestId the-request' }).waitFor();
    await rows('192.168.77.0/24', 'Berlin').waitFor();
    expect(await rows('CCN: wan').count()).toBe(0);
    await page.getByRole('button', { name: 'Try again' }).click();
    press(undefined);
    await rows('CCN: wan').first().waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('scrolls and filters ten thousand routes, of which few are in the page', async () => {
    await playRoutes(page, 100, 'test-1');
    await signIn('/console/routes?filter=VPC%3A');
    await page.getByText(/^10000 of 10\d+$/).waitFor();
    expect(await page.getByRole('row').count()).toBeLessThan(80);
    expect(await page.locator('.row.route').nth(1).textContent()).toContain('20.0.0.0/24');
    await page.evaluate(`document.querySelector('.scrolled').scrollTo(0, 1e7)`);
    await rows('20.39.15.0/24').waitFor();
    await filter('VPC: 20.7.3.9');
    await page.getByText(/^1 of 10\d+$/).waitFor();
    await rows('20.7.3.0/24').waitFor();
  });

  it('speaks Chinese, in the dark and on a phone', async () => {
    page = await shown.openAs({ viewport: { width: 390, height: 844 }, colorScheme: 'dark', locale: 'zh-CN' });
    await signIn('/console/routes');
    await page.getByRole('heading', { name: '路由' }).waitFor();
    await rows('172.16.9.0/24', '◇ 未使用：已禁用').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
    expect(await axeViolations()).toEqual([]);
    await page.goto('/console/events');
    await page.getByRole('heading', { name: '事件' }).waitFor();
    await page.getByRole('link', { name: '审计' }).click();
    await page.getByRole('listitem').filter({ hasText: 'CreateVpnConnection' }).first().waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
    expect(await axeViolations()).toEqual([]);
  });
});

describe('the page Events', { timeout: 60_000 * patience }, () => {
  let number = 0;
  const happen = (kind: 'tunnel-up' | 'tunnel-down' | 'route-switched', message: string, at: string) => {
    const resourceId = (kind === 'route-switched' ? net.gateway : net.first) as TunnelId;
    const event = { resourceId, kind, message, at: Date.parse(at) };
    return api.services.events.keep({ series: 'played', events: [{ number: ++number, event }] });
  };
  const lines = () => page.getByRole('list', { name: 'Tunnels and gateways' }).getByRole('listitem');
  const messages = () => lines().locator('span:last-child').allTextContents();

  it('tells what happened, finds it by tunnel, kind and time, and goes back in time', async () => {
    for (let minute = 10; minute < 60; minute++) {
      await happen('tunnel-down', `down at ${minute}`, `2026-11-22T20:${minute}:00.000Z`);
      await happen('tunnel-up', `up at ${minute}`, `2026-11-22T20:${minute}:30.000Z`);
    }
    await happen('route-switched', 'switched', '2026-11-22T21:00:00.123Z');
    await signIn('/console/events');
    await lines().first().getByText('switched', { exact: true }).waitFor();
    await lines().filter({ hasText: 'edge' }).getByText('route switched').waitFor();
    expect(await lines().count()).toBe(100);
    expect(await axeViolations()).toEqual([]);
    await page.getByRole('link', { name: 'Earlier' }).click();
    await lines().getByText('down at 10').waitFor();
    expect(await lines().count()).toBe(1);
    expect(await page.getByRole('link', { name: 'Earlier' }).count()).toBe(0);
    await page.goBack();
    await lines().first().getByText('switched', { exact: true }).waitFor();
    await page.getByLabel('Tunnel or gateway').fill('berlin');
    await page.getByLabel('Kind').selectOption('tunnel down');
    await page.getByLabel('Before').fill(await local('2026-11-22T20:12:00.000Z'));
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await lines().getByText('down at 11').waitFor();
    expect(await messages()).toEqual(['down at 11', 'down at 10']);
    expect(page.url()).toContain(`resource=${net.first}`);
    await page.reload();
    await lines().getByText('down at 11').waitFor();
    expect(await messages()).toEqual(['down at 11', 'down at 10']);
    await lines().first().getByRole('link', { name: 'Berlin' }).click();
    await heading('Berlin').waitFor();
    await page.goBack();
    await page.getByRole('button', { name: 'Show all' }).click();
    await lines().first().getByText('switched', { exact: true }).waitFor();
  });

  it('shows what is wrong with what the address asks for', async () => {
    await signIn('/console/events?from=yesterday');
    const alert = page.getByRole('alert').filter({ hasText: 'Since' });
    await alert.waitFor();
    expect(await alert.textContent()).toMatch(/RequestId [0-9a-f-]{36}/);
  });

  it('tells who asked for what and what became of it', async () => {
    await api.succeed('ModifyVpnConnectionAttribute', { VpnConnectionId: net.second, VpnConnectionName: 'Lübeck' });
    await api.fail('DeleteVpc', { VpcId: net.vpc });
    await api.refusedCalls.flush();
    await signIn('/console/events');
    await page.getByRole('link', { name: 'Audit' }).click();
    const calls = page.getByRole('list', { name: 'Audit' }).locator('> li');
    const changed = calls.filter({ hasText: 'ModifyVpnConnectionAttribute' });
    await changed.getByText('succeeded').waitFor();
    await changed.getByText(api.admin.secretId).waitFor();
    expect(await changed.textContent()).toMatch(/RequestId [0-9a-f-]{36}/);
    await changed.getByText('Changes of').click();
    await changed.getByText('name: "Hamburg" → "Lübeck"').waitFor();
    expect(await axeViolations()).toEqual([]);
    await page.getByLabel('Outcome').selectOption('refused');
    await page.getByLabel('Resource').fill(net.vpc);
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await calls.filter({ hasText: 'DeleteVpc' }).waitFor();
    expect(await calls.count()).toBe(1);
    expect(page.url()).toContain(`resource=${net.vpc}`);
    await changed.waitFor({ state: 'detached' });
    await page.goBack();
    await changed.waitFor();
  });

  /** As a field of the page has an instant. */
  const local = (instant: string) =>
    page.evaluate<string>(`(() => {
      const at = new Date('${instant}');
      return new Date(at.getTime() - at.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
    })()`);
});
