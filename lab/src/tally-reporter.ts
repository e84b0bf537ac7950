import type { Reporter, TestModule } from 'vitest/node';
import { tallyLine } from './test-tally.ts';

/** Prints the closing line `N passed, N failed` alone, which any CI can read. A file that fails to load counts as one failure. */
export default class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    let passed = 0;
    let failed = unhandledErrors.length;
    let skipped = 0;
    for (const module of modules) {
      if (module.state() === 'failed' && [...module.children.allTests('failed')].length === 0) failed++;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed++;
        else if (state === 'failed') failed++;
        else skipped++;
      }
    }
    process.stdout.write(`\n${tallyLine({ passed, failed, skipped })}\n`);
  }
}
