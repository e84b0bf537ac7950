import { setTimeout as delay } from 'node:timers/promises';
import { explainFailure } from '../explain-failure.ts';
import { printLines } from './print.ts';

/**
 * Shows something again and again, until the signal. What goes wrong the first time is thrown; later it is told, once while it stays
 * the same, and tried again: a service that is started anew ends nothing.
 */
export async function repeatedly(show: () => Promise<void>, pauseMs: number, signal?: AbortSignal): Promise<void> {
  await show();
  let told = '';
  while (signal?.aborted !== true) {
    await delay(pauseMs);
    const failure = await show().then(() => '', explainFailure);
    if (failure !== '' && failure !== told) printLines(failure.split('\n'), process.stderr);
    told = failure;
  }
}
