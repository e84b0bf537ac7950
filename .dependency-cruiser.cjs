const { allowed } = require('./scripts/rooms.cjs');

/** Imports go one way (docs/ARCHITECTURE.md, "Rooms"). */
module.exports = {
  allowed,
  allowedSeverity: 'error',
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'net-is-pure',
      severity: 'error',
      comment: 'addresses need no machine',
      from: { path: '^packages/net/src/(?!.*\\.test\\.ts$)' },
      to: { dependencyTypes: ['core', 'npm'] },
    },
    {
      name: 'decisions-are-pure',
      severity: 'error',
      comment: 'the same rows give the same answer: hashing and comparing are all that they need of Node',
      from: { path: '^packages/server/src/(domain|derive|image|plan|planner|services)/(?!.*\\.test\\.ts$)' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|util)$' },
    },
    {
      name: 'testbed-is-for-tests',
      severity: 'error',
      comment: 'nothing that serves is made of what tests bring',
      from: { path: '^packages/(net|vici|client|server|cli)/src/(?!.*\\.test\\.ts$)' },
      to: { path: '^packages/(testbed/|[^/]+/testing/)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^packages/(uxfrm|[^/]+/dist)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.js'],
    },
  },
};
