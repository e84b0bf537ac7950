import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { canonicalPath } from '@landbridge/server/canonical-path';
import { loadInstallation } from '@landbridge/server/settings';
import { uninstall as uninstallHere, type Uninstallation } from '@landbridge/server/uninstall';
import { printLines } from './output/print.ts';
import { hostLines } from './remove-network.ts';

interface UninstallFlags {
  readonly config: string;
  readonly dataDir?: string;
  readonly data?: boolean;
  readonly yes?: boolean;
}

const program = canonicalPath(fileURLToPath(new URL('../../../', import.meta.url)));

/** `landbridge uninstall`: says what would go and what stays, and with `--yes` takes it off this host. */
export async function uninstall({ config, data = false, yes = false, ...flags }: UninstallFlags): Promise<void> {
  const configFile = existsSync(config) ? canonicalPath(config) : null;
  const given = flags.dataDir === undefined ? {} : { dataDir: flags.dataDir };
  const installation = loadInstallation({ flags: given, ...(configFile !== null && { configFile }) });
  const dataDir = canonicalPath(installation.dataDir);
  const done = await uninstallHere({
    ...{ dataDir, configFile, program, user: installation.user },
    ...{ withData: data, confirmed: yes },
  });
  printLines([
    yes ? 'Uninstalled. Removed:' : 'Would be removed:',
    ...goneLines(done),
    ...(done.kept.length === 0 ? [] : ['It stays:', ...done.kept.map((line) => `  ${line}`)]),
    ...(yes ? [] : ['Nothing was done. To do it: the same command with --yes.']),
  ]);
}

function goneLines({ network, services, files }: Uninstallation): string[] {
  const lines = [
    ...services.map((name) => `service ${name}`),
    ...network.netns.map((id) => `${id}, with every tunnel in it`),
    ...files,
  ];
  return [...(lines.length === 0 ? ['nothing'] : lines).map((line) => `  ${line}`), ...hostLines(network.host)];
}
