import { readFileSync } from 'node:fs';
import { systemClock } from '@landbridge/server/clock';
import { emptyTally, type HistoryQuestion } from '@landbridge/server/domain/operator/history';
import type { RecordedLine, RecordedPage, RecordedSelection } from '@landbridge/server/domain/operator/timeline';
import type { ApiHarness } from '@landbridge/server/testing/api-harness';
import { FakeCaptures } from '@landbridge/server/testing/fake-captures';
import { FakeDrilling } from '@landbridge/server/testing/fake-drilling';
import {
  mainRouteTable,
  makeGateway,
  makePeer,
  makeSubnet,
  makeTunnel,
  makeVpc,
  policy,
} from '@landbridge/server/testing/sample-resources';
import { patience } from '@landbridge/testbed/poll';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { useConsole } from './use-console.ts';

/** The page of one tunnel: its peer's configuration, packet captures, the time line. */

const captures = new FakeCaptures(systemClock);
let recorded: readonly RecordedLine[] = [];
const asked: HistoryQuestion[] = [];

const drilling = new FakeDrilling();

const shown = useConsole({
  drilling,
  capturing: captures,
  recorded: (selection) => Promise.resolve({ page: pageOf(selection) }),
  history: {
    ask: (question) => {
      asked.push(question);
      return Promise.resolve(question.series.map(() => [{ at: question.from, tally: someTraffic }]));
    },
  },
});

const someTraffic = { ...emptyTally, countedMs: 60_000, inBytes: 7_500_000, outBytes: 750_000 };

/** What a recorder has, the newest first. */
function pageOf({ from, to, kinds, limit }: RecordedSelection): RecordedPage {
  const lines = recorded
    .filter(({ at, kind }) => at >= (from ?? 0) && at < (to ?? Infinity) && (kinds?.includes(kind) ?? true))
    .toReversed()
    .slice(0, limit);
  return { lines, next: null, isLast: true, storySince: 0 };
}

const key = 'CanaryOfTheTunnel-7f3a91';
let api: ApiHarness;
let page: Page;
beforeEach(() => {
  ({ api, page } = shown);
});

const { axeViolations } = shown;

interface Made {
  readonly gateway: string;
  readonly tunnel: `vpnx-${string}`;
}

let made = 0;

async function openTunnel(of: object = {}): Promise<Made> {
  made += 1;
  const gateway = await makeGateway(api, await makeVpc(api), { VpnGatewayName: 'edge' });
  const more = { VpnConnectionName: 'Berlin office', PreShareKey: key, ...of };
  const tunnel = await makeTunnel(api, gateway, await makePeer(api, `198.51.100.${made}`), more);
  await shown.signIn(`/console/tunnels/${tunnel}`);
  await shown.heading('Berlin office').waitFor();
  return { gateway, tunnel };
}

/** What is written for strongSwan, by the API. */
async function writtenForPeer({ gateway, tunnel }: Made): Promise<string> {
  const CustomerGatewayVendor = { VendorName: 'strongswan', Platform: 'swanctl', SoftwareVersion: 'V5.9' };
  const where = { VpnGatewayId: gateway, VpnConnectionId: tunnel, InterfaceName: 'eth0', CustomerGatewayVendor };
  return (await api.succeed('DownloadCustomerGatewayConfiguration', where)).CustomerGatewayConfiguration;
}

async function savedBy(click: () => Promise<void>): Promise<{ readonly name: string; readonly content: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), click()]);
  return { name: download.suggestedFilename(), content: readFileSync(await download.path()) };
}

describe('a drill', { timeout: 60_000 * patience }, () => {
  it('is done when that is wanted, from a subnet that is chosen, and says what it cost', async () => {
    const { gateway, tunnel } = await openTunnel();
    const vpc = api.rows.vpnGateways.get(gateway as `vpngw-${string}`)?.vpcId ?? '';
    const { SubnetId } = await makeSubnet(api, vpc, { SubnetName: 'web' });
    const other = (await makeSubnet(api, vpc, { SubnetName: 'data', CidrBlock: '10.0.2.0/24' })).SubnetId;
    const into = { InstanceType: 'VPNCONN', InstanceId: tunnel, Priority: 0, Status: 'ENABLE' };
    const Routes = [{ DestinationCidrBlock: '192.168.1.0/24', ...into }];
    await api.succeed('CreateVpnGatewayRoutes', { VpnGatewayId: gateway, Routes });
    const toGateway = { DestinationCidrBlock: '192.168.1.0/24', GatewayType: 'VPN', GatewayId: gateway };
    await api.succeed('CreateRoutes', { RouteTableId: await mainRouteTable(api, vpc), Routes: [toGateway] });
    await page.getByRole('button', { name: 'Drill …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Drill a failover of Berlin office' });
    const now = dialog.getByRole('button', { name: 'Drill now' });
    await dialog.getByLabel('Subnet that is sent from').selectOption(other);
    expect(await now.isDisabled()).toBe(true);
    await dialog.getByLabel('Address behind the tunnel').fill('192.168.1.10');
    await dialog.getByLabel('Seconds').fill('30');
    expect(await now.isDisabled()).toBe(true);
    await dialog.getByLabel('Seconds').fill('5');
    expect(drilling.orders).toEqual([]);
    await now.click();
    await dialog.getByText('3 of 650 packets were lost; the longest silence was 40 ms.').waitFor();
    await dialog.getByText('The other tunnel served all the time.').waitFor();
    expect(drilling.orders).toMatchObject([{ tunnel, from: other, to: '192.168.1.10', seconds: 5 }]);
    expect(await axeViolations()).toEqual([]);
    shown.allow(/status of 4/);
    drilling.answer = 'no-standby';
    await dialog.getByLabel('Subnet that is sent from').selectOption(SubnetId);
    await now.click();
    const problem = dialog.getByRole('alert').filter({ hasText: 'A drill would be an outage.' });
    await problem.waitFor();
    expect(await problem.textContent()).toMatch(/RequestId [0-9a-f-]{36}/);
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.locator('dialog').waitFor({ state: 'detached' });
  });
});

describe('the configuration of the peer', { timeout: 60_000 * patience }, () => {
  it('is written for a device that is chosen, shown and saved, and forgotten with its dialog', async () => {
    const tunnel = await openTunnel();
    await page.getByRole('button', { name: 'Configuration for it' }).click();
    await page.getByLabel('Device', { exact: true }).selectOption('strongswan swanctl V5.9');
    await page.getByRole('button', { name: 'Show' }).click();
    const file = page.getByRole('region', { name: 'Configuration of the peer' });
    await file.waitFor();
    const written = await writtenForPeer(tunnel);
    expect(await file.textContent()).toBe(written);
    expect(written).toContain(key);
    expect(await axeViolations()).toEqual([]);
    const saved = await savedBy(() => page.getByRole('button', { name: 'Download' }).click());
    expect(saved).toEqual({ name: 'Berlin-office-strongswan.txt', content: Buffer.from(written) });
    // What is shown is what is chosen, and nothing else.
    await page.getByLabel('Interface to the Internet').fill('an interface of no device');
    await file.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Show' }).click();
    expect(await page.getByRole('alert').textContent()).toMatch(/InterfaceName.*RequestId/);
    await page.getByLabel('Interface to the Internet').fill('eth0');
    await page.getByRole('button', { name: 'Show' }).click();
    await file.waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    expect(await page.content()).not.toContain(key);
  });

  it('is compared field by field, ours beside theirs', async () => {
    const { tunnel, gateway } = await openTunnel(policy('10.0.1.0/24', '192.168.1.0/24'));
    const text = await writtenForPeer({ tunnel, gateway });
    const compare = page.getByRole('button', { name: 'Compare', exact: true });
    await page.getByRole('button', { name: 'Compare with its own' }).click();
    expect(await compare.isDisabled()).toBe(true);
    const theirs = page.getByLabel('Configuration as the device exports it');
    await theirs.fill(text);
    await compare.click();
    await page.getByText(/^Nothing differs/).waitFor();
    const IKEOptionsSpecification = { DhGroupName: 'GROUP15' };
    await api.succeed('ModifyVpnConnectionAttribute', { VpnConnectionId: tunnel, IKEOptionsSpecification });
    await compare.click();
    await page.getByText('The tunnel cannot work like that.').waitFor();
    const row = page.getByRole('row').filter({ hasText: 'ike-group' });
    for (const part of ['breaks it', 'group 15 (modp3072)', 'group 19 (ecp256)', /line \d+/, 'DhGroupName'])
      await row.getByText(part).first().waitFor();
    expect(await axeViolations()).toEqual([]);
    await theirs.fill('nothing that a device would say');
    await row.waitFor({ state: 'detached' });
    await compare.click();
    await page.getByRole('alert').filter({ hasText: 'RequestId' }).waitFor();
  });

  it('asks which tunnel of the file is meant where it could be several', async () => {
    await openTunnel();
    const peer = (name: string) => `  ${name} {\n    version = 1\n    remote_addrs = 192.0.2.1\n  }\n`;
    await page.getByRole('button', { name: 'Compare with its own' }).click();
    await page
      .getByLabel('Configuration as the device exports it')
      .fill(`connections {\n${peer('first')}${peer('second')}}\n`);
    await page.getByLabel('How it is written').selectOption('swanctl');
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
    await page.getByText('Which?').waitFor();
    await page.getByRole('button', { name: 'second' }).click();
    await page.getByText('swanctl second').waitFor();
    await page.getByRole('row').filter({ hasText: 'ike-version' }).waitFor();
  });
});

describe('packet captures', { timeout: 60_000 * patience }, () => {
  it('are started with a filter and limits, followed, stopped, saved whole and deleted, without keys of SAs', async () => {
    const { tunnel } = await openTunnel();
    captures.content = Buffer.alloc(2_500_000, 'packets of Berlin ');
    await page.getByRole('button', { name: 'Capture' }).click();
    await page.getByText('Nothing was captured here').waitFor();
    await page.getByLabel('Protocol').selectOption('tcp');
    await page.getByLabel('From', { exact: true }).fill('10.0.1.0/24');
    await page.getByLabel('Port').fill('443');
    await page.getByLabel('Seconds at most').fill('5');
    await page.getByLabel('MiB at most').fill('0.5');
    await page.getByRole('button', { name: 'Start' }).click();
    const row = page.getByRole('row').filter({ hasText: 'in the tunnel, in clear' });
    await row.getByText('capturing').waitFor();
    expect(captures.orders.at(-1)).toMatchObject({
      ...{ resourceId: tunnel, includesKeys: false },
      filter: { protocol: 'tcp', source: '10.0.1.0/24', destination: null, port: 443 },
      limits: { seconds: 5, bytes: 524_288, packets: 100_000, snapLength: 65_535 },
    });
    expect(await axeViolations()).toEqual([]);
    // Somebody else ends it: it is seen all the same.
    await captures.stop(captures.orders.at(-1)!.id);
    await row.getByText('stopped').waitFor();
    const { name, content } = await savedBy(() => row.getByRole('button', { name: 'Download' }).click());
    expect(name).toBe(`${tunnel}-${captures.orders.at(-1)?.id}.pcapng`);
    expect(content.equals(captures.content)).toBe(true);
    await row.getByRole('button', { name: 'Delete' }).click();
    await row.waitFor({ state: 'detached' });
    expect(await captures.list()).toEqual([]);
  });

  it('are of the uplink as well, and a refusal is said where it was asked', async () => {
    const { gateway } = await openTunnel();
    await page.getByRole('button', { name: 'Capture' }).click();
    await page.getByLabel('Where').selectOption(gateway);
    await page.getByText('packets of every tunnel of the gateway').waitFor();
    captures.refusal = 'account-full';
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByRole('alert').filter({ hasText: 'RequestId' }).waitFor();
    captures.refusal = null;
    const ordersBefore = captures.orders.length;
    await page.getByLabel('Port').fill('https');
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByRole('alert').filter({ hasText: '`Port`' }).waitFor();
    expect(captures.orders).toHaveLength(ordersBefore);
    await page.getByLabel('Port').fill('');
    await page.getByRole('button', { name: 'Start' }).click();
    const row = page.getByRole('row').filter({ hasText: 'on the uplink' });
    await row.getByRole('button', { name: 'Stop' }).click();
    await row.getByText('stopped').waitFor();
    expect(captures.orders.at(-1)?.resourceId).toBe(gateway);
    await page.getByRole('button', { name: 'Close' }).click();
    await page.locator('dialog').waitFor({ state: 'detached' });
  });
});

const hour = 3_600_000;

/** Plays the recorder: the tunnel was refused for a while, three days ago. */
function recordStory(tunnel: Made['tunnel']): void {
  const now = Date.now();
  const state = (at: number, name: string, text: string): RecordedLine => ({
    ...{ id: at, at, subject: tunnel, kind: 'state', text, detail: { state: name, isFirst: false } },
  });
  recorded = [
    state(now - 72 * hour, 'refused', 'refused three days ago'),
    state(now - 70 * hour, 'up', 'up again'),
    state(now - hour / 4, 'peer-silent', 'silent just now'),
  ];
}

describe('the time line', { timeout: 60_000 * patience }, () => {
  it('shows traffic, states and what happened on one axis, for a time that is part of the address', async () => {
    const { tunnel } = await openTunnel();
    recordStory(tunnel);
    await page.reload();
    const bands = page.locator('svg .band');
    const line = (text: string) => page.getByRole('listitem').filter({ hasText: text });
    await line('silent just now').waitFor();
    expect(await line('up again').count()).toBe(0);
    // The hour began while it was up.
    expect(await bands.evaluateAll(classes)).toEqual(['band good', 'band bad']);
    expect(await page.locator('svg .in').count()).toBe(1);
    expect(asked.at(-1)?.seconds).toBe(60);
    await page.getByRole('button', { name: 'Week' }).click();
    await line('refused three days ago').waitFor();
    expect(await bands.evaluateAll(classes)).toEqual(['band bad', 'band good', 'band bad']);
    expect(asked.at(-1)?.seconds).toBe(300);
    expect(spanOf(page.url())).toBe(7 * 24 * hour);
    expect(await page.getByRole('button', { name: 'Earlier' }).isDisabled()).toBe(true);
    expect(await axeViolations()).toEqual([]);
    await page.reload();
    await line('refused three days ago').waitFor();
    await page.goBack();
    await line('refused three days ago').waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('');
  });

  it('goes earlier and later by buttons and by the arrow keys', async () => {
    const { tunnel } = await openTunnel();
    recordStory(tunnel);
    await page.reload();
    await page.getByText('silent just now').waitFor();
    const timeLine = page.getByRole('group', { name: 'arrow keys' });
    await timeLine.focus();
    await page.keyboard.press('ArrowLeft');
    await page.waitForURL(/from=/);
    await page.getByText('silent just now').waitFor({ state: 'detached' });
    await page.getByText('Nothing happened in this time.').waitFor();
    const first = startOf(page.url());
    await page.keyboard.press('ArrowRight');
    await page.waitForURL((url) => startOf(url.href) > first);
    await page.getByText('silent just now').waitFor();
    await page.getByRole('button', { name: 'Earlier' }).click();
    await page.getByText('Nothing happened in this time.').waitFor();
    await page.getByRole('button', { name: 'Now' }).click();
    await page.getByText('silent just now').waitFor();
    expect(new URL(page.url()).search).toBe('');
  });
});

describe('the last negotiation', { timeout: 60_000 * patience }, () => {
  it('is a sequence of messages, with what was said of them', async () => {
    const { tunnel } = await openTunnel();
    const texts = [
      'ENC generating IKE_SA_INIT request 0 [ SA KE No N(NATD_S_IP) ]',
      'ENC parsed IKE_SA_INIT response 0 [ SA KE No ]',
      'ENC generating IKE_AUTH request 1 [ IDi AUTH SA TSi TSr ]',
      'ENC parsed IKE_AUTH response 1 [ N(AUTH_FAILED) ]',
      'IKE received AUTHENTICATION_FAILED notify error',
    ];
    const at = Date.now() - hour;
    recorded = texts.map((text, id) => ({ id, at: at + id, subject: tunnel, kind: 'ike', text }));
    await page.reload();
    const panel = page
      .locator('section')
      .filter({ has: page.getByRole('heading', { name: 'Last negotiation' }) })
      .last();
    const messages = panel.getByRole('listitem');
    await messages.nth(3).waitFor();
    const told = await messages.allTextContents();
    expect(told).toHaveLength(4);
    for (const [index, parts] of [
      ['sent', 'IKE_SA_INIT request 0', 'SA KE No N(NATD_S_IP)'],
      ['received', 'IKE_SA_INIT response 0'],
      ['sent', 'IKE_AUTH request 1'],
      ['received', 'N(AUTH_FAILED)', 'received AUTHENTICATION_FAILED notify error'],
    ].entries())
      for (const part of parts) expect(told[index]).toContain(part);
    expect(await axeViolations()).toEqual([]);
  });
});

interface Drawn {
  getAttribute(name: string): string | null;
}

const classes = (drawn: readonly Drawn[]) => drawn.map((one) => one.getAttribute('class'));

function startOf(url: string): number {
  return Date.parse(new URL(url).searchParams.get('from') ?? '');
}

function spanOf(url: string): number {
  return Date.parse(new URL(url).searchParams.get('to') ?? '') - startOf(url);
}
