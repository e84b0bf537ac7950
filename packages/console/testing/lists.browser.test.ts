import { defaultQuotas } from '@landbridge/server/domain/operator/quotas';
import { patience } from '@landbridge/testbed/poll';
import type { ApiHarness } from '@landbridge/server/testing/api-harness';
import { makeGateway, makePeer, makeTunnel, makeVpc } from '@landbridge/server/testing/sample-resources';
import type { Page, Request, Route } from 'playwright-core';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { useConsole } from './use-console.ts';

// The lists of objects before the real server, with more objects than a page has.

const shown = useConsole({ quotas: { ...defaultQuotas, customerGateways: 200 }, regions: ['test-1'] });
const { signIn, heading, axeViolations } = shown;
let api: ApiHarness;
let page: Page;
beforeEach(() => {
  ({ api, page } = shown);
});

const count = 120;
const list = '/console/objects/customer-gateways';

beforeAll(async () => {
  for (let number = 1; number <= count; number += 1) {
    const [CustomerGatewayName, IpAddress] = [`Site ${String(number).padStart(3, '0')}`, `198.51.100.${number}`];
    await shown.api.succeed('CreateCustomerGateway', { CustomerGatewayName, IpAddress });
  }
}, 60_000 * patience);

const filter = () => page.getByRole('searchbox');
const rows = () => page.getByRole('rowheader');
const found = (text: string) => page.getByRole('status').filter({ hasText: text });

interface Asked {
  readonly Action: string;
  readonly Parameters: Record<string, unknown>;
}
const askedBy = (route: Pick<Route, 'request'>) => route.request().postDataJSON() as Asked;

/** What the page asks, but for what it asks by itself. */
function watchQuestions(): readonly Asked[] {
  const questions: Asked[] = [];
  page.on('request', (request) => {
    if (!request.url().endsWith('/console/call') || 'x-console-background' in request.headers()) return;
    const asked = request.postDataJSON() as Asked;
    if (/CustomerGateways|FoundResources/.test(asked.Action)) questions.push(asked);
  });
  return questions;
}

describe('a list of objects', { timeout: 60_000 * patience }, () => {
  it('is filtered by a part of a name or an address, page by page, in an address that can be sent', async () => {
    await signIn(list);
    await page.getByText('1–100 of 120').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('SITE 11');
    await found('10 found').waitFor();
    expect(await rows().allTextContents()).toEqual(Array.from({ length: 10 }, (_, last) => `Site 11${last}`));
    expect(await axeViolations()).toEqual([]);
    expect(page.url()).toContain('filter=SITE+11');
    await filter().fill('100.12');
    await found('2 found').waitFor();
    expect(await rows().allTextContents()).toEqual(['Site 012', 'Site 120']);
    await filter().fill('site');
    await page.getByText('1–100 of 120').waitFor();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('101–120 of 120').waitFor();
    expect(await rows().allTextContents()).toEqual(Array.from({ length: 20 }, (_, last) => `Site ${101 + last}`));
    await page.goto(page.url());
    await page.getByText('101–120 of 120').waitFor();
    expect(await filter().inputValue()).toBe('site');
    await filter().fill('no such thing');
    await page.getByText('None fits the filter.').waitFor();
  });

  it('asks for whole ids and addresses by the filters of its own Action', async () => {
    const { CustomerGatewaySet } = await api.succeed('DescribeCustomerGateways', { Limit: 3 });
    const { CustomerGatewayId: id = '' } = CustomerGatewaySet[2] ?? {};
    await signIn(list);
    await page.getByText('1–100 of 120').waitFor();
    const questions = watchQuestions();
    await filter().fill(id);
    await found('1 found').waitFor();
    expect(await rows().allTextContents()).toEqual(['Site 003']);
    await filter().fill('198.51.100.1');
    await page.getByRole('rowheader', { name: 'Site 001' }).waitFor();
    expect(await rows().count()).toBe(1);
    const byFilter = (Name: string, value: string) => ({
      Action: 'DescribeCustomerGateways',
      Parameters: { Filters: [{ Name, Values: [value] }], Offset: 0, Limit: 100 },
    });
    expect(questions).toMatchObject([byFilter('customer-gateway-id', id), byFilter('ip-address', '198.51.100.1')]);
  });

  it('asks once for what is typed at a stretch, and makes one step back of it', async () => {
    await page.clock.install();
    await signIn(list);
    await page.getByText('1–100 of 120').waitFor();
    await page.getByRole('link', { name: 'VPCs' }).click();
    await page.getByRole('link', { name: 'Customer gateways' }).click();
    await page.getByText('1–100 of 120').waitFor();
    const questions = watchQuestions();
    await page.clock.pauseAt(Date.now() + 10_000);
    await filter().pressSequentially('site 042');
    expect(questions).toEqual([]);
    await page.clock.runFor(1000);
    await page.clock.resume();
    await found('1 found').waitFor();
    expect(questions.map(({ Action }) => Action)).toEqual(['DescribeFoundResources', 'DescribeCustomerGateways']);
    await page.getByRole('link', { name: 'Site 042' }).click();
    await heading('Site 042').waitFor();
    await page.goBack();
    await found('1 found').waitFor();
    expect(await filter().inputValue()).toBe('site 042');
    await page.goBack();
    await page.getByRole('link', { name: 'VPCs', exact: true }).and(page.locator('[aria-current=page]')).waitFor();
    expect(await filter().inputValue()).toBe('');
  });

  it('shows what was asked for last, however late the answers come', async () => {
    const held: Route[] = [];
    await page.route('**/console/call', (route) => {
      const { Action, Parameters } = askedBy(route);
      if (Action !== 'DescribeFoundResources' || Parameters['Text'] !== 'site 00') return route.continue();
      held.push(route);
      return undefined;
    });
    await signIn(list);
    await page.getByText('1–100 of 120').waitFor();
    const isLate = (request: Request) => held.some((route) => route.request() === request);
    const isOver = Promise.race([
      page.waitForEvent('requestfailed', isLate),
      page.waitForEvent('requestfinished', isLate),
    ]);
    await filter().fill('site 00');
    await expect.poll(() => held.length, { timeout: 20_000 * patience }).toBe(1);
    await filter().fill('site 077');
    await found('1 found').waitFor();
    await Promise.all([isOver, ...held.map((route) => route.continue().catch(() => undefined))]);
    expect(await rows().allTextContents()).toEqual(['Site 077']);
  });

  it('of tunnels is found by the gateway that they are of', async () => {
    const vpc = await makeVpc(api);
    const gateway = await makeGateway(api, vpc);
    const peer = await makePeer(api, '203.0.113.200');
    await makeTunnel(api, gateway, peer, { VpnConnectionName: 'of this gateway' });
    await signIn(`/console/objects/tunnels?filter=${gateway}`);
    await page.getByRole('rowheader', { name: 'of this gateway' }).waitFor();
    await filter().fill(peer);
    await found('1 found').waitFor();
    await filter().fill('vpngw-00000000');
    await page.getByText('None fits the filter.').waitFor();
  });
});
