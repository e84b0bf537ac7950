import { expect, it } from 'vitest';
import { isStoredHere } from './store-files.ts';

it.each([
  ...['landbridge.db', 'landbridge.db-wal', 'landbridge.db-shm', 'landbridge.db-journal', 'secret.key'],
  ...['secret.key.next', 'admin.json', 'replaced-2026-11-28T09-00-00.000Z', '.landbridge-restore-x1y2z3'],
])('%s is the store’s', (name) => expect(isStoredHere(name)).toBe(true));

it.each(['monday.age', 'landbridge.db.age', 'replaced-by-me', 'secret.key.bak', 'lost+found', 'landbridge'])(
  '%s is somebody else’s',
  (name) => expect(isStoredHere(name)).toBe(false),
);
