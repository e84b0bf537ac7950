import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { NewcomerHost } from '../src/pages/newcomer-host.ts';
import { PageError, readPage, type Page, type Step } from '../src/pages/page-steps.ts';

// Every command of the pages for users is typed as it stands there, in the order of its page, on a host where nothing is yet.

const repository = fileURLToPath(new URL('../..', import.meta.url));
/** Neither generated, nor written for developers about how something is made. */
const notForUsers = /^docs\/(reference|findings|spec|adr|design)\//;

const pages = new Map<string, Page>();
for (const path of ['README.md', 'CONTRIBUTING.md', ...(await pagesBelow('docs'))])
  pages.set(path, readPage(path, await readFile(repository + path, 'utf8')));

const isTaken = ({ kind }: Step): boolean => kind !== 'not-run' && kind !== 'write';
const run = [...pages].filter(([, { steps }]) => steps.some(isTaken)).map(([path]) => path);

describe('what a page tells to type', () => {
  it.each(run)('works as %s says', { timeout: 400_000 }, async (path) => {
    const host = await NewcomerHost.start();
    try {
      for (const page of [...before(path), path]) await follow(host, page);
      const log = await host.serviceLog();
      for (const key of await host.keys()) expect(log).not.toContain(key);
    } finally {
      await host.stop();
    }
  });

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

async function follow(host: NewcomerHost, path: string): Promise<void> {
  for (const step of pages.get(path)?.steps ?? []) {
    await host.take(step).catch((error: unknown) => {
      const typed = 'text' in step ? step.text : '';
      throw new PageError(path, step.line, `${typed}\n${error instanceof Error ? error.message : String(error)}`);
    });
  }
}

/** Pages that a reader has gone through before, the first one first. */
function before(path: string): string[] {
  const page = pages.get(path);
  if (page === undefined) throw new Error(`there is no page ${path}`);
  return page.goesOnFrom === null ? [] : [...before(page.goesOnFrom), page.goesOnFrom];
}

async function pagesBelow(folder: string): Promise<string[]> {
  const names = await readdir(repository + folder, { recursive: true });
  return names
    .map((name) => `${folder}/${name}`)
    .filter((path) => path.endsWith('.md') && !notForUsers.test(path))
    .sort();
}
