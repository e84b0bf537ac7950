import type { Reporter, TestCase } from 'vitest/node';

/** Says why a test failed when it fails: the details come with the summary, and a long run may not live to print it. */
export default class FailureReporter implements Reporter {
  onTestCaseResult(test: TestCase): void {
    const { errors } = test.result();
    for (const { message, stacks } of errors ?? []) {
      const place = stacks?.find(({ file }) => file.endsWith('.test.ts'));
      const where = place === undefined ? '' : ` (${place.file.replace(/^.*\//, '')}:${String(place.line)})`;
      process.stdout.write(`failed: ${test.fullName}: ${message}${where}\n`);
    }
  }
}
