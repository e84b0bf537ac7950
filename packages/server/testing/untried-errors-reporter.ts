import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Reporter } from 'vitest/node';
import { gatherProvokedErrors, untriedErrors } from './provoked-errors.ts';

/**
 * At the end of a whole run of the unit tests: names the errors that the catalogue lists for an Action and no test provokes.
 * That an Action refuses nothing beyond its list is checked with each reply (api-harness.ts).
 */
export default class UntriedErrorsReporter implements Reporter {
  /** Of a whole run. */
  #folder: string | null = null;

  onTestRunStart(): void {
    if (!isWhole()) return;
    this.#folder = mkdtempSync(join(tmpdir(), 'landbridge-errors-'));
    const file = provokedIn(this.#folder);
    writeFileSync(file, '');
    gatherProvokedErrors(file);
  }

  onTestRunEnd(): void {
    if (this.#folder === null) return;
    const untried = untriedErrors(provokedIn(this.#folder));
    rmSync(this.#folder, { recursive: true });
    this.#folder = null;
    if (untried.length > 0) {
      process.stdout.write(
        `${untried.length} errors that the catalogue lists are provoked by no test: ${untried.join(', ')}\n`,
      );
    }
  }
}

const provokedIn = (folder: string) => join(folder, 'provoked');

/** Nobody asked for certain files or titles. */
function isWhole(): boolean {
  return process.argv.slice(2).every((argument) => ['run', '--project', 'unit'].includes(argument));
}
