import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { PartName } from './part-names.ts';
import type { PartRequest, Say } from './part-process.ts';

const run = fileURLToPath(new URL('../vmlab/run', import.meta.url));
const script = fileURLToPath(new URL('print-part.ts', import.meta.url));

/** In front of the line of print-part.ts that has the result. */
export const resultMark = 'result ';

/** Runs one part of the bench in a virtual machine whose kernel has ESP, and returns what it measured there. */
export async function runPartInMachine(name: PartName, request: PartRequest, say: Say): Promise<unknown> {
  const child = spawn(run, ['node', script, name, JSON.stringify(request)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let result: string | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith(resultMark)) result = line.slice(resultMark.length);
    else say(line);
  }
  if (result === undefined) throw new Error(`the part ${name} ended in its machine without a result`);
  return JSON.parse(result);
}
