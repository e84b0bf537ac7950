import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultRecorderBounds } from '../domain/operator/timeline.ts';
import { systemClock } from '../platform/clock.ts';
import { Recorder } from './recorder.ts';

/** A real one: what SQLite says there is nobody else's to invent. */
describe.runIf(process.getuid?.() === 0)('a full disk', () => {
  let disk: string;
  beforeEach(() => {
    disk = mkdtempSync(join(tmpdir(), 'landbridge-disk-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
  });
  afterEach(() => {
    execFileSync('umount', ['--lazy', disk]);
    rmSync(disk, { recursive: true, force: true });
  });

  it('loses lines, says so once, and harms nothing that is there', async () => {
    const logged: string[] = [];
    const recorder = new Recorder({
      folder: { find: () => disk },
      bounds: defaultRecorderBounds,
      gatewayOf: () => undefined,
      clock: systemClock,
      logger: pino({ level: 'info' }, { write: (line: string) => void logged.push(line) }),
    });
    const note = (text: string) => recorder.note({ subject: 'vpnx-a0000000', kind: 'event', text });
    const read = async () => {
      const question = { from: null, to: null, kinds: null, order: 'oldest-first', after: null, limit: 500 } as const;
      const { lines } = await recorder.page({ subject: 'vpnx-a0000000', ...question });
      return lines.map(({ text }) => text);
    };
    const condition = () => recorder.readConditions()[0];
    note('before');
    expect(await read()).toEqual(['before']);
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(join(disk, 'filler'), Buffer.alloc(bavail * bsize));
    for (let n = 0; n < 5; n++) {
      for (let line = 0; line < 20; line++) note(`lost ${'x'.repeat(4000)}`);
      await read();
    }
    expect(condition()).toMatchObject({ ok: false });
    expect(condition()?.message).toContain('lines of history were lost: database or disk is full');
    expect(logged.filter((line) => line.includes('loses lines'))).toHaveLength(1);
    rmSync(join(disk, 'filler'));
    note('after');
    const texts = await read();
    expect([texts[0], texts.at(-1)]).toEqual(['before', 'after']);
    expect(condition()).toMatchObject({ ok: true });
    await recorder.close();
  });
});
