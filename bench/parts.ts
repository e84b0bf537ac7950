import { fileURLToPath } from 'node:url';
import { withInterruption } from '../lab/src/interruption.ts';
import { kernelHasEsp } from '../lab/src/kernel-esp.ts';
import { runInPrivateLab } from '../lab/src/private-lab.ts';
import { runPartInMachine } from './part-in-machine.ts';
import type { PartName } from './part-names.ts';
import type { PartMessage, PartRequest, Say } from './part-process.ts';

/** Runs one part of the bench where it can be, and returns what it measured. */
export async function runPartSomewhere(name: PartName, request: PartRequest, say: Say): Promise<unknown> {
  const needsMachine = name === 'kernel' && !(await kernelHasEsp());
  return (needsMachine ? runPartInMachine : runPart)(name, request, say);
}

/** Runs one part of the bench in a lab of its own on this machine. */
export async function runPart(name: PartName, request: PartRequest, say: Say): Promise<unknown> {
  let last: PartMessage | undefined;
  const onMessage = (message: unknown): void => {
    const said = message as PartMessage;
    if (said.kind === 'progress') say(said.line);
    else last = said;
  };
  const script = fileURLToPath(new URL(`${name}-process.ts`, import.meta.url));
  const argv = [script, JSON.stringify(request)];
  await withInterruption((signal) => runInPrivateLab(argv, { onMessage, signal }));
  if (last?.kind === 'results') return last.results;
  throw new Error(last?.kind === 'failure' ? last.message : `the part ${name} ended without a result`);
}
