import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { inPrivatePlace } from './private-lab.ts';

const isRoot = process.getuid?.() === 0;

/** Something that the sweep does not find keeps the leak check waiting; meanwhile a second lab asks for the lock. */
const program = `
  import { spawn } from 'node:child_process';
  import { withHostNamespace } from ${JSON.stringify(new URL('enter-host-namespace.ts', import.meta.url).href)};
  import { acquireLabLock } from ${JSON.stringify(new URL('lab-lock.ts', import.meta.url).href)};
  import { namespaceNames } from '@landbridge/testbed/namespace';
  import { temporaryPrefix } from ${JSON.stringify(new URL('own-namespaces.ts', import.meta.url).href)};
  import { poll } from '@landbridge/testbed/poll';

  const leftover = spawn('sleep', ['60'], { argv0: temporaryPrefix + 'leftover', stdio: 'ignore' });
  let isBuilt = false;
  const first = withHostNamespace(async () => void (isBuilt = true));
  await poll('the lab is down', async () => isBuilt && (await namespaceNames()), (names) => names !== false && names.length === 0, { within: 20_000 });
  const second = await acquireLabLock().then(
    (lock) => lock[Symbol.asyncDispose]().then(() => 'taken'),
    (error) => error.name,
  );
  leftover.kill('SIGKILL');
  await first;
  await using third = await acquireLabLock();
  console.log(second);
`;

test.runIf(isRoot)('the lab is locked until it is proven that nothing is left', { timeout: 60_000 }, async () => {
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', '--input-type=module', '-e', program];
  const [file = '', ...argv] = inPrivatePlace(node);
  const { stdout } = await promisify(execFile)(file, argv);
  expect(stdout.trim()).toBe('LabBusy');
});
