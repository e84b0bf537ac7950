import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    reporters: ['default', './lab/src/tally-reporter.ts'],
    projects: [
      { extends: true, test: { name: 'unit', include: ['packages/*/src/**/*.test.ts', 'lab/src/**/*.test.ts'] } },
      {
        extends: true,
        // Real namespaces, charons and packets: root only, one file at a time, in a network namespace of its own.
        test: {
          name: 'lab',
          include: ['lab/test/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
