import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { openPage, startBrowser } from '@landbridge/console/testing/browser';
import { openSignedIn } from '@landbridge/console/testing/open-signed-in';
import { readShownStates } from '@landbridge/console/testing/shown-states';
import { Hopeless, patience, poll } from '@landbridge/testbed/poll';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectNothingLeft, takeInventory, type Inventory } from '../src/leak-check.ts';

// `make demo STAY=1` as somebody has it who has just cloned this; the machine is the host of this lab, and the demo has a lab of its own in it.

const script = fileURLToPath(new URL('../../scripts/demo', import.meta.url));

let before: Inventory;
let demo: ChildProcess;
let said = '';

beforeAll(async () => {
  before = await takeInventory();
  demo = spawn(script, { env: { ...process.env, STAY: '1' }, stdio: ['ignore', 'pipe', 'inherit'] });
  demo.stdout?.setEncoding('utf8').on('data', (text) => (said += String(text)));
});
afterAll(() => demo.kill('SIGKILL'));

interface Invitation {
  readonly origin: string;
  readonly secretId: string;
  readonly secretKey: string;
}

function invitation(): Invitation | null {
  if (demo.exitCode !== null) throw new Hopeless(`it has ended: ${said}`);
  const found = /(http:\/\/127\.0\.0\.1:\d+)\/console\n\s+SecretId\s+(\S+)\n\s+SecretKey\s+(\S+)\n/.exec(said);
  if (found === null) return null;
  const [, origin = '', secretId = '', secretKey = ''] = found;
  return { origin, secretId, secretKey };
}

it('opens the console of five tunnels that are up to whoever has the printed key, until it is interrupted', async () => {
  const invited = await poll('the console is open', invitation, (seen) => seen !== null, { within: 90_000 });
  if (invited === null) throw new Error('nobody is invited');
  const { origin, secretId, secretKey } = invited;
  const browser = await startBrowser();
  try {
    const { page, allow, complaints } = await openPage(browser, origin);
    allow(/status of 401/);
    await openSignedIn(page, '/console/tunnels', { secretId, secretKey });
    const states = async () => {
      const { isLive, states: shown } = await readShownStates(page);
      return isLive ? Object.values(shown) : [];
    };
    await poll('five tunnels are up, each proven by packets', states, (all) => all.join() === 'up,up,up,up,up', {
      within: 60_000,
    });
    expect(complaints).toEqual([]);
  } finally {
    await browser.close();
  }
  expect(said.split(secretKey).length - 1).toBe(1);

  const ended = once(demo, 'exit', { signal: AbortSignal.timeout(30_000 * patience) });
  demo.kill('SIGINT');
  expect(await ended).toEqual([0, null]);
  await expect(fetch(origin)).rejects.toThrow();
  await expectNothingLeft('the demo was interrupted', before, { within: 10_000 });
});
