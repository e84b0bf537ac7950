import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { allActions, type CataloguedAction } from '@landbridge/catalogue/services';
import { areaPage } from './area-page.ts';
import { configurationPage } from './configuration-page.ts';
import { openApi } from './openapi.ts';
import { errorsPage, indexPage, notOfferedPage } from './other-pages.ts';
import { siteFilePage } from './site-file-page.ts';

/**
 * `npm run reference` writes docs/reference from the catalogue, and the tables of docs/configuration.md from the settings' schema; with
 * `--check` it names what differs and writes nothing.
 */
const folder = fileURLToPath(new URL('../../docs/reference/', import.meta.url));

const configurationFile = fileURLToPath(new URL('../../docs/configuration.md', import.meta.url));

const areas = new Map<string, CataloguedAction[]>();
for (const action of allActions) areas.set(action.area, [...(areas.get(action.area) ?? []), action]);

const pages = new Map<string, string>([
  ['README.md', indexPage(areas)],
  ['errors.md', errorsPage()],
  ['not-offered.md', notOfferedPage()],
  ['site-file.md', siteFilePage()],
  ['openapi.json', `${JSON.stringify(openApi(), null, 1)}\n`],
  ...[...areas].map(([area, actions]): [string, string] => [`${area}.md`, areaPage(area, actions)]),
]);

async function differing(): Promise<string[]> {
  const there = await readdir(folder).catch(() => []);
  const strange = there.filter((name) => !pages.has(name));
  const different: string[] = [];
  for (const [name, text] of pages) {
    if ((await readFile(folder + name, 'utf8').catch(() => '')) !== text) different.push(name);
  }
  return [...strange, ...different];
}

/** As it is, and as it should be. */
async function configuration(): Promise<readonly [string, string]> {
  const there = await readFile(configurationFile, 'utf8');
  const style = await resolveConfig(configurationFile);
  return [there, await format(configurationPage(there), { ...style, parser: 'markdown' })];
}

async function write(): Promise<void> {
  await writeFile(configurationFile, (await configuration())[1]);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [name, text] of pages) await writeFile(folder + name, text);
}

if (process.argv.includes('--check')) {
  const wrong = await differing();
  for (const name of wrong) console.error(`docs/reference/${name} is not what the catalogue says: npm run reference`);
  const [there, wanted] = await configuration();
  if (there !== wanted) console.error("docs/configuration.md is not what the settings' schema says: npm run reference");
  process.exitCode = wrong.length === 0 && there === wanted ? 0 : 1;
} else {
  await write();
}
