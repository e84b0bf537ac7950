import { openPage, startBrowser, type WatchedPage } from '@landbridge/console/testing/browser';
import { keepPicture } from '@landbridge/console/testing/keep-picture';
import { openSignedIn } from '@landbridge/console/testing/open-signed-in';
import { readShownStates } from '@landbridge/console/testing/shown-states';
import { patience, poll } from '@landbridge/testbed/poll';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fiveVpc, type FiveVpc } from '../src/scenarios/5-vpc.ts';
import { tunnelHealth, waitForFinding, type TunnelHealth } from '../src/tunnel-health.ts';
import { waitForPeer } from '../src/wait-for-peer.ts';
import { World } from '../src/world.ts';

// The console of the service as it runs, two processes and all, before real tunnels: what is on the screen follows what happens.

/** From when the service knows a state until it is on the screen. */
const soonMs = 2000 * patience;

let world: World | undefined;
let cloud: World['cloud'];
let server: World['server'];
let built: FiveVpc;
let browser: Awaited<ReturnType<typeof startBrowser>> | undefined;
let window: WatchedPage;
let page: WatchedPage['page'];

beforeAll(async () => {
  world = await World.start({ settings: fiveVpc.settings ?? {} });
  ({ cloud, server } = world);
  built = await fiveVpc.build(world);
  browser = await startBrowser();
  const { url } = await server.endpoint();
  window = await openPage(browser, new URL(url).origin);
  ({ page } = window);
  page.setDefaultTimeout(30_000 * patience);
  // Nobody is signed in at first.
  window.allow(/status of 401/);
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
});

const isUp = (state: string) => state === 'up' || state === 'up-unproven';
const isDown = (state: string) => state !== '' && !isUp(state);

async function signIn(path: string): Promise<void> {
  const { credential } = await server.endpoint();
  await openSignedIn(page, path, credential);
}

/** Waits until the service knows such a state, and until the list of tunnels shows one: that shall be later, and no more than `soonMs`. */
async function expectShownSoon(what: string, id: string, isMeant: (state: string) => boolean): Promise<TunnelHealth> {
  const options = { within: 60_000, every: 20 };
  const isKnown = ({ State }: TunnelHealth) => isMeant(State);
  const [known, shown] = await Promise.all([
    poll(`${what}, as the service knows`, () => tunnelHealth(cloud, id), isKnown, options),
    poll(
      `${what}, on the screen`,
      () => readShownStates(page),
      ({ states }) => isMeant(states[id] ?? ''),
      options,
    ),
  ]);
  const lateMs = shown.at - Date.parse(known.Since);
  process.stdout.write(`${what}: on the screen ${lateMs} ms after the service knew\n`);
  expect(lateMs).toBeGreaterThanOrEqual(0);
  expect(lateMs).toBeLessThan(soonMs);
  return known;
}

it('shows within two seconds of the service’s knowing that the active tunnel’s line is cut, why, and that it is mended', async () => {
  const { first, second } = built.pair;
  const [active, standby] = [first.tunnel.connectionId, second.tunnel.connectionId];
  await signIn('/console/tunnels');
  await poll(
    'both tunnels are up on the screen',
    () => readShownStates(page),
    ({ isLive, states }) => isLive && states[active] === 'up' && states[standby] === 'up',
    { within: 30_000 },
  );

  const row = page.getByRole('row').filter({ hasText: active });
  await first.cutLine();
  try {
    await expectShownSoon('the active tunnel is down', active, isDown);
    await poll(
      'the finding is in its row',
      async () => {
        const [health, text] = await Promise.all([tunnelHealth(cloud, active), row.textContent()]);
        return { finding: health.FindingSet[0]?.Summary ?? '', text: text ?? '' };
      },
      ({ finding, text }) => finding !== '' && text.includes(finding),
      { within: 30_000 },
    );
    expect((await readShownStates(page)).states[standby]).toBe('up');
  } finally {
    await first.mendLine();
  }
  await expectShownSoon('the active tunnel is up again', active, isUp);
  expect(window.complaints).toEqual([]);
});

it('names on the tunnel’s page the DH group that the peer has in place of ours, both of them, and what to do', async () => {
  const { tunnel } = built.pair.second;
  const { connectionId, idc, peer } = tunnel;
  const { gatewayId } = built.side.gateway;
  await page.goto(`/console/tunnels/${connectionId}`);
  const state = page.locator('.state-line .mark');
  await state.filter({ hasText: /^. up/ }).waitFor();
  await waitForPeer(cloud, gatewayId, tunnel);
  try {
    await idc.charon.load([{ ...peer, ikeProposals: 'aes256-sha256-modp1024' }]);
    const [finding] = await Promise.all([
      waitForFinding(cloud, connectionId, 'ike-dh-group-differs', 10_000),
      idc.charon.initiate('cloud-1', 3),
    ]);
    const card = page.getByRole('article').filter({ hasText: finding.Summary });
    await card.waitFor({ timeout: soonMs });
    await state.filter({ hasText: 'refused' }).waitFor({ timeout: soonMs });
    const fact = async (name: string) => {
      const line = card.locator('dl > div').filter({ has: page.getByText(name, { exact: true }) });
      return line.locator('dd').textContent();
    };
    expect(await fact('Field')).toContain('DhGroupName');
    expect(await fact('Ours')).toBe('14 (MODP_2048)');
    expect(await fact('Theirs')).toBe('2 (MODP_1024)');
    expect(await fact('On the peer')).toBe(finding.FixThere);
    await keepPicture(page, 'console-tunnel');
    // From what needs attention first it is one step.
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByText(finding.Summary).waitFor({ timeout: soonMs });
    await keepPicture(page, 'console-overview');
    await page.goBack();
  } finally {
    await idc.charon.load([peer]);
    await cloud.modifyVpnConnection(connectionId, { NegotiationType: 'active' });
    await cloud.resetVpnConnection(gatewayId, connectionId);
  }
  const isKnownUp = () => tunnelHealth(cloud, connectionId).then(({ State }) => isUp(State));
  await poll('the tunnel is mended', isKnownUp, Boolean, { within: 60_000, every: 20 });
  await state.filter({ hasText: /^. up/ }).waitFor({ timeout: soonMs });
  const findings = () => page.locator('.finding-card').count();
  await poll('nothing is wrong on the screen', findings, (count) => count === 0, { within: 60_000 });
  expect(window.complaints).toEqual([]);
});
