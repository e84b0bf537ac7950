import { canonicalPath } from '@landbridge/server/canonical-path';
import { restoreBackup, type Restoration } from '@landbridge/server/restore-backup';
import { resolve } from 'node:path';
import { readSecret } from './action/read-secret.ts';
import { textSources } from './action/text-sources.ts';
import { backupLines } from './output/backup-lines.ts';
import { printLines } from './output/print.ts';

interface RestoreFlags {
  readonly dataDir: string;
  readonly passphrase: string;
  readonly yes?: boolean;
}

/** `landbridge restore FILE`: says what is in a backup and what it would replace, and with `--yes` puts it there. */
export async function restore(file: string, flags: RestoreFlags): Promise<void> {
  const dataDir = canonicalPath(flags.dataDir);
  const sources = textSources({ input: process.stdin, output: process.stdout });
  const passphrase = await readSecret(flags.passphrase, 'passphrase', sources);
  const confirmed = flags.yes === true;
  const restoration = await restoreBackup({ dataDir, path: resolve(file), passphrase, confirmed });
  printLines([
    ...backupLines(restoration.content),
    '',
    replacedLine(restoration, dataDir),
    ...networkLines(restoration, dataDir),
    '',
    ...(confirmed
      ? doneLines(restoration)
      : ['Nothing was done. To do it: stop the service, then the same command with --yes.']),
  ]);
}

function replacedLine({ replaces }: Restoration, dataDir: string): string {
  if (replaces === 'nothing') return `In ${dataDir} is no database.`;
  if (replaces === 'another store') return `In ${dataDir} is the database of another installation.`;
  const { laterChanges } = replaces;
  if (laterChanges === 0) return `In ${dataDir} is the same database, without a change since.`;
  if (laterChanges < 0) return `In ${dataDir} is the same database, ${-laterChanges} changes older than the backup.`;
  return `In ${dataDir} is the same database with ${laterChanges} changes since the backup, which would be gone.`;
}

function networkLines({ unknownInNetwork }: Restoration, dataDir: string): readonly string[] {
  if (unknownInNetwork.length === 0) return [];
  return [
    'This host has gateways that the backup does not know. A service that finds them holds everything as it is,',
    `until \`landbridge adopt --data-dir ${dataDir}\` removes:`,
    ...unknownInNetwork.map((id) => `  ${id}`),
  ];
}

function doneLines({ keptIn }: Restoration): readonly string[] {
  return [
    'Restored: start the service.',
    ...(keptIn === null
      ? []
      : [`What was there is in ${keptIn}; it holds secrets: remove it when it is of no use any more.`]),
  ];
}
