import { readIp, runIp, type Kernel } from '../drivers/kernel.ts';
import { isAttached, parseLinks, planRemoval } from '../drivers/link.ts';
import { deleteNetns, netnsExists } from '../drivers/netns.ts';

/**
 * Removes a namespace. Host interfaces go back first; our devices are deleted one by one rather than left to the end of
 * the namespace, which the kernel may put off while a socket in it lingers.
 */
export async function tearDownNetns(kernel: Kernel, netns: string, signal: AbortSignal): Promise<void> {
  if (!(await netnsExists(kernel, netns))) return;
  const [answer = []] = await readIp(kernel, netns, ['link show'], signal);
  const links = parseLinks(answer).filter(({ name }) => name !== 'lo');
  const attached = links.filter(isAttached);
  await runIp(
    kernel,
    attached.flatMap((link) => planRemoval(kernel, netns, link)),
    signal,
  );
  const rest = links.filter((link) => !isAttached(link) && link.kind !== 'sit' && link.kind !== 'ipip');
  // Some go with another one, or are the kernel's; what matters is gone with the namespace.
  await runIp(
    kernel,
    rest.map(({ name }) => ({ netns, line: `link delete ${name}` })),
    signal,
  ).catch(() => signal.throwIfAborted());
  await deleteNetns(kernel, netns);
}
