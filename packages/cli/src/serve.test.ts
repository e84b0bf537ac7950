import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hasSystemdNotify, heardBySystemd } from '@landbridge/server/testing/heard-by-systemd';
import { expect, it } from 'vitest';

const program = fileURLToPath(new URL('../../../landbridge', import.meta.url));

it.skipIf(!hasSystemdNotify)(
  'a service is ready before it is alive: systemd counts from the first sign on',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'landbridge-serve-'));
    try {
      const place = ['--data-dir', join(folder, 'data'), '--listen', '127.0.0.1:0'];
      // A sign each half second, and a start takes longer: one that came before would be there first.
      const said = await heardBySystemd([program, 'serve', '--data-plane', 'none', ...place], 4, {
        WATCHDOG_USEC: '1500000',
      });
      expect(said).toEqual(['READY=1', ...Array<string>(3).fill('WATCHDOG=1')]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
