import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, fstatSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { patience } from '@landbridge/testbed/poll';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** A process that tells four things of four levels, one of them what a peer wants a terminal to do, and lives on. */
const script = `
  const { Log } = await import(process.argv[2]);
  const { tunnels } = new Log({ logLevel: 'debug', logForm: process.argv[3] }, { process: 'agent' }).of;
  tunnels.debug('charon says');
  tunnels.info({ connection: 'vpnx-00000001' }, 'tunnel is up');
  tunnels.warn({ connection: 'vpnx-00000001', reason: 'I am\\nforged \\u001b[2J' }, 'tunnel is down');
  tunnels.error('something failed');
  process.stdout.write('lives on');
`;
const { href } = new URL('logger.ts', import.meta.url);
const argvOf = (form: string) => ['--disable-warning=ExperimentalWarning', join(folder, 'tell.mjs'), href, form];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'landbridge-log-'));
  writeFileSync(join(folder, 'tell.mjs'), script);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What is written to a file, which is the journal's stream if the environment says so. */
function written(form: string, isJournal: boolean): string[] {
  const path = join(folder, `${form}-${isJournal}`);
  const file = openSync(path, 'w');
  const { dev, ino } = fstatSync(file);
  const stream = isJournal ? `${dev}:${ino}` : `${dev}:${ino + 1}`;
  const env = { ...process.env, JOURNAL_STREAM: stream };
  spawnSync(process.execPath, argvOf(form), { stdio: ['ignore', 'pipe', file], env });
  closeSync(file);
  return readFileSync(path, 'utf8').trimEnd().split('\n');
}

describe('standard error', { timeout: 30_000 * patience }, () => {
  it('has JSON in a file', () => {
    const lines = written('auto', false).map((line) => JSON.parse(line) as { level: string; time: string });
    expect(lines.map(({ level }) => level)).toEqual(['debug', 'info', 'warn', 'error']);
    for (const { time } of lines) expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it('has text in a file where that is wanted', () => {
    const lines = written('text', false);
    expect(lines).toHaveLength(4);
    expect(lines[2]).toMatch(
      /^\d{4}-\d\d-\d\dT\S+Z WARN {2}agent tunnels: tunnel is down {2}connection=vpnx-00000001 reason="I am\\nforged \\u001b\[2J"$/,
    );
  });

  it('tells the journal a priority, in either form, and no second time where people read', () => {
    for (const form of ['json', 'text']) {
      expect(written(form, true).map((line) => line.slice(0, 3))).toEqual(['<7>', '<6>', '<4>', '<3>']);
    }
    for (const line of written('json', true)) expect(JSON.parse(line.slice(3))).toHaveProperty('time');
    expect(written('text', true)[1]).toBe('<6>INFO  agent tunnels: tunnel is up  connection=vpnx-00000001');
  });

  it('has text on a terminal, and JSON where that is wanted', () => {
    const onTerminal = (form: string) => {
      const command = [process.execPath, ...argvOf(form)].join(' ');
      return execFileSync('script', ['-qec', `${command} >/dev/null`, '/dev/null'], { encoding: 'utf8' });
    };
    expect(onTerminal('auto')).toMatch(/Z WARN {2}agent tunnels: tunnel is down {2}connection=/);
    expect(onTerminal('json')).toMatch(/^\{"level":"debug"/);
  });

  it('that is full ends nobody', () => {
    const full = openSync('/dev/full', 'w');
    const { stdout, status } = spawnSync(process.execPath, argvOf('auto'), {
      stdio: ['ignore', 'pipe', full],
      encoding: 'utf8',
    });
    closeSync(full);
    expect({ stdout, status }).toEqual({ stdout: 'lives on', status: 0 });
  });
});
