import { existsSync, readFileSync, unwatchFile, watchFile } from 'node:fs';
import { checkLogLevels, type LogLevels } from '../domain/operator/log-words.ts';
import { installationOf } from '../drivers/netns.ts';
import { describeError } from '../platform/describe-error.ts';
import type { Log } from '../platform/logger.ts';
import { replaceFile } from '../platform/replace-file.ts';
import { seamFolder } from '../seam/seam-socket.ts';

/**
 * Levels of the log while the service runs: a file in the folder below /run that root alone can write to. Both processes look at it, each
 * by itself: it needs neither of them to hear the other, nor calls to be answered. What a process did not see change is of another life of
 * it: after a restart everything is as configured.
 */
const lookMs = 1000;

function fileOf(folder: string): string {
  return `${folder}/log-levels.json`;
}

/** For whoever runs now. Throws where no agent has run. */
export function writeLogLevels(dataDir: string, levels: LogLevels): void {
  const folder = seamFolder(installationOf(dataDir));
  if (!existsSync(folder)) throw new Error(`no agent runs for ${dataDir}: there is no ${folder}`);
  // The controller's user reads it.
  replaceFile(fileOf(folder), JSON.stringify(levels), { mode: 0o644 });
}

/** Until the signal aborts. */
export function followLogLevels(dataDir: string, log: Log, signal: AbortSignal): void {
  const file = fileOf(seamFolder(installationOf(dataDir)));
  const look = ({ ino }: { readonly ino: number }) => {
    try {
      log.setLevels(ino === 0 ? {} : checkLogLevels(JSON.parse(readFileSync(file, 'utf8'))));
    } catch (error) {
      log.of.service.warn({ file, error: describeError(error) }, 'log levels stay as they are');
    }
  };
  watchFile(file, { interval: lookMs, persistent: false }, look);
  signal.addEventListener('abort', () => unwatchFile(file, look));
}
