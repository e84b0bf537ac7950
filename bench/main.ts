import { readFile, writeFile } from 'node:fs/promises';
import { cpus, release } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { partNames, type PartName } from './part-names.ts';
import { runPartSomewhere } from './parts.ts';
import { benchPrograms, requirePrograms } from './required-programs.ts';
import { resultsTable, type BenchResults } from './results.ts';

// `npm run bench`: measures, writes results.json beside this file and prints tables. What `--only` leaves out stays as it was.

const { values } = parseArgs({
  allowNegative: true,
  options: {
    only: { type: 'string' },
    repetitions: { type: 'string', default: process.env['BENCH_REPETITIONS'] ?? '20' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    tunnels: { type: 'string', default: '100,300,1000' },
    gateways: { type: 'string', default: '20,100' },
    failover: { type: 'boolean', default: true },
    output: { type: 'string', default: fileURLToPath(new URL('results.json', import.meta.url)) },
  },
});

/** What each part is asked for. */
const request = {
  repetitions: wholeNumber('repetitions', values.repetitions),
  rounds: wholeNumber('rounds', values.rounds),
  seconds: wholeNumber('seconds', values.seconds),
  scale: {
    tunnels: wholeNumbers('tunnels', values.tunnels),
    gateways: wholeNumbers('gateways', values.gateways),
    failover: values.failover,
  },
};

/** With commas; an empty text for none. */
function wholeNumbers(name: string, text: string): number[] {
  return text.split(',').flatMap((part) => (part === '' ? [] : [wholeNumber(name, part)]));
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`--${name}: ${text} is not a whole number above 0`);
}

function chosenParts(): readonly PartName[] {
  const { only } = values;
  if (only === undefined) return partNames;
  const chosen = partNames.find((name) => name === only);
  if (chosen === undefined) throw new Error(`--only: ${only} is none of ${partNames.join(', ')}`);
  return [chosen];
}

async function measure(name: PartName): Promise<BenchResults> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const started = performance.now();
  const measured = await runPartSomewhere(name, request, say);
  const part = {
    at: new Date().toISOString(),
    seconds: Math.round((performance.now() - started) / 1000),
    repetitions: request.repetitions,
    machine: { cpu: cpus()[0]?.model ?? '', cores: cpus().length, kernel: release(), node: process.version },
    measured,
  };
  return { [name]: part };
}

async function readResults(): Promise<BenchResults> {
  const text = await readFile(values.output, 'utf8').catch(() => '{}');
  return JSON.parse(text) as BenchResults;
}

try {
  requirePrograms(benchPrograms);
  for (const name of chosenParts()) {
    // After each part, so that an interruption costs one.
    const results = { ...(await readResults()), ...(await measure(name)) };
    await writeFile(values.output, `${JSON.stringify(results, null, 2)}\n`);
  }
  process.stdout.write(`${resultsTable(await readResults())}\n`);
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
