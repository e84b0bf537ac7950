import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node';

type Errors = readonly ReturnType<TestModule['errors']>[number][];

/** Says why a test, or what comes before a file's tests, failed when it fails: the details come with the summary, and a long run may not live to print it. */
export default class FailureReporter implements Reporter {
  onTestCaseResult(test: TestCase): void {
    tell(test.fullName, test.result().errors ?? []);
  }

  onTestSuiteResult(suite: TestSuite): void {
    tell(suite.fullName, suite.errors());
  }

  onTestModuleEnd(module: TestModule): void {
    tell(module.relativeModuleId, module.errors());
  }
}

function tell(what: string, errors: Errors): void {
  for (const { message, stacks } of errors) {
    const place = stacks?.find(({ file }) => file.endsWith('.test.ts'));
    const where = place === undefined ? '' : ` (${place.file.replace(/^.*\//, '')}:${String(place.line)})`;
    process.stdout.write(`failed: ${what}: ${message}${where}\n`);
  }
}
