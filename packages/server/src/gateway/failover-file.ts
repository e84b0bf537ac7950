import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '../platform/logger.ts';
import type { FailoverMemory } from './failover-memory.ts';

/** In a gateway's run directory; gone with the gateway. A file that cannot be read counts as none. */
export function failoverFile(runDirectory: string, logger: Logger): FailoverMemory {
  const path = join(runDirectory, 'failover.json');
  return {
    read: () => {
      try {
        return JSON.parse(readFileSync(path, 'utf8')) as ReturnType<FailoverMemory['read']>;
      } catch {
        return {};
      }
    },
    write: (tunnels) => {
      try {
        mkdirSync(runDirectory, { recursive: true, mode: 0o700 });
        writeFileSync(`${path}.new`, JSON.stringify(tunnels), { mode: 0o600 });
        renameSync(`${path}.new`, path);
      } catch (error) {
        // A full disk holds up no failover; a restarted control plane then knows an older state.
        logger.warn({ path, error: (error as Error).message }, 'which tunnels are usable could not be noted');
      }
    },
  };
}
