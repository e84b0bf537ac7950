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
  const goes = isDone ? 'is gone' : 'would be gone';
  const other = isDone ? 'has another pre-shared key now' : 'would get another pre-shared key';
  return [
    isDone
      ? 'There is a new secret.key. Of what the old one sealed:'
      : 'With a new secret.key, of what the old one sealed:',
    `  ${preSharedKeys.kept.length} pre-shared keys stay, which the agent has: their tunnels are negotiated anew`,
    ...preSharedKeys.lost.map((id) => `  ${id} ${other}: a tunnel that is down until it has the one of its peer`),
    `  ${accessKeys.kept.length} access keys stay: the administrator's, from admin.json`,
    ...accessKeys.lost.map((id) => `  access key ${id} ${goes}`),
    ...webhooks.map(({ id, url }) => `  ${id} ${goes}: the webhook at ${url}`),
    'Temporary credentials that are out are worth nothing any more.',
    isDone
      ? 'Start the service, and make a backup.'
      : 'Nothing was done. To do it: stop the controller, then the same command with --yes.',
  ];
}
