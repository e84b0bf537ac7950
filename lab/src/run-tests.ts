import { fileURLToPath } from 'node:url';
import { runNodeIn, withHostNamespace } from './enter-host-namespace.ts';

// `run-tests.ts PROJECT …`: a vitest project in the lab's host namespace, which is removed afterwards whatever happened.
// Further arguments go to vitest, such as a file name or `-t 'a title'`.

const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
const argv = [vitest, 'run', '--project', ...process.argv.slice(2)];

async function runTests(): Promise<number> {
  return withHostNamespace((host, signal) => runNodeIn(host, argv, { signal }), {
    onProgress: (line) => process.stderr.write(`${line}\n`),
  });
}

process.exitCode = await runTests().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
