import { runNodeIn, withHostNamespace } from './enter-host-namespace.ts';
import { expectNothingLeft, takeInventory } from './leak-check.ts';
import type { PrivateLabMessage } from './private-lab.ts';
import { tellParent } from './tell-parent.ts';

// A program of its own, `private-lab-process.ts PROGRAM …`, started by private-lab.ts in a place that is the lab's alone: a Node
// program in the lab's host namespace, and what it leaves when it succeeds is a failure.

const tell = (message: PrivateLabMessage): Promise<void> => tellParent(message);

try {
  process.exitCode = await withHostNamespace(async (host, signal) => {
    const before = await takeInventory();
    const onMessage = (said: unknown): void => void tell({ said });
    const code = await runNodeIn(host, process.argv.slice(2), { onMessage, signal });
    if (code === 0) await expectNothingLeft('the program in the lab ended', before, { within: 5_000 });
    return code;
  });
} catch (error) {
  await tell({ failure: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
}
process.exit();
