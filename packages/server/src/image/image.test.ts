import { DatabaseSync } from 'node:sqlite';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rowsIn } from '../../testing/image-of.ts';
import { sampleRows } from '../../testing/sample-rows.ts';
import { worldArbitrary } from '../../testing/simulation/arbitrary-world.ts';
import { migrations } from '../store/schema/migrations.ts';
import type { Change } from './change.ts';
import { differenceTo } from './difference.ts';
import { Image } from './image.ts';
import type { AllRows } from './tables.ts';
import { partsOf, tableNames, tables, type TableName } from './tables.ts';

const counter = (value: number): Change => ({
  table: 'counters',
  key: 'n',
  before: value === 1 ? null : { name: 'n', value: value - 1 },
  after: { name: 'n', value },
});

describe('an image', () => {
  test('is patched by the next generation only', () => {
    const image = new Image(4);
    for (const generation of [3, 4, 6]) {
      expect(() => image.patch([counter(1)], generation)).toThrow(`generation ${generation} does not follow 4`);
    }
    expect([image.generation, image.all('counters')]).toEqual([4, []]);
    image.patch([counter(1)], 5);
    expect([image.generation, image.rows.counters.get('n')]).toEqual([5, { name: 'n', value: 1 }]);
  });

  test('catches up over several commits, and says what changed', () => {
    const image = new Image(1, { counters: [{ name: 'n', value: 1 }] });
    const changes = image.catchUp(
      [
        { table: 'counters', key: 'n', row: { name: 'n', value: 9 } },
        { table: 'counters', key: 'new', row: { name: 'new', value: 1 } },
        // Made and removed in between.
        { table: 'vpcs', key: 'vpc-1', row: null },
      ],
      7,
    );
    expect(changes).toEqual([
      { table: 'counters', key: 'n', before: { name: 'n', value: 1 }, after: { name: 'n', value: 9 } },
      { table: 'counters', key: 'new', before: null, after: { name: 'new', value: 1 } },
    ]);
    expect([image.generation, image.rows.counters.all().length]).toEqual([7, 2]);
  });

  test('is replaced whole under who holds its rows, and says what changed', () => {
    const image = new Image(1, { counters: [{ name: 'n', value: 1 }], accounts: sampleRows.accounts });
    const { rows } = image;
    const before = rows.counters.all();
    expect(image.replace(0, { counters: [{ name: 'n', value: 2 }], accounts: [...sampleRows.accounts] })).toEqual([
      counter(2),
    ]);
    expect([image.generation, rows.counters.all()]).toEqual([0, [{ name: 'n', value: 2 }]]);
    expect(before).toEqual([{ name: 'n', value: 1 }]);
  });

  test('patched from any rows to any others, equals one that was loaded', { timeout: 30_000 }, () => {
    const rowsArbitrary = fc.oneof(
      worldArbitrary.map(({ desired }): Partial<AllRows> => desired),
      fc.constantFrom<Partial<AllRows>>(sampleRows, {}),
    );
    fc.assert(
      fc.property(rowsArbitrary, rowsArbitrary, (from, to) => {
        const image = new Image(0, from);
        const changes = differenceTo(image, to);
        image.patch(changes, 1);
        expect(rowsIn(image)).toStrictEqual(rowsIn(new Image(1, to)));
        expect(differenceTo(image, to)).toEqual([]);
        expectSameIndexes(image, new Image(1, to));
      }),
      { numRuns: 50 },
    );
  });

  test('shows a tenant what is its own, in its region', () => {
    const { rows } = new Image(0, sampleRows);
    const [vpc] = sampleRows.vpcs;
    const { accountId, region, id } = vpc!;
    expect(rows.vpcs.find({ accountId, region }, id)).toBe(vpc);
    for (const scope of [
      { accountId: 'tenant', region },
      { accountId, region: 'other' },
      { accountId: '', region },
    ]) {
      expect(rows.vpcs.find(scope, id)).toBeUndefined();
      expect(rows.vpcs.list(scope)).toEqual([]);
    }
    expect(rows.ccns.list({ accountId: 'tenant', region: 'anywhere' }).map((ccn) => ccn.id)).toEqual(['ccn-network2']);
    expect(rows.ccns.find({ accountId: 'tenant', region: 'anywhere' }, 'ccn-network1')).toBeUndefined();
    expect(rows.vpcs.list({ accountId, region })).toEqual(sampleRows.vpcs);
  });
});

function expectSameIndexes(a: Image, b: Image): void {
  for (const table of tableNames) {
    for (const index of Object.keys(tables[table].indexes)) {
      for (const row of a.all(table)) {
        const value = a.table(table).valueOf(index, row);
        if (value !== null) expect(a.of(table, index, value)).toEqual(b.of(table, index, value));
      }
    }
  }
}

describe('what goes away with a row', () => {
  /** From a row to what has to be gone before it: services refuse to remove the first, or remove the others by hand. */
  const inTheWay: readonly string[] = [
    'vpcs < routeTables, subnets, subnetInterfaces, vpcRoutes, vpnGateways, vpnConnections, directConnectGateways',
    'routeTables < subnets, vpcRoutes',
    'subnets < subnetInterfaces',
    'vpnGateways < vpnConnections, vpnGatewayRoutes',
    'customerGateways < vpnConnections',
    'ccns < ccnAttachments, ccnSelectionPolicies',
    'ccnRouteTables < ccnAttachments, ccnSelectionPolicies',
    'directConnectGateways < directConnectLines',
  ];

  test('or has to be gone before it, is said of every reference of the schema', () => {
    const parts = tableNames.map(
      (table) => `${table} < ${(partsOf[table] ?? []).map((part) => part.table).join(', ')}`,
    );
    expect(referencesIn([...parts, ...inTheWay])).toEqual(schemaReferences());
  });

  test('is found by an index that answers what the reference means', () => {
    const image = new Image(0, sampleRows);
    for (const [table, parts] of Object.entries(partsOf) as [TableName, (typeof partsOf)[TableName]][]) {
      for (const { table: part, index } of parts ?? []) {
        const keys = image.all(table).map((row) => image.table(table).keyOf(row));
        const found = keys.flatMap((key) => (index === null ? [image.get(part, key)] : image.of(part, index, key)));
        expect(found.filter((row) => row !== undefined).length, `${part} of ${table}`).toBe(image.all(part).length);
      }
    }
  });
});

function referencesIn(lines: readonly string[]): readonly string[] {
  const pairs = lines.flatMap((line) => {
    const [to = '', from = ''] = line.split(' < ');
    return from === '' ? [] : from.split(', ').map((table) => `${table} > ${to}`);
  });
  return pairs.toSorted();
}

/** `vpnConnections > vpnGateways`; an account is never removed. */
function schemaReferences(): readonly string[] {
  const database = new DatabaseSync(':memory:');
  for (const { statements } of migrations) for (const statement of statements) database.exec(statement);
  const camelCase = (name: unknown) => String(name).replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  const pairs = tableNames.flatMap((table) => {
    const name = table.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    return database
      .prepare(`PRAGMA foreign_key_list(${name})`)
      .all()
      .map(({ table: to }) => `${table} > ${camelCase(to)}`);
  });
  database.close();
  return [...new Set(pairs)].filter((pair) => !pair.endsWith('> accounts')).toSorted();
}
