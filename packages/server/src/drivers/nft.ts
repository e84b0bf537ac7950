import { createHash } from 'node:crypto';
import { unmappedSet } from '../plan/names.ts';
import type { ChainPlan, TablePlan } from '../plan/packet-filter.ts';
import type { NetnsPlan } from '../plan/plan.ts';
import { isSameValue } from '../plan/same-value.ts';
import { realNetns, type Kernel, type Netns } from './kernel.ts';
import { tableChanges } from './nft-changes.ts';
import { renderTable } from './nft-text.ts';

/**
 * Our tables, in the order in which they are replaced. Each has a mark of its own, so that what one has learned (who was heard on
 * a subnet) does not go with a change of the other.
 */
const tableNames = { filter: 'landbridge', neighbourBound: 'landbridge-neighbours' } as const;
type TableKey = keyof typeof tableNames;
const tableKeys = Object.keys(tableNames) as TableKey[];

/** An empty chain that nothing jumps to: its name carries the digest of the table's text. */
const markPrefix = 'plan_';

/** A counter of the packet filter, by its name. */
export interface FilterCounter {
  readonly name: string;
  readonly packets: number;
  readonly bytes: number;
}

/** What the kernel says about one of our tables: absent, or made from the text with this digest (null: not by us). */
export type ActualTable =
  | { readonly present: false }
  | { readonly present: true; readonly digest: string | null; readonly counters: readonly FilterCounter[] };

export type ActualTables = Readonly<Record<TableKey, ActualTable>>;
export type WantedTables = Pick<NetnsPlan, TableKey>;

/** One transaction: all of it or nothing takes effect. */
export interface FilterChange {
  readonly script: string;
  /** The packet filter goes away, and is replaced by none. */
  readonly opens: boolean;
}

/** Of everything, without the rules. */
export const tableListing = 'list chains inet; list counters inet';

interface NftObject {
  readonly chain?: { readonly table: string; readonly name: string };
  readonly counter?: FilterCounter & { readonly table: string };
  readonly set?: { readonly elem?: readonly RememberedElement[] };
}

function objectsOf(answer: unknown): readonly NftObject[] {
  return (answer as { nftables: readonly NftObject[] }).nftables;
}

/** Names of the chains of the packet filter. @param answer to `list chains inet`. */
export function chainsOf(answer: unknown, table: string = tableNames.filter): string[] {
  return objectsOf(answer).flatMap(({ chain }) => (chain?.table === table ? [chain.name] : []));
}

function answersOf(text: string): unknown[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as unknown);
}

/** What the packet filter has counted. */
export async function readCounters(kernel: Kernel, netns: Netns, signal?: AbortSignal): Promise<FilterCounter[]> {
  const text = await kernel.netnsd.listNft(realNetns(kernel, netns), 'list counters inet', signal);
  return countersOf(answersOf(text), tableNames.filter);
}

/** Where a packet came from and where to, that no mapping of an SPD tunnel names. */
export interface UnmappedPair {
  readonly source: string;
  readonly destination: string;
}

/** By tunnel, the newest of the last minute. */
export async function readUnmapped(
  kernel: Kernel,
  netns: Netns,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, UnmappedPair>> {
  const command = `list set inet ${tableNames.filter} ${unmappedSet}`;
  return unmappedOf(answersOf(await kernel.netnsd.listNft(realNetns(kernel, netns), command, signal)));
}

/** An element of a set that forgets. */
interface RememberedElement {
  readonly elem: { readonly val: { readonly concat: readonly [string, string, string] }; readonly expires: number };
}

/** What expires last is the newest. @param answers to `list set`. */
export function unmappedOf(answers: readonly unknown[]): ReadonlyMap<string, UnmappedPair> {
  const elements = answers.flatMap(objectsOf).flatMap(({ set }) => set?.elem ?? []);
  const inOrder = [...elements].sort((a, b) => a.elem.expires - b.elem.expires);
  return new Map(
    inOrder.map(({ elem: { val } }) => [val.concat[0], { source: val.concat[1], destination: val.concat[2] }]),
  );
}

/** @param text what nft answers to `tableListing`: a line for each list. */
export function parseTables(text: string): ActualTables {
  const answers = answersOf(text);
  const { filter, neighbourBound } = tableNames;
  return { filter: parseTable(answers, filter), neighbourBound: parseTable(answers, neighbourBound) };
}

function parseTable(answers: readonly unknown[], table: string): ActualTable {
  const chains = answers.flatMap((answer) => chainsOf(answer, table));
  if (chains.length === 0) return { present: false };
  const mark = chains.find((name) => name.startsWith(markPrefix));
  const digest = mark === undefined ? null : mark.slice(markPrefix.length);
  return { present: true, digest, counters: countersOf(answers, table) };
}

function countersOf(answers: readonly unknown[], table: string): FilterCounter[] {
  return answers.flatMap(objectsOf).flatMap(({ counter }) => {
    if (counter?.table !== table) return [];
    const { name, packets, bytes } = counter;
    return [{ name, packets, bytes }];
  });
}

/**
 * What makes the kernel's tables equal to the plan's, or null when they are. A table that is as it should be is not touched. Of one
 * that is known only what differs is changed; another is replaced as a whole, where counters that stay go on from what they were when
 * the table was read: what is counted between that and the transaction is lost.
 * @param former what was written last: known where the kernel's mark says so.
 */
export function diffTables(wanted: WantedTables, actual: ActualTables, former?: WantedTables): FilterChange | null {
  const scripts = tableKeys.map((key) =>
    diffTable(tableNames[key], wanted[key] ?? null, actual[key], former?.[key] ?? null),
  );
  const script = scripts.filter((one) => one !== null).join('');
  return script === '' ? null : { script, opens: wanted.filter === null && actual.filter.present };
}

/**
 * What leads from tables that are there, as they were asked for, to others; null when nothing does. Undefined where one has to come, to go,
 * or to be replaced: what it has counted has to be read first.
 */
export function changeTables(before: WantedTables, after: WantedTables): FilterChange | null | undefined {
  const scripts = tableKeys.map((key) => changeTable(tableNames[key], before[key] ?? null, after[key] ?? null));
  if (scripts.includes(undefined)) return undefined;
  const script = scripts.join('');
  return script === '' ? null : { script, opens: false };
}

function changeTable(name: string, before: TablePlan | null, after: TablePlan | null): string | undefined {
  if (isSameValue(before, after)) return '';
  if (before === null || after === null) return undefined;
  if (tableDigest(before) === tableDigest(after)) return '';
  const changes = tableChanges(name, before, after);
  return changes === null ? undefined : marked(name, changes, before, after);
}

function marked(name: string, changes: readonly string[], before: TablePlan, after: TablePlan): string {
  const [mark, former] = [after, before].map((table) => `${markPrefix}${tableDigest(table)}`);
  return [...changes, `add chain inet ${name} ${mark}`, `delete chain inet ${name} ${former}`, ''].join('\n');
}

function diffTable(
  name: string,
  wanted: TablePlan | null,
  actual: ActualTable,
  former: TablePlan | null,
): string | null {
  if (wanted === null) return actual.present ? `delete table inet ${name}\n` : null;
  const [digest, before] = [tableDigest(wanted), actual.present ? actual.digest : null];
  if (before === digest) return null;
  const isKnown = former !== null && before === tableDigest(former);
  const changes = isKnown ? tableChanges(name, former, wanted) : null;
  if (former === null || changes === null) return replacement(name, wanted, actual);
  return marked(name, changes, former, wanted);
}

function replacement(name: string, wanted: TablePlan, actual: ActualTable): string {
  return [
    // "add" first, so that "delete" never fails.
    `add table inet ${name}`,
    `delete table inet ${name}`,
    `table inet ${name} {`,
    `  chain ${markPrefix}${tableDigest(wanted)} {`,
    '  }',
    withValues(renderTable(wanted), actual),
    '}',
    '',
  ].join('\n');
}

/** Counters are declared one a line, at zero; the digest is that of the text as it was planned. */
function withValues(wanted: string, actual: ActualTable): string {
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

export async function applyFilter(
  kernel: Kernel,
  netns: Netns,
  { script }: FilterChange,
  signal?: AbortSignal,
): Promise<void> {
  try {
    await kernel.netnsd.runNft(realNetns(kernel, netns), script, signal);
  } catch (error) {
    signal?.throwIfAborted();
    throw new PacketFilterError(error as Error);
  }
}

const digests = new WeakMap<TablePlan, string>();

/** Of the text as it was planned, chain by chain. Tables of plans never change, and what stays in the next one is the same object. */
export function tableDigest(table: TablePlan): string {
  const known = digests.get(table);
  if (known !== undefined) return known;
  const hash = createHash('sha256').update(renderTable({ ...table, chains: [] }));
  for (const chain of table.chains) hash.update(chainDigest(chain));
  const digest = hash.digest('hex').slice(0, 32);
  digests.set(table, digest);
  return digest;
}

const chainDigests = new WeakMap<ChainPlan, string>();

function chainDigest(chain: ChainPlan): string {
  const known = chainDigests.get(chain);
  if (known !== undefined) return known;
  const text = renderTable({ counters: [], sets: [], chains: [chain] });
  const digest = createHash('sha256').update(text).digest('hex');
  chainDigests.set(chain, digest);
  return digest;
}
