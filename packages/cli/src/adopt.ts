import { adopt as adoptDatabase } from '@landbridge/server/adopt';
import { canonicalPath } from '@landbridge/server/canonical-path';
import { printLines } from './output/print.ts';

interface AdoptOptions {
  readonly dataDir: string;
  readonly yes?: boolean;
}

/** `landbridge adopt`: says what going on means, and with `--yes` lets the service go on. */
export async function adopt(options: AdoptOptions): Promise<void> {
  const dataDir = canonicalPath(options.dataDir);
  const adoption = await adoptDatabase({ dataDir, confirmed: options.yes === true });
  printLines(adoption === null ? ['nothing is held'] : render(adoption, options));
}

function render(
  { reason, removed }: { readonly reason: string; readonly removed: readonly string[] },
  { yes }: AdoptOptions,
) {
  const losses = removed.length === 0 ? ['nothing'] : removed;
  return [
    reason,
    '',
    'Of the network goes, with every tunnel in it:',
    ...losses.map((id) => `  ${id}`),
    'Everything else becomes as the database has it.',
    '',
    yes === true
      ? 'Adopted: a service that holds goes on now; if none runs, start it.'
      : 'Nothing was done. To go on: the same command with --yes.',
  ];
}
