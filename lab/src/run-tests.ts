import { fileURLToPath } from 'node:url';
import { runNodeIn, withHostNamespace } from './enter-host-namespace.ts';
import { takeInventory } from './leak-check.ts';

// `npm run test:lab`: the vitest project `lab` in the lab's host namespace, which is removed afterwards whatever happened.
// Further arguments go to vitest, such as a file name or `-t 'a title'`.

const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
const argv = [vitest, 'run', '--project', 'lab', ...process.argv.slice(2)];

const code = await withHostNamespace((host, signal) => runNodeIn(host, argv, { signal }), {
  onProgress: (line) => process.stderr.write(`${line}\n`),
}).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
const left = await takeInventory();
if (left.length > 0) process.stderr.write(`left behind: ${left.join('; ')}\n`);
process.exitCode = left.length > 0 ? 1 : code;
