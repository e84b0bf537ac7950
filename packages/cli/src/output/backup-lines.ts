import type { BackupContent } from '@landbridge/server/backup-content';

/** What a backup is, for people. */
export function backupLines({ madeAt, host, version, store, counts }: BackupContent): string[] {
  const rows = Object.entries(counts).map(([table, count]) => `${count} ${table.replaceAll('_', ' ')}`);
  return [
    `Backup of ${madeAt}, from ${host}, by Landbridge ${version}`,
    `  database ${store.storeId ?? 'without an id'}, change ${store.serial}`,
    `  ${rows.join(', ')}`,
  ];
}
