import { canonicalPath } from '@landbridge/server/canonical-path';
import { removeNetwork as removeInstalled, type Removal } from '@landbridge/server/remove-network';
import { loadInstallation } from '@landbridge/server/settings';
import { printLines } from './output/print.ts';

interface RemovalOptions {
  readonly dataDir?: string;
  readonly config?: string;
  readonly yes?: boolean;
}

/** `landbridge remove-network`: says what would go, and with `--yes` takes it down. */
export async function removeNetwork({ dataDir, config, yes = false }: RemovalOptions): Promise<void> {
  const flags = dataDir === undefined ? {} : { dataDir };
  const installation = loadInstallation({ flags, ...(config !== undefined && { configFile: config }) });
  const { netns, host } = await removeInstalled({ dataDir: canonicalPath(installation.dataDir), confirmed: yes });
  printLines([
    `${yes ? 'Removed' : 'Would be removed'}, with every tunnel in it:`,
    ...(netns.length === 0 ? ['  nothing'] : netns.map((name) => `  ${name}`)),
    ...hostLines(host),
    ...(yes ? [] : ['Nothing was done. To do it: stop the service, then the same command with --yes.']),
  ]);
}

/** What becomes of the host's own settings, for people. */
export function hostLines({ settings, left }: Removal['host']): string[] {
  const lines = (values: Readonly<Record<string, string>>) =>
    Object.entries(values).map(([name, value]) => `  ${name} = ${value}`);
  return [
    ...(Object.keys(settings).length === 0 ? [] : ['Settings of the host go back:', ...lines(settings)]),
    ...(Object.keys(left).length === 0 ? [] : ['Somebody changed these since, so that they stay:', ...lines(left)]),
  ];
}
