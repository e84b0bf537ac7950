import { canonicalPath } from '@landbridge/server/canonical-path';
import { rotateKey as rotate } from '@landbridge/server/rotate-key';
import { printLines } from './output/print.ts';

/** `landbridge rotate-key`: a new secret.key, and everything sealed with it. */
export function rotateKey({ dataDir }: { readonly dataDir: string }): void {
  const count = rotate(canonicalPath(dataDir));
  printLines([
    `${count} secrets are sealed with a new secret.key: start the service, and make a backup.`,
    'Temporary credentials that are out are worth nothing any more. Older backups have the older key in them.',
  ]);
}
