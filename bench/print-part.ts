import { resultMark } from './part-in-machine.ts';
import type { PartRequest } from './part-process.ts';
import { partNames } from './part-names.ts';
import { runPart } from './parts.ts';

// print-part.ts NAME REQUEST: runs one part of the bench here and prints what it measured, for part-in-machine.ts.

const [chosen, request = '{}'] = process.argv.slice(2);
const name = partNames.find((known) => known === chosen);
if (name === undefined) throw new Error(`${chosen}: no part of the bench`);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
say(`${resultMark}${JSON.stringify(await runPart(name, JSON.parse(request) as PartRequest, say))}`);
