import { acquireLabLock } from './lab-lock.ts';
import { scenarios } from './scenarios.ts';
import { sweepLab } from './sweep.ts';

export { Interrupted } from './interruption.ts';
export { LabBusy } from './lab-lock.ts';
export { LeakError } from './leak-check.ts';
export { LabFailure } from './private-lab.ts';
export type { Cell, Reachability } from './reachability-matrix.ts';
export { runScenario, ScenarioFailure } from './run-scenario.ts';
export type { RunScenarioOptions, ScenarioResult } from './run-scenario.ts';
export { UnknownScenario } from './scenarios.ts';

export const scenarioNames: readonly string[] = scenarios.map(({ name }) => name);

export function listScenarios(): { readonly name: string; readonly title: string }[] {
  return scenarios.map(({ name, title }) => ({ name, title }));
}

/** Removes a kept lab, or what one that was to be kept has left, and returns what that was. Throws LabBusy while one is being built. */
export async function labDown(): Promise<readonly string[]> {
  const lock = await acquireLabLock();
  try {
    return await sweepLab();
  } finally {
    await lock[Symbol.asyncDispose]();
  }
}
