import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { allActions, type CataloguedAction } from '@landbridge/catalogue/services';
import { areaPage } from './area-page.ts';
import { configurationPage } from './configuration-page.ts';
import { findingPages } from './finding-pages.ts';
import { openApi } from './openapi.ts';
import { errorsPage, indexPage, notOfferedPage } from './other-pages.ts';
import { siteFilePage } from './site-file-page.ts';

/**
 * `npm run reference` writes docs/reference and docs/findings from the catalogue, and the tables of docs/configuration.md from the
 * settings' schema; with `--check` it names what differs and writes nothing.
 */
const docs = fileURLToPath(new URL('../../docs/', import.meta.url));

const configurationFile = `${docs}configuration.md`;

const areas = new Map<string, CataloguedAction[]>();
for (const action of allActions) areas.set(action.area, [...(areas.get(action.area) ?? []), action]);

interface Folder {
  readonly name: string;
  readonly pages: ReadonlyMap<string, string>;
  /** Written by others. */
  readonly others: readonly string[];
}

const folders: readonly Folder[] = [
  {
    name: 'reference',
    pages: new Map<string, string>([
      ['README.md', indexPage(areas)],
      ['errors.md', errorsPage()],
      ['not-offered.md', notOfferedPage()],
      ['site-file.md', siteFilePage()],
      ['openapi.json', `${JSON.stringify(openApi(), null, 1)}\n`],
      ...[...areas].map(([area, actions]): [string, string] => [`${area}.md`, areaPage(area, actions)]),
    ]),
    others: [],
  },
  { name: 'findings', pages: findingPages(), others: ['faults.md'] },
];

async function differing({ name: folder, pages, others }: Folder): Promise<string[]> {
  const strange = (await filesIn(folder)).filter((name) => !pages.has(name) && !others.includes(name));
  const different: string[] = [];
  for (const [name, text] of pages) {
    if ((await readFile(`${docs}${folder}/${name}`, 'utf8').catch(() => '')) !== text) different.push(name);
  }
  return [...strange, ...different].map((name) => `docs/${folder}/${name}`);
}

function filesIn(folder: string): Promise<string[]> {
  return readdir(docs + folder).catch(() => []);
}

async function writeFolder({ name: folder, pages, others }: Folder): Promise<void> {
  await mkdir(docs + folder, { recursive: true });
  for (const name of await filesIn(folder)) if (!others.includes(name)) await rm(`${docs}${folder}/${name}`);
  for (const [name, text] of pages) await writeFile(`${docs}${folder}/${name}`, text);
}

/** As it is, and as it should be. */
async function configuration(): Promise<readonly [string, string]> {
  const there = await readFile(configurationFile, 'utf8');
  const style = await resolveConfig(configurationFile);
  return [there, await format(configurationPage(there), { ...style, parser: 'markdown' })];
}

async function write(): Promise<void> {
  await writeFile(configurationFile, (await configuration())[1]);
  for (const folder of folders) await writeFolder(folder);
}

if (process.argv.includes('--check')) {
  const wrong = (await Promise.all(folders.map(differing))).flat();
  for (const name of wrong) console.error(`${name} is not what the catalogue says: npm run reference`);
  const [there, wanted] = await configuration();
  if (there !== wanted) console.error("docs/configuration.md is not what the settings' schema says: npm run reference");
  process.exitCode = wrong.length === 0 && there === wanted ? 0 : 1;
} else {
  await write();
}
