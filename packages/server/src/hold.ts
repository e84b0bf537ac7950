import { readFileSync, statSync } from 'node:fs';
import { buildHeldApi } from './http/held-api.ts';
import type { SystemFacts } from './api/actions/operator/system-status.ts';
import type { Settings } from './config/settings.ts';
import type { Clock } from './platform/clock.ts';
import type { IdSource } from './platform/ids.ts';
import type { Logger } from './platform/logger.ts';
import { describeHold, networkRecordOf, reasonToHold } from './reason-to-hold.ts';
import { storeFiles } from './store/store-files.ts';

export interface HoldOptions {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
  readonly system: Omit<SystemFacts, 'readConditions'>;
  readonly signal: AbortSignal;
  readonly onListening: (url: string) => void;
}

const lookMs = 1000;

/**
 * Returns once nothing speaks against taking the database for the truth, or when the signal aborts; until then the API says
 * what does. Whatever ends it is noticed by itself: a volume that is mounted, files that are restored, `landbridge adopt`.
 */
export async function whileHeld(options: HoldOptions): Promise<void> {
  const { settings, clock, ids, logger, system, signal, onListening } = options;
  const { dataDir, listen } = settings;
  // Seen before it is judged: what changes while it is judged is looked at again.
  let seen = appearance(dataDir);
  let reason = await reasonToHold({ dataDir });
  if (reason === null) return;
  const files = storeFiles(dataDir);
  const readConditions = () => [
    { name: 'store', ok: false, message: reason === null ? '' : describeHold(reason, dataDir) },
  ];
  const administratorKey = () => readAdministratorKey(files.administratorKey);
  const api = buildHeldApi({ clock, ids, system: { ...system, readConditions }, administratorKey });
  try {
    onListening(await api.listen({ host: listen.host, port: listen.port }));
    while (reason !== null) {
      logger.error({ reason: describeHold(reason, dataDir) }, 'everything is held as it is');
      while (appearance(dataDir) === seen) {
        await clock.delay(lookMs, signal).catch(() => undefined);
        if (signal.aborted) return;
      }
      seen = appearance(dataDir);
      reason = await reasonToHold({ dataDir });
    }
    logger.info({ dataDir }, 'nothing is held any more');
  } finally {
    await api.close();
  }
}

/** Changes when the files that decide do. */
function appearance(dataDir: string): string {
  const files = storeFiles(dataDir);
  const marks = [dataDir, files.database, files.key].map((path) => {
    const status = statSync(path, { throwIfNoEntry: false });
    return status && [status.dev, status.ino, status.size, status.mtimeMs];
  });
  return JSON.stringify([marks, networkRecordOf(dataDir).read()]);
}

function readAdministratorKey(path: string): { readonly secretId: string; readonly secretKey: string } | null {
  try {
    const { secretId, secretKey } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    return typeof secretId === 'string' && typeof secretKey === 'string' ? { secretId, secretKey } : null;
  } catch {
    return null;
  }
}
