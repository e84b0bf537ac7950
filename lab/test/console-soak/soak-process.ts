import { setTimeout as delay } from 'node:timers/promises';
import { openPage, startBrowser, type WatchedPage } from '@landbridge/console/testing/browser';
import { openSignedIn } from '@landbridge/console/testing/open-signed-in';
import { readShownStates, type ShownStates } from '@landbridge/console/testing/shown-states';
import { patience, poll } from '@landbridge/testbed/poll';
import type { Cloud } from '../../src/cloud.ts';
import { startLivingNetwork, type LivingNetwork } from '../../src/living-network.ts';
import { asRecorded, hadState, recordedStory, type StateChange, type StateStory } from '../../src/state-story.ts';
import type { TunnelHealth } from '../../src/tunnel-health.ts';
import { provokeFaults } from './random-faults.ts';

// A program of its own, `soak-process.ts MINUTES`, started by console-soak.ts in the lab's host namespace.

type Page = WatchedPage['page'];

const minutes = Number(process.argv[2]);
const lookEveryMs = 200;
/** A shown state that was true so long ago, or will be so soon, is right: the recorder and the service look for themselves. */
const withinMs = 1000;
/** A session that nobody uses ends after half an hour. */
const openAnewEveryMs = 600_000;

interface Wrong {
  readonly id: string;
  readonly at: number;
  readonly state: string;
}

async function signIn(network: LivingNetwork, page: Page): Promise<void> {
  const { credential } = await network.world.server.endpoint();
  await openSignedIn(page, '/console/tunnels', credential);
}

async function waitUntilListed(page: Page, count: number): Promise<void> {
  const isListed = ({ isLive, states }: ShownStates) => isLive && Object.keys(states).length === count;
  await poll(`${count} tunnels are listed`, () => readShownStates(page), isListed, { within: 30_000 });
}

/** Looks at the screen until the signal aborts, and opens the page anew now and then. */
async function watchScreen(page: Page, count: number, signal: AbortSignal): Promise<ShownStates[]> {
  const looks: ShownStates[] = [];
  let openedAt = Date.now();
  while (!signal.aborted) {
    if (Date.now() - openedAt > openAnewEveryMs) {
      await page.reload();
      await waitUntilListed(page, count);
      openedAt = Date.now();
    }
    looks.push(await readShownStates(page));
    await delay(lookEveryMs);
  }
  return looks;
}

/** What DescribeTunnelHealth says until the signal aborts, by tunnel. */
async function watchHealth(cloud: Cloud, signal: AbortSignal): Promise<Map<string, StateChange[]>> {
  const stories = new Map<string, StateChange[]>();
  while (!signal.aborted) {
    const { TunnelHealthSet } = await cloud.call('DescribeTunnelHealth', { Limit: 100 }, 'landbridge');
    for (const { VpnConnectionId: id, State, Since } of TunnelHealthSet as readonly TunnelHealth[]) {
      const story = stories.get(id) ?? [];
      stories.set(id, story);
      const change = { state: State, at: Date.parse(Since) };
      const last = story.at(-1);
      if (last?.at !== change.at || last.state !== change.state) story.push(change);
    }
    await delay(lookEveryMs);
  }
  return stories;
}

/** Waits until everything is as it was at first. */
async function waitUntilCalm({ world, four, five }: LivingNetwork): Promise<void> {
  const tunnels = [...four.tunnels, five.pair.first.tunnel, five.pair.second.tunnel];
  for (const { connectionId } of tunnels) await world.cloud.waitUntilConnected(connectionId, 120_000);
}

interface Judgement {
  readonly shown: number;
  /** States that the recorder does not have, and DescribeTunnelHealth said. */
  readonly saidOnly: number;
  readonly wrong: readonly Wrong[];
}

function judge(
  looks: readonly ShownStates[],
  recorded: ReadonlyMap<string, StateStory>,
  said: ReadonlyMap<string, StateStory>,
): Judgement {
  const all = looks.flatMap(({ at, states }) => Object.entries(states).map(([id, state]) => ({ id, at, state })));
  const isIn = (stories: ReadonlyMap<string, StateStory>, { id, at, state }: Wrong) =>
    hadState(stories.get(id) ?? [], state, at - withinMs, at + withinMs);
  const unrecorded = all.filter((one) => !isIn(recorded, { ...one, state: asRecorded(one.state) }));
  const wrong = unrecorded.filter((one) => !isIn(said, one));
  return { shown: all.length, saidOnly: unrecorded.length - wrong.length, wrong };
}

async function soak(): Promise<number> {
  const network = await startLivingNetwork((line) => process.stdout.write(`${line}\n`));
  const { cloud, server } = network.world;
  const browser = await startBrowser();
  const { page, complaints, allow } = await openPage(browser, new URL((await server.endpoint()).url).origin);
  allow(/status of 401/);
  page.setDefaultTimeout(30_000 * patience);
  await signIn(network, page);
  const count = network.four.tunnels.length + 2;
  await waitUntilListed(page, count);

  const end = new AbortController();
  const watched = Promise.all([watchScreen(page, count, end.signal), watchHealth(cloud, end.signal)]);
  const faults = await Promise.race([
    provokeFaults(network, Date.now() + minutes * 60_000),
    // Whoever watches fails before that, or not at all.
    watched.then(() => 0),
  ]);
  await waitUntilCalm(network);
  end.abort();
  const [looks, said] = await watched;
  const stories = await Promise.all([...said.keys()].map(async (id) => [id, await recordedStory(cloud, id)] as const));
  const recorded = new Map(stories);
  await browser.close();
  await network.world.stop();

  const live = looks.filter(({ isLive }) => isLive);
  const { shown, saidOnly, wrong } = judge(live, recorded, said);
  const changes = stories.reduce((sum, [, story]) => sum + story.length - 1, 0);
  for (const { id, at, state } of wrong.slice(0, 20)) {
    const around = [...(recorded.get(id) ?? [])].filter((change) => Math.abs(change.at - at) < 10_000);
    process.stdout.write(`wrong: ${id} ${new Date(at).toISOString()} ${state}; recorded: ${JSON.stringify(around)}\n`);
  }
  for (const complaint of complaints) process.stdout.write(`the browser: ${complaint}\n`);
  process.stdout.write(
    `console soak: ${minutes} min, ${faults} faults, ${changes} changes of state, ${looks.length} looks (${looks.length - live.length} ` +
      `not live), ${shown} states shown, ${saidOnly} of them unrecorded but told, ${wrong.length} wrong\n`,
  );
  return wrong.length > 0 || complaints.length > 0 || changes === 0 || shown === 0 ? 1 : 0;
}

try {
  process.exitCode = await soak();
} catch (error) {
  process.stdout.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
}
// What a failure has left would keep this process; the lab is taken down from outside.
process.exit();
