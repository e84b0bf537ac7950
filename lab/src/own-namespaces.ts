import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Namespace, namespaceNames } from '@landbridge/testbed/namespace';

/** Where a lab keeps its lock and its temporary directories; short, because unix socket paths end at 107 bytes. */
export const labFolder = '/var/lib/landbridge-lab';

export const temporaryPrefix = `${labFolder}/tmp-`;

/** The namespace that plays the server's machine. */
export const hostNamespaceName = 'lab-host';

/** Where the lab's server keeps its data, inside a temporary directory. */
export function dataDirectoryIn(temporaryDirectory: string): string {
  return join(temporaryDirectory, 'data');
}

export async function temporaryDirectories(): Promise<string[]> {
  const names = await readdir(labFolder).catch(() => []);
  return names.map((name) => join(labFolder, name)).filter((path) => path.startsWith(temporaryPrefix));
}

/**
 * The lab's namespaces: its own `lab-…`, and those `lb-…` that its server made. A server marks its namespaces with a digest of its
 * data directory (the alias of their loopback device), so that several on one machine never take each other's.
 */
export async function ownNamespaces(): Promise<Namespace[]> {
  const names = await namespaceNames();
  const marks = new Set((await temporaryDirectories()).map((path) => markOf(dataDirectoryIn(path))));
  const made = names.filter((name) => name.startsWith('lb-')).map((name) => new Namespace(name));
  const found = await Promise.all(made.map(async (namespace) => marks.has(await readMark(namespace))));
  return [
    ...names.filter((name) => name.startsWith('lab-')).map((name) => new Namespace(name)),
    ...made.filter((_, index) => found[index]),
  ];
}

function markOf(dataDirectory: string): string {
  return `landbridge-${createHash('sha256').update(dataDirectory).digest('hex').slice(0, 12)}`;
}

async function readMark(namespace: Namespace): Promise<string> {
  const links = await namespace.ipJson('link', 'show', 'dev', 'lo').catch(() => []);
  return String(links[0]?.['ifalias']);
}
