import { access, constants, statfs } from 'node:fs/promises';
import type { Condition } from '../domain/operator/condition.ts';

/** With less, a change may already find no room for its part of SQLite's log. */
const leastFreeBytes = 16 * 1024 * 1024;

/** Whether changes can still be stored. */
export async function diskCondition(dataDir: string): Promise<Condition> {
  try {
    await access(dataDir, constants.W_OK);
  } catch (error) {
    return {
      name: 'disk',
      ok: false,
      message: `${dataDir} cannot be written (${codeOf(error)}): changes are refused, and gateways go on`,
    };
  }
  const { bavail, bsize } = await statfs(dataDir);
  const freeBytes = bavail * bsize;
  const ok = freeBytes >= leastFreeBytes;
  const message = `only ${freeBytes} bytes are free on the disk of ${dataDir}: when it is full, changes are refused, and gateways go on`;
  return { name: 'disk', ok, message: ok ? '' : message };
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
