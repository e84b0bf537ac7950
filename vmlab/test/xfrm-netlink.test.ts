import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { runCommand } from '@landbridge/testbed/run-command';

// The same XFRM requests to the kernel and to uxfrm: packages/uxfrm/test/differential.

const root = fileURLToPath(new URL('../..', import.meta.url));
const uxfrm = `${root}packages/uxfrm/`;
const expectedDifferences = `${uxfrm}test/differential/expected-differences.json`;
const seed = process.env['LANDBRIDGE_XFRM_SEED'] ?? '1';
const randomCases = process.env['LANDBRIDGE_XFRM_CASES'] ?? '60';

interface ExpectedDifference {
  readonly name: string;
  readonly why: string;
}

async function compare(): Promise<string> {
  const program = `${uxfrm}build/test/differential/xfrm-differential`;
  const what = ['--uxfrm', `${uxfrm}build/uxfrm`, '--expected', expectedDifferences];
  const run = await runCommand([program, ...what, '--seed', seed, '--random', randomCases], { within: 120_000 });
  if (run.code !== 0) throw new Error(`differences:\n${run.stdout.slice(-20_000)}\n${run.stderr}`);
  return run.stdout;
}

it('uxfrm answers XFRM requests as the kernel does, but for the differences that are meant to be', async () => {
  const output = await compare();
  process.stdout.write(output);
  expect(output).toMatch(/ 0 of them vanished; 0 unexpected\n$/);
});

it('the differences that are meant to be are in the documentation', async () => {
  const differences = JSON.parse(await readFile(expectedDifferences, 'utf8')) as ExpectedDifference[];
  const page = await readFile(`${root}docs/design/uxfrm.md`, 'utf8');
  const documented = [...page.matchAll(/^\| (.+?) +\|/gm)].map((match) => match[1]);
  expect(differences.length).toBeGreaterThan(10);
  expect(differences.map(({ name }) => name).filter((name) => !documented.includes(name))).toEqual([]);
});
