import { canonicalPath } from '@landbridge/server/canonical-path';
import { makeBackup } from '@landbridge/server/make-backup';
import { resolve } from 'node:path';
import { readSecret } from './action/read-secret.ts';
import { textSources } from './action/text-sources.ts';
import { backupLines } from './output/backup-lines.ts';
import { printLines } from './output/print.ts';

interface BackupFlags {
  readonly dataDir: string;
  readonly passphrase: string;
}

const leastCharacters = 12;

/** `landbridge backup FILE`: what is stored, sealed, while the service runs or not. */
export async function backup(file: string, { dataDir, passphrase: source }: BackupFlags): Promise<void> {
  const sources = textSources({ input: process.stdin, output: process.stdout });
  const passphrase = await readSecret(source, 'passphrase', sources);
  if (passphrase.length < leastCharacters)
    throw new Error(
      `the passphrase needs ${leastCharacters} characters: whoever has the file can try as many as he likes`,
    );
  // A slip of the finger would show when it is too late.
  if (source === '-' && sources.ask !== undefined && (await sources.ask('once more: ')) !== passphrase)
    throw new Error('the two passphrases differ');
  const path = resolve(file);
  const content = await makeBackup({ dataDir: canonicalPath(dataDir), path, passphrase });
  printLines([...backupLines(content), `written to ${path}; without the passphrase nobody can open it, you neither`]);
}
