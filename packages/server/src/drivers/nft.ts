import { createHash } from 'node:crypto';
import { inNetns, type Kernel, type Netns } from './kernel.ts';

const tableName = 'landbridge';
/** An empty chain that nothing jumps to: its name carries the digest of the text the table was made from. */
const markPrefix = 'plan_';

/** A counter of our table, by its name. */
export interface FilterCounter {
  readonly name: string;
  readonly packets: number;
  readonly bytes: number;
}

/** What the kernel says about our table: absent, or made from the text with this digest (null: not by us). */
export type ActualFilter =
  | { readonly present: false }
  | { readonly present: true; readonly digest: string | null; readonly counters: readonly FilterCounter[] };

/** Both lists in one process, without the rules. */
const listing = 'list chains inet; list counters inet';

export async function readFilter(kernel: Kernel, netns: Netns, signal?: AbortSignal): Promise<ActualFilter> {
  const argv = inNetns(kernel, netns, ['nft', '-j', listing]);
  const answers = (await kernel.commands.run(argv, signal && { signal }))
    .split('\n')
    .filter((line) => line.trim() !== '');
  return parseFilter(answers.map((line) => JSON.parse(line) as unknown));
}

interface NftObject {
  readonly chain?: { readonly table: string; readonly name: string };
  readonly counter?: FilterCounter & { readonly table: string };
}

function objectsOf(answer: unknown): readonly NftObject[] {
  return (answer as { nftables: readonly NftObject[] }).nftables;
}

/** Names of the chains of our table. @param answer to `list chains inet`. */
export function chainsOf(answer: unknown): string[] {
  return objectsOf(answer).flatMap(({ chain }) => (chain?.table === tableName ? [chain.name] : []));
}

/** @param answers of nft, one for each list. */
export function parseFilter(answers: readonly unknown[]): ActualFilter {
  const objects = answers.flatMap(objectsOf);
  const chains = answers.flatMap(chainsOf);
  if (chains.length === 0) return { present: false };
  const mark = chains.find((name) => name.startsWith(markPrefix));
  const counters = objects.flatMap(({ counter }) => {
    if (counter?.table !== tableName) return [];
    const { name, packets, bytes } = counter;
    return [{ name, packets, bytes }];
  });
  return { present: true, digest: mark === undefined ? null : mark.slice(markPrefix.length), counters };
}

const removal = `delete table inet ${tableName}\n`;

export function isRemoval(script: string): boolean {
  return script === removal;
}

/**
 * The one transaction that makes the kernel's table equal to the plan's, or null when it is. Counters that stay go on from
 * what they were when the table was read: what is counted between that and the transaction is lost.
 */
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
    withValues(wanted, actual),
    '}',
    '',
  ].join('\n');
}

/** Counters are declared one a line, at zero; the digest is that of the text as it was planned. */
function withValues(wanted: string, actual: ActualFilter): string {
  const counters = new Map(actual.present ? actual.counters.map((counter) => [counter.name, counter]) : []);
  return wanted.replace(/^counter (\S+) \{ packets 0 bytes 0 \}$/gm, (line, name: string) => {
    const before = counters.get(name);
    return before === undefined ? line : `counter ${name} { packets ${before.packets} bytes ${before.bytes} }`;
  });
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
