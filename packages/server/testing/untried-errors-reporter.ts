import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';
import { gatherProvokedErrors, untriedErrors } from './provoked-errors.ts';

/**
 * At the end of a whole run of the unit tests: names the errors that the catalogue lists for an Action and no test provokes.
 * That an Action refuses nothing beyond its list is checked with each reply (api-harness.ts).
 */
export default class UntriedErrorsReporter implements Reporter {
  readonly #folder = mkdtempSync(join(tmpdir(), 'landbridge-errors-'));
  readonly #file = join(this.#folder, 'provoked');

  onInit(): void {
    writeFileSync(this.#file, '');
    gatherProvokedErrors(this.#file);
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const isOfUnits = modules.some(({ project }) => project.name === 'unit');
    const untried = isOfUnits && isWhole() ? untriedErrors(this.#file) : [];
    if (untried.length > 0) {
      process.stdout.write(
        `${untried.length} errors that the catalogue lists are provoked by no test: ${untried.join(', ')}\n`,
      );
    }
    rmSync(this.#folder, { recursive: true });
  }
}

/** Nobody asked for certain files or titles. */
function isWhole(): boolean {
  return process.argv.slice(2).every((argument) => ['run', '--project', 'unit'].includes(argument));
}
