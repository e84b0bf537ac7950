import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runNodeIn, withHostNamespace } from '../lab/src/enter-host-namespace.ts';
import type { BenchMessage, BenchRequest } from './bench-process.ts';
import { resultsTable, type BenchResults } from './results.ts';

// `npm run bench`: measures side by side in one run, writes results.json beside this file and prints a table.

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    repetitions: { type: 'string', default: '20' },
  },
});
const request: BenchRequest = {
  rounds: Number(values.rounds),
  seconds: Number(values.seconds),
  repetitions: Number(values.repetitions),
};

async function measure(): Promise<BenchResults> {
  let last: BenchMessage | undefined;
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const onMessage = (message: unknown): void => {
    const said = message as BenchMessage;
    if (said.kind === 'progress') say(said.line);
    else last = said;
  };
  const script = fileURLToPath(new URL('bench-process.ts', import.meta.url));
  await withHostNamespace((host, signal) => runNodeIn(host, [script, JSON.stringify(request)], { onMessage, signal }), {
    onProgress: say,
  });
  if (last?.kind === 'results') return last.results;
  throw new Error(last?.kind === 'failure' ? last.message : 'the bench ended without a result');
}

try {
  const results = await measure();
  const file = fileURLToPath(new URL('results.json', import.meta.url));
  await writeFile(file, `${JSON.stringify(results, null, 2)}\n`);
  process.stdout.write(`${resultsTable(results)}\n${results.notes.join('\n')}\n`);
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
