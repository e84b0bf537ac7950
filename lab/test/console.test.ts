import { openPage, startBrowser, type WatchedPage } from '@landbridge/console/testing/browser';
import type { JsonObject } from '@landbridge/client';
import { patience, poll } from '@landbridge/testbed/poll';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { oneRoute, type OneRoute } from '../src/scenarios/1-route.ts';
import { World } from '../src/world.ts';

// The console of the service as it runs, two processes and all, before a real tunnel: what is on the screen follows what happens.

/** Until a state that the API tells is on the screen. */
const soonMs = 2000 * patience;

let world: World | undefined;
let cloud: World['cloud'];
let server: World['server'];
let built: OneRoute;
let browser: Awaited<ReturnType<typeof startBrowser>> | undefined;
let window: WatchedPage;

beforeAll(async () => {
  world = await World.start();
  ({ cloud, server } = world);
  built = await oneRoute.build(world);
  browser = await startBrowser();
  const { url } = await server.endpoint();
  window = await openPage(browser, new URL(url).origin);
  window.page.setDefaultTimeout(30_000 * patience);
  // Nobody is signed in at first.
  window.allow(/status of 401/);
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
});

/** On the screen: a mark and the word. */
const up = /^. up/;
const isUp = (now: string) => now.startsWith('up');
const isDown = (now: string) => now !== '' && !isUp(now);

interface Health {
  readonly State: string;
  readonly FindingSet: readonly Readonly<Record<'Field' | 'Summary' | 'FixThere', string>>[];
}

async function healthOf(connectionId: string): Promise<Health | undefined> {
  const answer = await cloud.call('DescribeTunnelHealth', { VpnConnectionIds: [connectionId] }, 'landbridge');
  return (answer['TunnelHealthSet'] as Health[])[0];
}

const stateOf = async (connectionId: string) => (await healthOf(connectionId))?.State ?? '';

it('shows within two seconds that a tunnel is down and up again, and why another DH group is refused', async () => {
  const { page, complaints } = window;
  const { connectionId } = built.tunnel;
  const { credential } = await server.endpoint();
  await page.goto(`/console/tunnels/${connectionId}`);
  await page.getByLabel('SecretId').fill(credential.secretId);
  await page.getByLabel('SecretKey').fill(credential.secretKey);
  await page.getByRole('button', { name: 'Sign in' }).click();
  const state = page.locator('.state-line .mark');
  await state.filter({ hasText: up }).waitFor();

  // Nobody calls anything: the peer's daemon ends, and begins again.
  const { idc, peer, cloudRanges } = built.tunnel;
  try {
    await idc.charon.stop();
    await poll('the tunnel down', () => stateOf(connectionId), isDown, { within: 60_000, every: 20 });
    await state.filter({ hasNotText: up }).waitFor({ timeout: soonMs });
  } finally {
    await idc.restartCharon([peer], cloudRanges);
  }
  await poll('the tunnel again', () => stateOf(connectionId), isUp, { within: 60_000, every: 20 });
  await state.filter({ hasText: up }).waitFor({ timeout: soonMs });

  const { VpnConnectionSet } = await cloud.call('DescribeVpnConnections', { VpnConnectionIds: [connectionId] });
  const [connection = {}] = VpnConnectionSet as JsonObject[];
  const { DhGroupName: ours } = connection['IKEOptionsSpecification'] as { readonly DhGroupName: string };
  const other = ours === 'GROUP16' ? 'GROUP15' : 'GROUP16';
  try {
    await cloud.modifyVpnConnection(connectionId, { IKEOptionsSpecification: { DhGroupName: other } });
    await cloud.call('ResetVpnConnection', {
      VpnGatewayId: built.vpc1.gateway.gatewayId,
      VpnConnectionId: connectionId,
    });
    const refused = (now: string) => now === 'refused';
    await poll('the refusal', () => stateOf(connectionId), refused, { within: 60_000, every: 20 });
    await state.filter({ hasText: 'refused' }).waitFor({ timeout: soonMs });
    const { FindingSet: [finding] = [] } = (await healthOf(connectionId)) ?? {};
    expect(finding?.Field).toContain('DhGroupName');
    const card = page.getByRole('article').filter({ hasText: finding?.Summary ?? '' });
    await card.filter({ hasText: finding?.FixThere ?? '' }).waitFor();
  } finally {
    await cloud.modifyVpnConnection(connectionId, { IKEOptionsSpecification: { DhGroupName: ours } });
  }
  await poll('the tunnel mended', () => stateOf(connectionId), isUp, { within: 60_000, every: 20 });
  await state.filter({ hasText: up }).waitFor({ timeout: soonMs });
  expect(await page.getByRole('article').count()).toBe(0);
  expect(complaints).toEqual([]);
});
