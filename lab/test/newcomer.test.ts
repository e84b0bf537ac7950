import { readFile } from 'node:fs/promises';
import { openPage, startBrowser, type WatchedPage } from '@landbridge/console/testing/browser';
import { patience, poll } from '@landbridge/testbed/poll';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { filesIn } from '../src/generated-peer.ts';
import type { Host } from '../src/host.ts';
import type { IdcDevice } from '../src/idc-device.ts';
import { ping } from '../src/ping.ts';
import { waitForReply } from '../src/reach.ts';
import { World } from '../src/world.ts';

// Somebody who has never seen the console builds scenario 1 with it, finds out why the tunnel is down and mends it. Written by one who had not
// read the console's code, from what is on the screen: visible labels only. The administrator of the device at the other end is `idc`. One story: each part goes on from the one before.

type Page = WatchedPage['page'];
type Locator = ReturnType<Page['locator']>;

let world: World;
let idc: IdcDevice;
let host: Host;
let browser: Awaited<ReturnType<typeof startBrowser>> | undefined;
let window: WatchedPage;
let page: Page;
/** cloud.conf, as the console has written it for the device. */
let offered: string;

beforeAll(async () => {
  world = await World.start();
  idc = await world.lab.createIdc(1);
  host = await world.lab.createVpcHost({ name: 'VPC-1 A', label: 'vpc1-a', subnetPrefix: '10.0.1' });
  browser = await startBrowser();
  const { url } = await world.server.endpoint();
  window = await openPage(browser, new URL(url).origin, { viewport: { width: 1280, height: 900 } });
  // Whether somebody is signed in is asked before anybody is.
  window.allow(/401 \(Unauthorized\)/);
  page = window.page;
  page.setDefaultTimeout(20_000 * patience);
});

afterAll(async () => {
  await browser?.close();
  await world.stop();
});

it('from nothing to a ping, by the wizard and the file that it offers for the device', async () => {
  await signIn();
  await page.getByRole('link', { name: 'Create …' }).click();
  await page.getByRole('link', { name: 'One VPC and one IDC' }).click();
  const subnet = page.getByRole('group', { name: 'Subnet 1' });
  await subnet.getByLabel('Interface of the server').fill(world.lab.cable('vpc1-a'));
  await press('Next');
  await page.getByLabel('Networks behind it').fill(idc.lan);
  await page.getByLabel('Public address').fill(idc.publicAddress);
  await press('Next');
  await seeText('What will be made, in this order');
  await press('Create now');
  await page.getByRole('heading', { name: 'Everything is made' }).waitFor();
  const shown = page
    .getByRole('definition')
    .filter({ has: page.getByRole('button', { name: /^Copy Pre-shared key/ }) });
  const key = (await shown.innerText()).split(/\s/)[0] ?? '';
  expect(key.length).toBeGreaterThan(20);

  await page.getByRole('link', { name: 'Set up the peers' }).click();
  const peer = page.getByRole('region', { name: 'IDC 1' });
  await peer.getByText('Waiting for the peer').waitFor();
  expect(await ping(host, idc.host.address)).toMatchObject({ received: 0 });
  await peer.getByLabel('Device', { exact: true }).selectOption({ label: 'strongswan swanctl V5.9' });
  await peer.getByRole('button', { name: 'Show the configuration' }).click();
  offered = await downloadFrom(peer);
  expect(offered).toContain(key);

  await idc.charon.loadText(offered);
  // What route-interface.sh of the same file does, on a kernel without such interfaces.
  await idc.routeIntoTunnel('10.0.0.0/16');
  await peer.getByRole('button', { name: 'Try now' }).click();
  // Sooner than the gateway would have tried by itself.
  await peer.getByText('It is up.').waitFor({ timeout: 15_000 * patience });
  await waitForReply(host, idc.host);
  await waitForReply(idc.host, host);
  await peer.getByRole('link', { name: 'Open the tunnel' }).click();
  await seeInMain(/^● up$[^]*packets passed in both directions/m);
});

it(
  'says why the tunnel is down when the device has another DH group, with both values, and mends it',
  { timeout: 180_000 * patience },
  async () => {
    const ofDevice = offered.replace(/^( *proposals = .*)ecp256$/m, '$1ecp384');
    expect(ofDevice).not.toBe(offered);
    await idc.charon.loadText(ofDevice);
    await idc.charon.terminate(/vpnx-\w+/.exec(ofDevice)?.[0] ?? '');

    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('link', { name: '1 down or broken' }).click();
    await page.getByRole('link', { name: 'IDC 1' }).click();
    await seeInMain(/^▲ refused$/m);
    // A peer is asked what it accepts once a minute at most, and this one was when it had no configuration.
    await seeInMain(/Ours\n.*group 19 \(ECP_256\)\nTheirs\n.*group 20 \(ECP_384\)/, 90_000);
    const advice = /Set IKEOptionsSpecification\.DhGroupName = (\w+): the peer accepts that/;
    const [, group = ''] = advice.exec(await page.getByRole('main').innerText()) ?? [];
    expect(await ping(host, idc.host.address)).toMatchObject({ received: 0 });

    await page.getByRole('link', { name: 'Edit', exact: true }).click();
    await page.getByLabel('IKE DH group').selectOption(group);
    await press('Preview …');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('row', { name: 'IKE DH group GROUP19 GROUP20' }).waitFor();
    await dialog.getByText('is interrupted').waitFor();
    // Nothing is done yet.
    expect(await ping(host, idc.host.address)).toMatchObject({ received: 0 });
    await closeBy(dialog.getByRole('button', { name: 'Apply' }));
    await seeText('It is done.');

    await page.getByRole('link', { name: 'State and findings' }).click();
    await seeInMain(/^● up, unproven$/m, 60_000);
    await seeText('Nothing is known to be wrong with it.');
    await waitForReply(host, idc.host);
    await seeInMain(/^● up$[^]*packets passed in both directions/m);
  },
);

it('takes all of it away again', async () => {
  await openObject('Tunnels', 'IDC 1');
  await press('Delete …');
  await page.getByRole('dialog').getByRole('alert').getByText('Delete these routes first').waitFor();
  await closeBy(page.getByRole('dialog').getByRole('button', { name: 'Cancel' }));

  for (const [kind, name] of [
    ['Route tables', 'default'],
    ['VPN gateways', 'gateway-1'],
  ] as const) {
    await openObject(kind, name);
    await page.getByRole('checkbox', { name: idc.lan }).check();
    await confirm('Delete routes …');
    await page.getByRole('checkbox', { name: idc.lan }).waitFor({ state: 'detached' });
  }
  expect(await ping(host, idc.host.address)).toMatchObject({ received: 0 });
  await remove('Tunnels', 'IDC 1');
  await remove('Customer gateways', 'IDC 1');
  await remove('VPN gateways', 'gateway-1');
  await openObject('Subnets', 'subnet-1');
  await page.getByRole('checkbox', { name: world.lab.cable('vpc1-a') }).check();
  await confirm('Detach …');
  await remove('Subnets', 'subnet-1');
  await remove('VPCs', 'vpc-1');

  await page.getByRole('link', { name: 'Overview' }).click();
  await seeText('There is no VPN gateway yet.');
  await press('Sign out');
  await seeText('You are signed out.');
});

it('had no error or warning in its pages in all of this, broke no CSP, and asked nobody else', () => {
  expect(window.complaints).toEqual([]);
});

async function signIn(): Promise<void> {
  const { credential } = await world.server.endpoint();
  await page.goto('/console');
  await page.getByLabel('SecretId').fill(credential.secretId);
  await page.getByLabel('SecretKey').fill(credential.secretKey);
  await press('Sign in');
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
}

async function press(name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click();
}

async function seeText(text: string): Promise<void> {
  await page.getByText(text).first().waitFor();
}

/** Waits for what the page says as a whole. */
async function seeInMain(expected: RegExp, within = 20_000): Promise<void> {
  const read = () => page.getByRole('main').innerText();
  await poll(`the page shows ${expected}`, read, (text) => expected.test(text), { within });
}

/** The dialog is out of the page afterwards, not only closed. */
async function closeBy(button: Locator): Promise<void> {
  await button.click();
  await page.locator('dialog').waitFor({ state: 'detached' });
}

/** A change, after the preview of what it does. */
async function confirm(button: string, last = 'Apply'): Promise<void> {
  await press(button);
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/Who reaches whom|Nothing changes/).waitFor();
  await closeBy(dialog.getByRole('button', { name: last }));
}

async function openObject(kind: string, name: string): Promise<void> {
  await page.getByRole('link', { name: 'Objects', exact: true }).click();
  await page.getByRole('navigation', { name: 'Kinds of objects' }).getByRole('link', { name: kind }).click();
  await page.getByRole('region', { name: kind }).getByRole('link', { name, exact: true }).click();
  await page.getByRole('heading', { name, level: 1 }).waitFor();
}

async function remove(kind: string, name: string): Promise<void> {
  await openObject(kind, name);
  await confirm('Delete …', 'Delete');
  await page.getByRole('heading', { name: kind }).waitFor();
  await seeText('There is none.');
}

/** cloud.conf out of the file that is downloaded. */
async function downloadFrom(peer: Locator): Promise<string> {
  const coming = page.waitForEvent('download');
  await peer.getByRole('button', { name: 'Download' }).click();
  const text = await readFile(await (await coming).path(), 'utf8');
  const { 'cloud.conf': configuration } = filesIn(text, (name) => name);
  if (configuration === undefined) throw new Error(`no cloud.conf in ${(await coming).suggestedFilename()}`);
  return configuration;
}
