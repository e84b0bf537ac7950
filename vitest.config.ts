import { defineConfig } from 'vitest/config';
import { patience } from './packages/testbed/src/poll.ts';

// Real namespaces, charons and packets: root only, one file at a time, in a network namespace of its own.
const endToEnd = { fileParallelism: false, testTimeout: 120_000 * patience, hookTimeout: 120_000 * patience };

export default defineConfig({
  test: {
    reporters: [
      'default',
      ...['lab/src/failure-reporter', 'packages/server/testing/untried-errors-reporter', 'lab/src/tally-reporter'].map(
        (name) => `./${name}.ts`,
      ),
    ],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            'packages/*/{src,testing}/**/*.test.ts',
            'lab/src/**/*.test.ts',
            'bench/*.test.ts',
            'scripts/**/*.test.ts',
          ],
        },
      },
      {
        extends: true,
        test: { ...endToEnd, name: 'lab', include: ['lab/test/**/*.test.ts'] },
      },
      {
        extends: true,
        // What `make test-kernel` runs: the data plane `kernel`, on a kernel that has ESP.
        test: {
          ...endToEnd,
          name: 'kernel',
          env: { LANDBRIDGE_TEST_DATA_PLANES: 'kernel' },
          include: [
            'vmlab/test/**/*.test.ts',
            'packages/server/src/agent/agent.root.test.ts',
            ...['failover', 'process-faults', 'intruder', 'limits', 'negotiation', 'stock-strongswan'].map(
              (name) => `lab/test/${name}.test.ts`,
            ),
          ],
        },
      },
    ],
  },
});
