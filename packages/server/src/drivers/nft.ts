import { createHash } from 'node:crypto';
import { inNetns, type Kernel, type Netns } from './kernel.ts';

const tableName = 'landbridge';
/** An empty chain that nothing jumps to: its name carries the digest of the text the table was made from. */
const markPrefix = 'plan_';

/** What the kernel says about our table: absent, or made from the text with this digest (null: not by us). */
export type ActualFilter = { readonly present: false } | { readonly present: true; readonly digest: string | null };

export async function readFilter(kernel: Kernel, netns: Netns, signal?: AbortSignal): Promise<ActualFilter> {
  const argv = inNetns(kernel, netns, ['nft', '-j', 'list', 'chains', 'inet']);
  return parseFilter(JSON.parse(await kernel.commands.run(argv, signal && { signal })));
}

/** Names of the chains of our table. @param answer to `list chains inet`. */
export function chainsOf(answer: unknown): string[] {
  const objects = (answer as { nftables: readonly { chain?: { table: string; name: string } }[] }).nftables;
  return objects.flatMap(({ chain }) => (chain?.table === tableName ? [chain.name] : []));
}

export function parseFilter(answer: unknown): ActualFilter {
  const chains = chainsOf(answer);
  if (chains.length === 0) return { present: false };
  const mark = chains.find((name) => name.startsWith(markPrefix));
  return { present: true, digest: mark === undefined ? null : mark.slice(markPrefix.length) };
}

const removal = `delete table inet ${tableName}\n`;

export function isRemoval(script: string): boolean {
  return script === removal;
}

/** The one transaction that makes the kernel's table equal to the plan's, or null when it is. */
export function diffFilter(wanted: string | null, actual: ActualFilter): string | null {
  if (wanted === null) return actual.present ? removal : null;
  if (actual.present && actual.digest === filterDigest(wanted)) return null;
  return [
    // "add" first, so that "delete" never fails; all of it or nothing takes effect.
    `add table inet ${tableName}`,
    `delete table inet ${tableName}`,
    `table inet ${tableName} {`,
    `  chain ${markPrefix}${filterDigest(wanted)} {`,
    '  }',
    wanted,
    '}',
    '',
  ].join('\n');
}

/** The packet filter is not as the plan wants it: nothing that it should guard may be opened. */
export class PacketFilterError extends Error {
  constructor(cause: Error) {
    super(`the packet filter was refused: ${cause.message}`, { cause });
    this.name = 'PacketFilterError';
  }
}

export async function applyFilter(kernel: Kernel, netns: Netns, script: string, signal?: AbortSignal): Promise<void> {
  try {
    await kernel.commands.run(inNetns(kernel, netns, ['nft', '-f', '-']), { input: script, ...(signal && { signal }) });
  } catch (error) {
    signal?.throwIfAborted();
    throw new PacketFilterError(error as Error);
  }
}

export function filterDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
