import { parseCidr } from '@landbridge/net';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PrivateNetnsFolder } from '@landbridge/testbed/private-netns-folder';
import { privateKernel } from '../../testing/private-kernel.ts';
import { rowsOf } from '../../testing/image-of.ts';
import { sampleConnection, sampleNetwork, sampleUplink } from '../../testing/sample-network.ts';
import { historyArbitrary, withSteps, type History } from '../../testing/simulation/arbitrary-history.ts';
import { Image } from '../image/image.ts';
import type { AllRows } from '../image/tables.ts';
import type { TablePlan } from '../plan/packet-filter.ts';
import { planFor, planKeys } from '../planner/plan-for.ts';
import { inNetns, type Kernel } from './kernel.ts';
import { applyFilter, diffTables, parseTables, tableListing } from './nft.ts';
import { tableChanges } from './nft-changes.ts';
import { renderTable } from './nft-text.ts';

// What the kernel's own nftables has after the changes is what it has of the whole table.

const netns = 'lb-vpngw-00000001';
const table = 'landbridge';

let folder: PrivateNetnsFolder;
let kernel: Kernel;

function nft(argv: readonly string[]): Promise<string> {
  return kernel.commands.run(inNetns(kernel, netns, ['nft', ...argv]));
}

/** As the driver does it. @param former what was written before. */
async function write(wanted: TablePlan | null, former?: TablePlan): Promise<void> {
  const actual = parseTables(await kernel.netnsd.listNft(netns, tableListing));
  const change = diffTables({ filter: wanted }, actual, former && { filter: former });
  if (former !== undefined) expect(change?.script).not.toContain('delete table');
  if (change !== null) await applyFilter(kernel, netns, change);
  expect(diffTables({ filter: wanted }, parseTables(await kernel.netnsd.listNft(netns, tableListing)))).toBeNull();
}

type NftObject = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** By kind and name; rules in their order, elements in none. */
async function listed(): Promise<Readonly<Record<string, readonly string[]>>> {
  const { nftables } = JSON.parse(await nft(['-j', '-s', 'list', 'table', 'inet', table])) as { nftables: NftObject[] };
  const texts: Record<string, string[]> = {};
  for (const object of nftables) {
    const [entry] = Object.entries(object);
    if (entry === undefined || entry[0] === 'metainfo') continue;
    const [kind, { elem, ...rest }] = entry;
    const body = { ...rest, handle: null };
    const name = kind === 'rule' ? `rules of ${String(rest['chain'])}` : `${kind} ${String(rest['name'])}`;
    const elements = ((elem ?? []) as unknown[]).map((element) => JSON.stringify(element)).sort();
    texts[name] = [...(texts[name] ?? []), JSON.stringify({ ...body, elements })];
  }
  return texts;
}

/** Filters of the same plan before and after some rows came, changed or went. */
function filtersOf({ start, steps }: History, taken: readonly number[]): (readonly [TablePlan, TablePlan])[] {
  const chosen = taken.flatMap((at) => steps[at % steps.length] ?? []);
  const [before, after] = [start, withSteps(start as Partial<AllRows>, chosen)].map(
    (rows) => new Image(0, rows as never).rows,
  );
  if (before === undefined || after === undefined) return [];
  return planKeys(before).flatMap((key) => {
    const [from, to] = [before, after].map((rows) => filterOf(() => planFor(key, rows, sampleUplink)));
    return from === undefined || to === undefined ? [] : [[from, to] as const];
  });
}

function filterOf(plan: () => ReturnType<typeof planFor>): TablePlan | undefined {
  try {
    return plan()?.filter ?? undefined;
  } catch {
    return undefined;
  }
}

describe.runIf(process.getuid?.() === 0)('changes of a packet filter', () => {
  beforeAll(async () => {
    folder = await PrivateNetnsFolder.create();
    kernel = privateKernel(folder, 'host');
    await kernel.commands.run(['ip', 'netns', 'add', netns]);
  });
  afterAll(async () => {
    await kernel.commands.run(['ip', 'netns', 'delete', netns]);
    folder[Symbol.dispose]();
  });

  it('take what rules of a chain that goes speak of after its rules: the last SPD tunnel comes and goes', async () => {
    const policies = [{ local: parseCidr('10.0.0.0/16'), remotes: [parseCidr('192.168.1.0/24')] }];
    const [routed, mapped] = [sampleConnection(2), sampleConnection(1, policies)];
    const filters = [[routed], [routed, mapped]].map((connections) =>
      filterOf(() => planFor('vpngw-gateway1', rowsOf(sampleNetwork(connections)), sampleUplink)),
    );
    const [without, one] = filters;
    if (without === undefined || one === undefined) throw new Error('no filter');
    await write(without);
    const before = await listed();
    await write(one, without);
    expect(Object.keys(await listed())).toContain('set unmapped');
    await write(without, one);
    expect(await listed()).toEqual(before);
    await write(null);
  });

  it('leave what the whole table would have made', { timeout: 120_000 }, async () => {
    let [changed, replaced] = [0, 0];
    await fc.assert(
      fc.asyncProperty(historyArbitrary, fc.array(fc.nat(), { minLength: 1, maxLength: 6 }), async (history, taken) => {
        const differing = filtersOf(history, taken).filter(([from, to]) => renderTable(from) !== renderTable(to));
        for (const [from, to] of differing.slice(0, 2).flatMap(
          ([one, other]) =>
            [
              [one, other],
              [other, one],
            ] as const,
        )) {
          if (tableChanges(table, from, to) === null) {
            replaced += 1;
            continue;
          }
          changed += 1;
          await write(from);
          await write(to, from);
          const found = await listed();
          await write(null);
          await write(to);
          expect(found).toEqual(await listed());
        }
      }),
      { numRuns: 80 },
    );
    expect(changed).toBeGreaterThan(40);
    expect(replaced).toBeLessThan(changed / 4);
  });
});
