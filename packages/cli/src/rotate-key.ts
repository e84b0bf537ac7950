import { canonicalPath } from '@landbridge/server/canonical-path';
import { replaceLostKey, type LostSecrets } from '@landbridge/server/replace-lost-key';
import { rotateKey as rotate } from '@landbridge/server/rotate-key';
import { secretsElsewhere } from '@landbridge/server/secrets-elsewhere';
import { printLines } from './output/print.ts';

interface RotateKeyOptions {
  readonly dataDir: string;
  readonly lost?: boolean;
  readonly yes?: boolean;
}

/** `landbridge rotate-key`: a new secret.key, and everything sealed with it; with `--lost` what is known without the old one. */
export function rotateKey({ dataDir: typed, lost = false, yes = false }: RotateKeyOptions): void {
  const dataDir = canonicalPath(typed);
  if (lost) {
    const secrets = replaceLostKey({ dataDir, known: secretsElsewhere(dataDir), confirmed: yes });
    printLines(lostLines(secrets, yes));
    return;
  }
  const count = rotate(dataDir);
  printLines([
    `${count} secrets are sealed with a new secret.key: start the service, and make a backup.`,
    'Temporary credentials that are out are worth nothing any more. Older backups have the older key in them.',
  ]);
}

/** What becomes of each kind, for people. */
export function lostLines({ preSharedKeys, accessKeys, webhooks }: LostSecrets, isDone: boolean): string[] {
  return [
    isDone
      ? 'There is a new secret.key. Of what the old one sealed:'
      : 'With a new secret.key, of what the old one sealed:',
    `  ${preSharedKeys.kept.length} pre-shared keys stay, which the agent has: their tunnels are negotiated anew`,
    ...each(preSharedKeys.lost, 'tunnel has another pre-shared key now, and is down until it has the one of its peer'),
    `  ${accessKeys.kept.length} access keys stay: the administrator's, from admin.json`,
    ...each(accessKeys.lost, 'access key is gone'),
    ...webhooks.map(({ id, url }) => `  ${id} is gone: the webhook at ${url}`),
    isDone
      ? 'Start the service, and make a backup.'
      : 'Nothing was done. To do it: stop the controller, then the same command with --yes.',
  ];
}

function each(ids: readonly string[], what: string): string[] {
  return ids.map((id) => `  ${id}: ${what}`);
}
