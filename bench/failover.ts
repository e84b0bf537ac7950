import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runNodeIn, withHostNamespace } from '../lab/src/enter-host-namespace.ts';
import type { FailoverMessage } from './failover-process.ts';

// `npm run bench:failover`: how long packets stay away when tunnel 1 of two fails; writes failover-results.json beside this file.

const { values } = parseArgs({ options: { repetitions: { type: 'string', default: '20' } } });
const script = fileURLToPath(new URL('failover-process.ts', import.meta.url));
let last: FailoverMessage | undefined;

try {
  await withHostNamespace((host, signal) =>
    runNodeIn(host, [script, values.repetitions], {
      signal,
      onMessage: (message) => {
        last = message as FailoverMessage;
        if (last.kind !== 'results') process.stderr.write(`${last.line}\n`);
      },
    }),
  );
  if (last?.kind !== 'results') throw new Error('the measurement ended without a result');
  const file = fileURLToPath(new URL('failover-results.json', import.meta.url));
  await writeFile(file, `${JSON.stringify(last.results, null, 2)}\n`);
  for (const { name, p50Ms, p99Ms, samplesMs } of last.results) {
    process.stdout.write(`${name}: p50 ${p50Ms} ms, p99 ${p99Ms} ms, of ${samplesMs.length}\n`);
  }
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
