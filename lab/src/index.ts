import { acquireLabLock } from './lab-lock.ts';
import { scenarios } from './scenarios.ts';
import { sweepLab } from './sweep.ts';

export { runScenario } from './run-scenario.ts';

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
