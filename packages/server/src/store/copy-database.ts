import { chmodSync, closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { busyTimeoutMs } from './engines/sqlite.ts';

/** One moment of a database, into a new file with mode 0600; whoever has it open goes on meanwhile. Nothing that was deleted is in it. */
export function copyDatabase(from: string, to: string): void {
  closeSync(openSync(to, 'wx', 0o600));
  const db = new DatabaseSync(from, { readOnly: true, timeout: busyTimeoutMs });
  try {
    db.prepare('VACUUM INTO ?').run(to);
  } finally {
    db.close();
  }
  chmodSync(to, 0o600);
}
