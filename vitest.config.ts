import { existsSync, statfsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { defaultExclude, defineConfig } from 'vitest/config';
import { patience } from './packages/testbed/src/poll.ts';

// Real namespaces, charons and packets: root only, one file at a time, in a network namespace of its own.
const endToEnd = { fileParallelism: false, testTimeout: 120_000 * patience, hookTimeout: 120_000 * patience };

const memory = '/dev/shm';

/** Where unit tests keep their stores and files: each commit waits for the disk, so in memory where there is room for it. */
function fastFolder(): { readonly TMPDIR?: string } {
  if (!existsSync(memory)) return {};
  const { bavail, bsize } = statfsSync(memory);
  return bavail * bsize > 1024 ** 3 ? { TMPDIR: memory } : {};
}

const unit = {
  include: ['packages/*/{src,testing}/**/*.test.ts', 'lab/src/**/*.test.ts', 'bench/*.test.ts', 'scripts/**/*.test.ts'],
  // One less is the default: half the speed on two cores.
  maxWorkers: availableParallelism(),
};

/** Unit tests with a process of their own: what they do to the machine, or to the modules of others, stays with them. */
const apart = [
  'packages/*/src/**/*.root.test.ts',
  'packages/*/testing/**/*.browser.test.ts',
  'lab/src/**/*.test.ts',
  // No data directory of a gateway may lie under /dev.
  'packages/server/src/gateway/gateway-daemons.test.ts',
  // Those that replace modules.
  ...['planning/plan-feed', 'planning/plan-book-notes', 'gateway/gateway-unit'].map(
    (name) => `packages/server/src/${name}.test.ts`,
  ),
];

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
        // A process for many files: to load the service for each file costs more than most of them do.
        test: { ...unit, name: 'unit', isolate: false, env: fastFolder(), exclude: [...defaultExclude, ...apart] },
      },
      {
        extends: true,
        test: { ...unit, name: 'unit-apart', include: apart },
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
