import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Namespace } from '@landbridge/testbed/namespace';
import { ownNamespaces, temporaryDirectories } from './own-namespaces.ts';

const looks: readonly (readonly string[])[] = [
  ['ip', '-brief', 'address'],
  ['ip', 'rule'],
  ['ip', 'route', 'show', 'table', 'all', 'type', 'unicast'],
];

/** What every node of the lab looks like now, for a person who has to find out why a scenario failed. Never throws. */
export async function describeFailure(): Promise<string> {
  try {
    const nodes = await Promise.all((await ownNamespaces()).map(describeNamespace));
    return [...nodes, ...(await logTails())].join('\n');
  } catch (error) {
    return `(the state of the lab could not be read: ${String(error)})`;
  }
}

async function describeNamespace(namespace: Namespace): Promise<string> {
  const answers = await Promise.all(looks.map((argv) => namespace.run(argv)));
  return `== ${namespace.name}\n${answers.map(({ stdout }) => stdout).join('')}`;
}

async function logTails(): Promise<string[]> {
  const directories = await temporaryDirectories();
  const found = await Promise.all(directories.map((path) => readdir(path, { recursive: true }).catch(() => [])));
  const logs = directories.flatMap((path, index) =>
    (found[index] ?? []).filter((name) => name.endsWith('.log')).map((name) => join(path, name)),
  );
  return Promise.all(
    logs.map(async (path) => {
      const text = await readFile(path, 'utf8').catch(() => '');
      return `== ${path}\n${text
        .split('\n')
        .filter((line) => !/\[CHD\] +\d+: /.test(line))
        .slice(-25)
        .join('\n')}`;
    }),
  );
}
