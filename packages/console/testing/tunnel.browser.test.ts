import { readFileSync } from 'node:fs';
import { systemClock } from '@landbridge/server/clock';
import { emptyTally, type HistoryQuestion } from '@landbridge/server/domain/operator/history';
import { noSas, type ChildSaNow, type IkeSaNow, type SasAnswer } from '@landbridge/server/domain/operator/tunnel-sas';
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

/** The page of one tunnel: its SAs, its peer's configuration, packet captures, the time line, the last negotiation. */

const captures = new FakeCaptures(systemClock);
let recorded: readonly RecordedLine[] = [];
const asked: HistoryQuestion[] = [];
let sas: SasAnswer;

const drilling = new FakeDrilling();

const shown = useConsole({
  drilling,
  capturing: captures,
  givesCaptureKeys: true,
  sas: () => Promise.resolve(sas),
  recorded: (selection) => Promise.resolve({ page: pageOf(selection) }),
  history: {
    ask: (question) => {
      asked.push(question);
      return Promise.resolve(question.series.map(() => stepsOf(question).map((at) => ({ at, tally: someTraffic }))));
    },
  },
});

/** When something passed: in the first step that is asked for. */
const firstStep = ({ from }: HistoryQuestion): readonly number[] => [from];
let stepsOf = firstStep;

const someTraffic = {
  ...{ ...emptyTally, countedMs: 60_000, inBytes: 7_500_000, outBytes: 750_000 },
  ...{ probesSent: 60, probesLost: 15, delayMs: 45 * 12.5 },
};

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
  sas = { sas: noSas(Date.now()) };
  stepsOf = firstStep;
});

const { axeViolations } = shown;

interface Made {
  readonly gateway: string;
  readonly peer: string;
  readonly tunnel: `vpnx-${string}`;
}

let made = 0;
/** The gateway of all tunnels here: an account has few. */
let edge: string | undefined;

async function makeOne(of: object = {}): Promise<Made> {
  made += 1;
  edge ??= await makeGateway(api, await makeVpc(api), { VpnGatewayName: 'edge' });
  const gateway = edge;
  const more = { VpnConnectionName: 'Berlin office', PreShareKey: key, ...of };
  const peer = await makePeer(api, `198.51.100.${made}`);
  return { gateway, peer, tunnel: await makeTunnel(api, gateway, peer, more) };
}

async function openTunnel(of: object = {}): Promise<Made> {
  const { gateway, peer, tunnel } = await makeOne(of);
  await shown.signIn(`/console/tunnels/${tunnel}`);
  await shown.heading('Berlin office').waitFor();
  return { gateway, peer, tunnel };
}

/** What is written for strongSwan, by the API. */
async function writtenForPeer(
  { gateway, tunnel }: Pick<Made, 'gateway' | 'tunnel'>,
  more: object = {},
): Promise<string> {
  const CustomerGatewayVendor = { VendorName: 'strongswan', Platform: 'swanctl', SoftwareVersion: 'V5.9' };
  const where = {
    VpnGatewayId: gateway,
    VpnConnectionId: tunnel,
    InterfaceName: 'eth0',
    CustomerGatewayVendor,
    ...more,
  };
  return (await api.succeed('DownloadCustomerGatewayConfiguration', where)).CustomerGatewayConfiguration;
}

async function savedBy(click: () => Promise<void>): Promise<{ readonly name: string; readonly content: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), click()]);
  return { name: download.suggestedFilename(), content: readFileSync(await download.path()) };
}

describe('a drill', { timeout: 60_000 * patience }, () => {
  it('is done when that is wanted, from a subnet that is chosen, and says what it cost', async () => {
    const { gateway, tunnel } = await openTunnel();
    const vpc = api.rows.vpnGateways.get(gateway)?.vpcId ?? '';
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

const childSa: ChildSaNow = {
  ...{ uniqueId: 7, name: 'vpnx-policy', state: 'INSTALLED', mode: 'TUNNEL' },
  ...{ localSelectors: ['10.0.1.0/24'], remoteSelectors: ['192.168.1.0/24'] },
  installed: {
    ...{ protocol: 'ESP', spiIn: 'c0ffee01', spiOut: 'badcab02', isUdpEncapsulated: true, isEsn: false },
    algorithms: { encryption: 'AES_GCM_16_256', integrity: null, group: 'ECP_256' },
    in: { bytes: 84_000, packets: 1000, quietSeconds: 2 },
    out: { bytes: 0, packets: 0, quietSeconds: null },
    ...{ installedSeconds: 600, rekeySeconds: 3000, lifeSeconds: 3600 },
  },
};
const ikeSa: IkeSaNow = {
  ...{ uniqueId: 3, version: 2, state: 'ESTABLISHED', role: 'responder' },
  ...{ initiatorSpi: '1111111111111111', responderSpi: '2222222222222222' },
  local: { address: '203.0.113.17', port: 4500, identity: '203.0.113.17' },
  remote: { address: '198.51.100.1', port: 61_000, identity: 'berlin.example' },
  algorithms: { encryption: 'AES_CBC_256', integrity: 'HMAC_SHA2_256_128', prf: 'PRF_HMAC_SHA2_256', group: 'ECP_256' },
  ...{ establishedSeconds: 7200, rekeySeconds: -90, reauthSeconds: null, childSas: [childSa] },
};

function tell(...ikeSas: readonly IkeSaNow[]): void {
  const childSas = ikeSas.reduce((sum, each) => sum + each.childSas.length, 0);
  sas = { sas: { askedAt: Date.now(), ikeSas, counts: { ikeSas: ikeSas.length, childSas } } };
}

describe('the SAs', { timeout: 60_000 * patience }, () => {
  const ike = () => page.getByRole('article', { name: 'IKE_SA #3' });
  const child = (id: number) => page.getByRole('region', { name: `CHILD_SA #${id}` }).first();
  const fact = (name: string) => ike().locator('dl > div').filter({ hasText: name }).first().locator('dd');
  const cells = (way: string) => child(7).getByRole('row').filter({ hasText: way }).getByRole('cell').allTextContents();

  it('are shown in both directions with their SPIs, ranges and counters, by what and for how long they were negotiated', async () => {
    tell(ikeSa);
    await openTunnel();
    await ike().getByText('● ESTABLISHED').waitFor();
    const told = (await ike().textContent()) ?? '';
    for (const part of ['IKEV2', 'begun by the peer', '1111111111111111', '2222222222222222', 'ECP_256'])
      expect(told).toContain(part);
    expect(await fact('Theirs').textContent()).toBe('198.51.100.1:61000 berlin.example');
    expect(await fact('Established for').textContent()).toBe('2 h');
    expect(await fact('Renewal from here').textContent()).toMatch(/^overdue for 1 min \d+ s$/);
    expect(await cells('in')).toEqual([
      ...['192.168.1.0/24', '10.0.1.0/24', 'c0ffee01', '1000', '82.0 KiB', expect.stringMatching(/^\d s$/) as string],
    ]);
    expect(await cells('out')).toEqual(['10.0.1.0/24', '192.168.1.0/24', 'badcab02', '0', '0 B', 'none yet']);
    for (const part of ['ESP in UDP', 'TUNNEL', 'AES_GCM_16_256 / PFS ECP_256']) expect(told).toContain(part);
    expect(await child(7).locator('..').textContent()).toMatch(/End unless renewed ?in (59 min|1 h)/);
    expect(await axeViolations()).toEqual([]);
  });

  it('are asked for again while the page is seen: what passes, comes and goes is seen without a touch, and so is that nobody can tell', async () => {
    tell(ikeSa);
    await openTunnel();
    await child(7).waitFor();
    const before = await fact('Renewal from here').textContent();
    const { installed } = childSa;
    const grown = { ...childSa, installed: installed && { ...installed, in: { ...installed.in, packets: 4321 } } };
    const next = { ...childSa, uniqueId: 8, state: 'INSTALLING', installed: null };
    tell({ ...ikeSa, childSas: [next, grown] });
    await child(7).getByRole('cell', { name: '4321' }).waitFor();
    await child(8).getByRole('row').nth(2).waitFor();
    // Its age runs between two answers as well.
    await expect.poll(() => fact('Renewal from here').textContent(), { timeout: 5_000 * patience }).not.toBe(before);
    sas = { problem: 'the agent is not there' };
    await page.getByRole('alert').filter({ hasText: 'the agent is not there' }).waitFor();
    await child(7).getByRole('cell', { name: '4321' }).waitFor();
    sas = { sas: noSas(Date.now()) };
    await page.getByText('There is none now.').waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('of many only some are shown at once, and all when asked for; a phone in Chinese and in the dark shows them too', async () => {
    page = await shown.openAs({ viewport: { width: 390, height: 844 }, colorScheme: 'dark', locale: 'zh-CN' });
    const childSas = Array.from({ length: 30 }, (_, index) => ({ ...childSa, uniqueId: 100 + index }));
    tell({ ...ikeSa, childSas });
    const tunnel = await makeOne();
    await shown.signIn(`/console/tunnels/${tunnel.tunnel}`);
    const parts = page.locator('.child-sa');
    await parts.nth(7).waitFor();
    expect(await parts.count()).toBe(8);
    await page.getByRole('button', { name: '显示全部 30 个 CHILD_SA' }).click();
    await parts.nth(29).waitFor();
    expect(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    expect(await axeViolations()).toEqual([]);
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

  it('is of a pair where a standby tunnel of the same device is chosen, and of one that ends elsewhere it is said that it is none', async () => {
    const byRoute = { RouteType: 'StaticRoute' };
    const { gateway, peer, tunnel } = await makeOne(byRoute);
    const other = await makeGateway(api, await makeVpc(api), { VpnGatewayName: 'edge 2' });
    const standby = await makeTunnel(api, other, peer, { ...byRoute, VpnConnectionName: 'Berlin standby' });
    const elsewhere = await makeTunnel(api, other, await makePeer(api, '198.51.100.200'), {
      ...{ ...byRoute, VpnConnectionName: 'Bonn' },
    });
    await shown.signIn(`/console/tunnels/${tunnel}`);
    await page.getByRole('button', { name: 'Configuration for it' }).click();
    await page.getByLabel('Device', { exact: true }).selectOption('strongswan swanctl V5.9');
    const choice = page.getByLabel('Standby tunnel of the same device');
    expect(await choice.locator('option').allTextContents()).not.toContain(`Berlin office (${tunnel})`);
    await choice.selectOption(standby);
    await page.getByRole('button', { name: 'Show' }).click();
    const file = page.getByRole('region', { name: 'Configuration of the peer' });
    await file.waitFor();
    const pair = await writtenForPeer({ gateway, tunnel }, { StandbyVpnConnectionId: standby });
    expect(await file.textContent()).toBe(pair);
    expect(pair).not.toBe(await writtenForPeer({ gateway, tunnel }));
    await choice.selectOption(elsewhere);
    await file.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Show' }).click();
    await page.getByRole('alert').filter({ hasText: 'StandbyVpnConnectionId' }).waitFor();
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
    for (const part of [
      'IKE DH group',
      'breaks it',
      'group 15 (modp3072)',
      'group 19 (ecp256)',
      /line \d+/,
      'DhGroupName',
    ])
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

  it('hold keys of SAs only where somebody asks for them, warned of what they open, and these go into a file at once', async () => {
    const { tunnel, gateway } = await openTunnel();
    captures.table = '"IPv4","192.0.2.1","198.51.100.1","0xcanary-of-the-sa-keys"\n';
    await page.getByRole('button', { name: 'Capture' }).click();
    const warning = page.getByRole('alert').filter({ hasText: 'Warning: whoever has these keys' });
    expect(await warning.count()).toBe(0);
    const withKeys = page.getByLabel('With the keys of the SAs');
    await withKeys.check();
    await warning.waitFor();
    expect(await warning.textContent()).not.toContain('every tunnel of the gateway');
    await page.getByLabel('Where').selectOption(gateway);
    await warning.filter({ hasText: 'every tunnel of the gateway' }).waitFor();
    await page.getByLabel('Where').selectOption(tunnel);
    expect(await axeViolations()).toEqual([]);
    await page.getByRole('button', { name: 'Start, with keys' }).click();
    const row = page.getByRole('row').filter({ hasText: 'with keys' });
    await row.waitFor();
    expect(captures.orders.at(-1)).toMatchObject({ resourceId: tunnel, includesKeys: true });
    const { name, content } = await savedBy(() => row.getByRole('button', { name: 'Download keys' }).click());
    expect(name).toBe(`${tunnel}-${captures.orders.at(-1)?.id}-esp_sa.txt`);
    expect(content.toString()).toBe(captures.table);
    expect(await page.content()).not.toContain('canary-of-the-sa-keys');
    await row.getByRole('button', { name: 'Delete' }).click();
    await row.waitFor({ state: 'detached' });
    await withKeys.uncheck();
    await warning.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    const plain = page.getByRole('row').filter({ hasText: 'in the tunnel, in clear' });
    await plain.waitFor();
    expect(captures.orders.at(-1)).toMatchObject({ includesKeys: false });
    expect(await plain.getByRole('button', { name: 'Download keys' }).count()).toBe(0);
    await plain.getByRole('button', { name: 'Delete' }).click();
    await plain.waitFor({ state: 'detached' });
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
    const probes = page.getByRole('img', { name: 'Probes: mean delay 12.5 ms, up to 12.5 ms; 25 % lost' });
    expect([await probes.locator('.delay').count(), await probes.locator('.loss').count()]).toEqual([1, 1]);
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

  /** An hour that ended just now, and what was renewed at three quarters of it, while the tunnel was up. */
  async function openAtRenewal(tunnel: Made['tunnel']): Promise<{ readonly from: number; readonly to: number }> {
    recordStory(tunnel);
    stepsOf = everyStep;
    const to = Date.now() - hour / 6;
    const renewed = to - hour / 4;
    recorded = [
      ...recorded,
      { id: renewed, at: renewed, subject: tunnel, kind: 'event' as const, text: 'renewed' },
    ].toSorted((a, b) => a.at - b.at);
    const window = { from: to - hour, to };
    await page.goto(`/console/tunnels/${tunnel}?${addressOf(window)}`);
    await page.getByRole('listitem').filter({ hasText: 'renewed' }).waitFor();
    await page.locator('[aria-busy=false]').scrollIntoViewIfNeeded();
    return window;
  }

  /** Where it is on the screen, so far along the time line. */
  async function placeAt(fraction: number): Promise<readonly [number, number]> {
    const box = await page.locator('[aria-busy]').boundingBox();
    if (box === null) throw new Error('the time line is not seen');
    return [box.x + box.width * fraction, box.y + 30];
  }

  const moment = () => page.locator('.moment');
  const spoken = () => page.locator('[aria-live=polite]').textContent();

  it('says what was under the pointer, and asks once for what it is dragged to, when it is let go', async () => {
    const { tunnel } = await openTunnel();
    const window = await openAtRenewal(tunnel);
    await page.mouse.move(...(await placeAt(0.75)));
    await moment().getByText('renewed').waitFor();
    const told = (await moment().textContent()) ?? '';
    for (const part of ['in 1.0 Mbit/s, out 100 kbit/s', '● up ≥', 'probes 12.5 ms, 25 % lost'])
      expect(told).toContain(part);
    expect(told).toMatch(/^\d\d\/\d\d\/\d{4}, \d\d:\d\d:\d\d/);
    expect(await spoken()).toBe('');
    expect(await axeViolations()).toEqual([]);
    await page.mouse.move(...(await placeAt(0.97)));
    await moment().getByText('peer silent').waitFor();
    expect(await moment().getByText('renewed').count()).toBe(0);

    /** What is asked about other times than that one. */
    const questions: unknown[] = [];
    page.on('request', (request) => {
      const { Action, Parameters } = (request.postDataJSON() ?? {}) as Question;
      const { From, To, Kinds = ['state'] } = Parameters ?? {};
      const isOfTimeLine = From !== undefined && To !== undefined && Kinds.includes('state');
      if (isOfTimeLine && Date.parse(To) !== window.to) questions.push([Action, Date.parse(To)]);
    });
    await page.mouse.move(...(await placeAt(0.4)));
    await page.mouse.down();
    await page.mouse.move(...(await placeAt(0.45)));
    await page.mouse.move(...(await placeAt(0.5)), { steps: 5 });
    await page.locator('[role=group][style*="--moved: 10"], [role=group][style*="--moved: 9.9"]').waitFor();
    expect([startOf(page.url()), questions]).toEqual([window.from, []]);
    await page.mouse.up();
    await page.waitForURL((url) => startOf(url.href) !== window.from);
    expect(startOf(page.url()) / 1000).toBeCloseTo((window.from - hour / 10) / 1000, -1);
    expect(spanOf(page.url())).toBe(hour);
    await page.locator('[aria-busy=false]').waitFor();
    const dragged = startOf(page.url()) + hour;
    expect(questions).toEqual([
      ['DescribeTunnelHistory', dragged],
      ['DescribeTimeline', dragged],
    ]);
  });

  it('a part is picked with Shift and looked into in short steps; with Ctrl the wheel zooms, down to five minutes', async () => {
    const { tunnel } = await openTunnel();
    await openAtRenewal(tunnel);
    await page.keyboard.down('Shift');
    await page.mouse.move(...(await placeAt(0.9)));
    await page.mouse.down();
    await page.mouse.move(...(await placeAt(0.65)), { steps: 3 });
    await page.mouse.up();
    await page.keyboard.up('Shift');
    await page.waitForURL((url) => spanOf(url.href) < hour / 2);
    expect(spanOf(page.url()) / 1000).toBeCloseTo(hour / 4000, -1);
    await expect.poll(() => asked.at(-1)?.seconds, { timeout: 20_000 * patience }).toBe(10);
    await page.keyboard.down('Control');
    await page.mouse.move(...(await placeAt(0.4)));
    for (let turn = 0; turn < 5; turn++) await page.mouse.wheel(0, -100);
    await page.keyboard.up('Control');
    await page.waitForURL((url) => spanOf(url.href) === hour / 12);
    await page.locator('[aria-busy=false]').waitFor();
    await page.mouse.move(...(await placeAt(0.4)));
    await moment().getByText('renewed').waitFor();
  });

  it('on a phone a tap reads, and a shorter length looks into it; keys read it aloud', async () => {
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
    page = await shown.openAs({ ...phone, colorScheme: 'dark', locale: 'zh-CN' });
    const { tunnel } = await openTunnel();
    const window = await openAtRenewal(tunnel);
    const renewed = window.to - hour / 4;
    await page.touchscreen.tap(...(await placeAt(0.75)));
    await moment().getByText('renewed').waitFor();
    expect([await spoken(), await moment().textContent()]).toEqual(['', expect.stringContaining('入 1.0 Mbit/s')]);
    expect(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    expect(await axeViolations()).toEqual([]);
    await page.getByRole('group', { name: '方向键' }).focus();
    await page.keyboard.press('Escape');
    await moment().getByText('点按读数').waitFor();
    await page.keyboard.press('Shift+ArrowDown');
    await moment().getByText('renewed').waitFor();
    expect(await spoken()).toMatch(/入 1\.0 Mbit\/s.*正常.*探测 12\.5 毫秒.*renewed/);
    await page.getByRole('button', { name: '5 分钟' }).click();
    await page.waitForURL((url) => spanOf(url.href) === hour / 12);
    expect(startOf(page.url())).toBe(renewed - hour / 24);
    await page.getByRole('group', { name: '方向键' }).focus();
    const before = await spoken();
    await page.keyboard.press('Shift+ArrowRight');
    await expect.poll(spoken).not.toBe(before);
    await page.keyboard.press('-');
    await page.waitForURL((url) => spanOf(url.href) === hour / 6);
  });
});

interface Question {
  readonly Action?: string;
  readonly Parameters?: { readonly From?: string; readonly To?: string; readonly Kinds?: readonly string[] };
}

function everyStep({ from, to, seconds }: HistoryQuestion): readonly number[] {
  const ms = seconds * 1000;
  return Array.from({ length: Math.ceil((to - from) / ms) }, (_, index) => from - (from % ms) + index * ms);
}

function addressOf({ from, to }: { readonly from: number; readonly to: number }): string {
  return `from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`;
}

describe('the last negotiation', { timeout: 60_000 * patience }, () => {
  const panel = () =>
    page
      .locator('section.panel')
      .filter({ has: page.getByRole('heading', { name: 'Last negotiation' }) })
      .last();
  const record = (tunnel: Made['tunnel'], ...texts: readonly string[]) => {
    const at = Date.now() - hour;
    recorded = texts.map((text, id) => ({ id, at: at + id, subject: tunnel, kind: 'ike', text }));
  };
  const setUp = [
    'ENC generating IKE_SA_INIT request 0 [ SA KE No N(NATD_S_IP) ]',
    'ENC parsed IKE_SA_INIT response 0 [ SA KE No ]',
    'ENC generating IKE_AUTH request 1 [ IDi AUTH SA TSi TSr ]',
  ];

  it('is a sequence between two sides, with what was said of each message, and stops where the finding says why', async () => {
    const { tunnel } = await openTunnel();
    record(
      tunnel,
      ...[...setUp, 'ENC parsed IKE_AUTH response 1 [ N(AUTH_FAILED) ]'],
      'IKE received AUTHENTICATION_FAILED notify error',
    );
    const found = { code: 'authentication-refused', object: tunnel, ours: null, theirs: null } as const;
    api.observed.recordFindings(tunnel, 'negotiation', [{ ...found, evidence: [], since: Date.now() }]);
    await page.reload();
    const messages = panel().getByRole('listitem');
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
    const stops = messages.filter({ hasText: 'It stopped here:' });
    await stops.filter({ hasText: 'authentication-refused' }).waitFor();
    expect(await stops.count()).toBe(1);
    expect(told.findIndex((text) => text.includes('It stopped here:'))).toBe(3);
    expect(await axeViolations()).toEqual([]);
  });

  it('is followed by what renewed its SAs, and fits a phone', async () => {
    page = await shown.openAs({ viewport: { width: 390, height: 844 } });
    const { tunnel } = await openTunnel();
    const renewal = (id: number) => [
      `ENC generating CREATE_CHILD_SA request ${id} [ N(REKEY_SA) SA No KE TSi TSr ]`,
      `ENC parsed CREATE_CHILD_SA response ${id} [ SA No KE TSi TSr ]`,
      `IKE CHILD_SA ${tunnel}{${id}} established with SPIs c0ffee01_i badcab02_o and TS 10.0.0.0/8 === 10.1.0.0/16`,
      `ENC generating INFORMATIONAL request ${id + 1} [ D ]`,
    ];
    record(
      tunnel,
      ...[
        ...setUp,
        'ENC parsed IKE_AUTH response 1 [ IDr AUTH SA TSi TSr ]',
        'IKE CHILD_SA x{1} established with SPIs',
      ],
      ...[10, 20, 30, 40, 50, 60, 70, 80].flatMap(renewal),
      ...[
        'ENC parsed CREATE_CHILD_SA request 0 [ SA No KE ]',
        'ENC generating CREATE_CHILD_SA response 0 [ SA No KE ]',
      ],
    );
    await page.reload();
    await panel().getByRole('heading', { name: 'IKE_SA renewed' }).waitFor();
    expect(await panel().getByRole('heading', { name: 'CHILD_SA renewed' }).count()).toBe(5);
    await panel().getByText('3 more in between').waitFor();
    expect(await panel().getByText('CREATE_CHILD_SA request 30').count()).toBe(0);
    expect(await panel().getByText('CREATE_CHILD_SA request 80').count()).toBe(1);
    expect(await panel().getByText('It stopped here').count()).toBe(0);
    // The arrows reach from side to side, and nothing sticks out.
    expect(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    const [sides, arrow] = await Promise.all([
      panel().locator('.sequence').boundingBox(),
      panel().locator('.arrow').first().boundingBox(),
    ]);
    expect(arrow?.width).toBeGreaterThan((sides?.width ?? Infinity) * 0.95);
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
