import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { hasSystemdNotify, heardBySystemd } from '../../testing/heard-by-systemd.ts';

const module = new URL('./sd-notify.ts', import.meta.url).href;
const readyCall = `(await import(${JSON.stringify(module)})).tellReady()`;
/** Until it is ended. */
const aliveCall = `const { whileAlive, tellAlive } = await import(${JSON.stringify(module)});
  whileAlive(tellAlive); setInterval(() => undefined, 1000)`;

const nodeArgv = (call: string) => [process.execPath, '--input-type=module', '-e', call];

describe.skipIf(!hasSystemdNotify)('what systemd is told', () => {
  it('says READY=1 to the socket that systemd names', async () => {
    expect(await heardBySystemd(nodeArgv(readyCall), 1)).toEqual(['READY=1']);
  });

  it('says again and again that it is alive, three times in the time that systemd waits', async () => {
    const before = performance.now();
    const alive = 'WATCHDOG=1';
    expect(await heardBySystemd(nodeArgv(aliveCall), 3, { WATCHDOG_USEC: '600000' })).toEqual([alive, alive, alive]);
    expect(performance.now() - before).toBeGreaterThan(600);
  });

  it('starts nothing where nobody waits', async () => {
    const [program = '', ...argv] = nodeArgv(readyCall);
    const { stdout, stderr } = await promisify(execFile)(program, argv, { env: { PATH: '/nowhere' } });
    expect([stdout, stderr]).toEqual(['', '']);
  });
});
