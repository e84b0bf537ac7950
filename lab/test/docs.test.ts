import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { Readers } from '../src/pages/readers.ts';
import { pagesBefore, readingOrder } from '../src/pages/reading-order.ts';
import { readPage, type Page, type Step } from '../src/pages/page-steps.ts';

// Every command of the pages for users is typed as it stands there, in the order of its page, on a host where nothing is yet, or where the
// pages were gone through that this one goes on from (readers.ts).

const repository = fileURLToPath(new URL('../..', import.meta.url));
/** Neither generated, nor written for developers about how something is made. */
const notForUsers = /^docs\/(reference|findings|spec|adr|design)\//;

const pages = new Map<string, Page>();
for (const path of ['README.md', 'CONTRIBUTING.md', ...(await pagesBelow('docs'))])
  pages.set(path, readPage(path, await readFile(repository + path, 'utf8')));

const isTaken = ({ kind }: Step): boolean => kind !== 'not-run' && kind !== 'write';
const taken = new Map([...pages].filter(([, { steps }]) => steps.some(isTaken)));
const run = readingOrder(taken);

describe('what a page tells to type', () => {
  const readers = new Readers(pages);

  afterAll(() => readers.stop());

  it.each(run)('works as %s says', { timeout: 400_000 }, (path) => readers.follow(pagesBefore(pages, path), path));

  it('names nothing by an id that is another one at each host', () => {
    for (const [path, { steps }] of pages)
      for (const step of steps.filter(({ kind }) => kind === 'run' || kind === 'compare'))
        expect('text' in step ? step.text : '', `${path}:${step.line}`).not.toMatch(
          /\b(vpc|subnet|rtb|vpngw|cgw|vpnx|ccn|dcg)-(?=\w*\d)[a-z\d]{8}\b/,
        );
  });

  it('is told where it is not run, with the reason of the page', () => {
    const left = [...pages].flatMap(([path, { steps }]) =>
      steps.flatMap((step) => (step.kind === 'not-run' ? [`${path}:${step.line}: ${step.reason}`] : [])),
    );
    process.stdout.write(`${run.length} pages are run; ${left.length} blocks are not:\n${left.join('\n')}\n`);
    expect(run).toEqual(expect.arrayContaining(['docs/guides/first-tunnel.md', 'docs/operations/backup.md']));
  });
});

async function pagesBelow(folder: string): Promise<string[]> {
  const names = await readdir(repository + folder, { recursive: true });
  return names
    .map((name) => `${folder}/${name}`)
    .filter((path) => path.endsWith('.md') && !notForUsers.test(path))
    .sort();
}
