import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { withInterruption } from './interruption.ts';
import { runInPrivateLab } from './private-lab.ts';
import { longestFirst } from './test-order.ts';
import { sumOf, tallyLine, tallyOf, type Tally } from './test-tally.ts';

// `run-tests.ts PROJECT …`: a vitest project, each file in a lab of its own and LANDBRIDGE_LAB_WORKERS of them side by side (three for
// two processors, unless told otherwise, since a file waits for two thirds of its time; 1: all files in one lab). The few that fail
// beside others run once more by themselves. Further arguments go to vitest, such as a file name or `-t 'a title'`.

const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
const [project = '', ...parameters] = process.argv.slice(2);
const workers = wantedWorkers(process.env['LANDBRIDGE_LAB_WORKERS']);

function wantedWorkers(text = String(Math.floor(availableParallelism() * 1.5))): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new Error(`LANDBRIDGE_LAB_WORKERS: ${text} is not a whole number above 0`);
}

function vitestRun(more: readonly string[]): string[] {
  return [vitest, 'run', '--project', project, ...more];
}

async function runTests(signal: AbortSignal): Promise<number> {
  const files = workers > 1 ? await chosenFiles() : [];
  if (files.length < 2) return runInPrivateLab(vitestRun(parameters), { signal });
  const tally = await runSideBySide(files, signal);
  process.stdout.write(`\n${tallyLine(tally)}\n`);
  return tally.failed === 0 ? 0 : 1;
}

/** Paths of the test files that the parameters choose. */
async function chosenFiles(): Promise<string[]> {
  const argv = [vitest, 'list', '--filesOnly', '--json', '--project', project, ...parameters];
  const { stdout } = await promisify(execFile)(process.execPath, argv);
  return (JSON.parse(stdout) as { readonly file: string }[]).map(({ file }) => file);
}

interface FileRun {
  readonly file: string;
  readonly tally: Tally;
}

/** Files that failed beside others and are run once more by themselves: that counts, and is said. */
const mostAgain = 3;

async function runSideBySide(files: readonly string[], signal: AbortSignal): Promise<Tally> {
  const { parseCLI } = await import('vitest/node');
  const { filter } = parseCLI(['vitest', ...vitestRun(parameters).slice(1)]);
  const options = parameters.filter((parameter) => !filter.includes(parameter));
  const run = async (file: string): Promise<FileRun> => ({ file, tally: await runFile(file, options, signal) });
  const runs = await mapWithWorkers(longestFirst(files), workers, run);
  const failed = runs.filter(({ tally }) => tally.failed > 0);
  // Where many fail it is not for want of processors.
  const again = failed.length <= mostAgain ? await mapWithWorkers(failed, 1, ({ file }) => run(file)) : [];
  for (const { file } of again.filter(({ tally }) => tally.failed === 0)) {
    process.stdout.write(`\nfailed beside others, passed by itself: ${relative(process.cwd(), file)}\n`);
  }
  const counted = new Map([...runs, ...again].map(({ file, tally }) => [file, tally]));
  return sumOf([...counted.values()]);
}

/** In a lab of its own; prints what it wrote when it has ended, or is ended. */
async function runFile(file: string, options: readonly string[], signal: AbortSignal): Promise<Tally> {
  let output = '';
  const onOutput = (text: string): void => void (output += text);
  const colour = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {};
  try {
    const code = await runInPrivateLab(vitestRun([file, ...options]), { onOutput, signal, environment: colour });
    return tallyOf(output, code);
  } catch (error) {
    if (signal.aborted) throw error;
    onOutput(`${file}: ${messageOf(error)}\n`);
    return tallyOf(output, 1);
  } finally {
    process.stdout.write(output);
  }
}

/** As Promise.all over `items`, at most `count` of them at a time, begun in their order. */
async function mapWithWorkers<T, R>(items: readonly T[], count: number, map: (item: T) => Promise<R>): Promise<R[]> {
  const rest = items.values();
  const results: R[] = [];
  const work = async (): Promise<void> => {
    for (const item of rest) results.push(await map(item));
  };
  await Promise.all(Array.from({ length: count }, work));
  return results;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

process.exitCode = await withInterruption(runTests).catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  return 1;
});
