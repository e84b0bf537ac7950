import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { poll } from '@landbridge/testbed/poll';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadSettings } from '../config/load-settings.ts';
import { launch } from './launcher.ts';

/** Sides that a test plays: the controller says always that it is alive; the agent ends once it was ready, and is never ready again. */
const playedSides = `
const [folder, side, isReadyAtFirst] = process.argv.slice(2);
const { appendFileSync, existsSync } = require('node:fs');
const { join } = require('node:path');
const note = (name) => appendFileSync(join(folder, name), '.');
process.on('disconnect', () => process.exit());
setInterval(() => undefined, 1000);
const say = (kind) => process.send({ kind });
if (side === 'controller') {
  say('ready');
  setInterval(() => { say('alive'); note('alive'); }, 20);
} else if (isReadyAtFirst === 'true' && !existsSync(join(folder, 'started'))) {
  note('started');
  process.send({ kind: 'ready' }, () => process.exit());
} else note('starting');
`;

/* Root only: the controller is another user. */
describe.runIf(process.getuid?.() === 0)('systemd', { timeout: 30_000 }, () => {
  let folder: string;
  let stop: AbortController;
  let running: Promise<unknown>;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'landbridge-launcher-'));
    chmodSync(folder, 0o711);
    stop = new AbortController();
    vi.stubEnv('WATCHDOG_USEC', '300000');
  });
  afterEach(async () => {
    stop.abort();
    await running;
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  const has = (name: string) => existsSync(join(folder, name));
  const times = (name: string) => (has(name) ? readFileSync(join(folder, name)).length : 0);
  const starts = () => poll('the agent starts', () => has('starting'), Boolean, { within: 20_000, every: 10 });

  /** Returns how often it was said that all is alive. */
  function launchPlayed({ isAgentReady }: { readonly isAgentReady: boolean }): () => number {
    const script = join(folder, 'sides.cjs');
    writeFileSync(script, playedSides);
    let said = 0;
    const settings = { ...loadSettings({ flags: { dataDir: join(folder, 'data'), listen: '127.0.0.1:0' } }) };
    running = launch({
      settings: { ...settings, user: 'nobody' },
      commandOf: (side) => [script, folder, side, String(isAgentReady)],
      ...{ logger: pino({ level: 'silent' }), signal: stop.signal, controllerAlone: false },
      ...{ onListening: () => undefined, onReady: () => undefined, onAlive: () => (said += 1) },
    }).catch((error: unknown) => expect(error).toBeUndefined());
    return () => said;
  }

  it('is told that all is alive while a side that was ready before takes its time to start again', async () => {
    const said = launchPlayed({ isAgentReady: true });
    await starts();
    const before = said();
    await poll('it is told so', said, (count) => count > before + 2, { within: 10_000, every: 10 });
  });

  it('is told nothing while a side has never been ready', async () => {
    const said = launchPlayed({ isAgentReady: false });
    await starts();
    const before = times('alive');
    await poll(
      'the controller is alive',
      () => times('alive'),
      (count) => count > before + 50,
      { within: 10_000 },
    );
    expect(said()).toBe(0);
  });
});
