import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Reporter, TestRunEndReason } from 'vitest/node';
import { gatherProvokedErrors, untriedErrors } from './provoked-errors.ts';

/**
 * A whole run of the unit tests fails when the catalogue lists an error for an Action that no test provokes. That an Action refuses
 * nothing beyond its list is checked with each reply (api-harness.ts).
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

  onTestRunEnd(_modules: unknown, _errors: unknown, outcome: TestRunEndReason): void {
    if (this.#folder === null) return;
    const untried = untriedErrors(provokedIn(this.#folder));
    rmSync(this.#folder, { recursive: true });
    this.#folder = null;
    // A test that failed may have been the one.
    if (outcome !== 'passed' || untried.length === 0) return;
    process.stdout.write(`${wordsFor(untried)}\n`);
    process.exitCode = 1;
  }
}

const provokedIn = (folder: string) => join(folder, 'provoked');

function wordsFor(untried: readonly string[]): string {
  return [
    `failed: the catalogue lists ${untried.length} errors that no test provokes, each as ACTION REASON:`,
    ...untried.map((error) => `  ${error}`),
    'Provoke each in a test of the Action, through the API (packages/server/testing/refusals.ts); or, if it cannot happen,',
    'take it off the list of the Action in packages/catalogue and renew the pages (npm run reference).',
  ].join('\n');
}

/** Nobody asked for certain files or titles. */
function isWhole(): boolean {
  return process.argv.slice(2).every((argument) => ['run', '--project', 'unit*'].includes(argument));
}
