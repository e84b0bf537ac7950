import { canonicalPath } from '@landbridge/server/canonical-path';
import { removeNetwork as removeInstalled } from '@landbridge/server/remove-network';
import { printLines } from './output/print.ts';

interface RemovalOptions {
  readonly dataDir: string;
  readonly yes?: boolean;
}

/** `landbridge remove-network`: says what would go, and with `--yes` takes it down. */
export async function removeNetwork({ dataDir, yes = false }: RemovalOptions): Promise<void> {
  const removed = await removeInstalled({ dataDir: canonicalPath(dataDir), confirmed: yes });
  printLines([
    `${yes ? 'Removed' : 'Would be removed'}, with every tunnel in it:`,
    ...(removed.length === 0 ? ['  nothing'] : removed.map((name) => `  ${name}`)),
    ...(yes ? [] : ['Nothing was done. To do it: stop the service, then the same command with --yes.']),
  ]);
}
