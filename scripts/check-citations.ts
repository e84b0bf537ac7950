import { readFile, readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { wrongCitations } from './citations.ts';

/** `make check`: names what comments and pages cite and what is not there. */
const root = fileURLToPath(new URL('..', import.meta.url));
const notOurs = /(?:^|\/)node_modules$|^(?:\.git|packages\/uxfrm\/(?:build.*|fuzz\/corpus))$/;
const isBuilt = /^packages\/[^/]+\/dist\//;
const cites = /(?:\.(?:ts|md|sh|cjs|js|cpp|h)|\/Makefile|^Makefile)$/;

interface Entry {
  /** From the root. */
  readonly path: string;
  readonly isFile: boolean;
}

/** All files and folders below `folder`, but what is not ours. */
async function entriesBelow(folder: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const entry of await readdir(root + folder, { withFileTypes: true })) {
    const path = folder + entry.name;
    if (notOurs.test(path)) continue;
    entries.push({ path, isFile: entry.isFile() });
    if (entry.isDirectory()) entries.push(...(await entriesBelow(`${path}/`)));
  }
  return entries;
}

const entries = await entriesBelow('');
const citing = entries.filter(
  ({ path, isFile }) => isFile && cites.test(path) && !isBuilt.test(path) && !path.startsWith('scripts/citations'),
);
const texts = new Map<string, string>();
for (const { path } of citing) texts.set(path, await readFile(root + path, 'utf8'));
const { scripts } = JSON.parse(await readFile(`${root}package.json`, 'utf8')) as { scripts: Record<string, string> };
const targets = citing
  .filter(({ path }) => basename(path) === 'Makefile')
  .flatMap(({ path }) => [...(texts.get(path) ?? '').matchAll(/^([a-z][\w-]*):/gm)].map(([, target]) => target ?? ''));

const wrong = wrongCitations({
  texts,
  paths: new Set(entries.map(({ path }) => path)),
  npmScripts: new Set(Object.keys(scripts)),
  makeTargets: new Set(targets),
});
for (const { path, line, problem } of wrong) console.error(`${path}:${line}: ${problem}`);
process.exitCode = wrong.length === 0 ? 0 : 1;
