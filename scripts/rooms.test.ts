import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, it } from 'vitest';

interface Room {
  readonly name: string;
  readonly path: string;
  readonly may: readonly string[];
}

const { rooms } = createRequire(import.meta.url)('./rooms.cjs') as { readonly rooms: readonly Room[] };
const root = join(import.meta.dirname, '..');

/** Rows of the table "Rooms" of docs/ARCHITECTURE.md: rooms, each with what it may import. */
function tableOfRooms(): (readonly [name: string, may: string[]])[] {
  const [, chapter = ''] = readFileSync(join(root, 'docs/ARCHITECTURE.md'), 'utf8').split(/^## Rooms$/m);
  const [table = ''] = chapter.split(/^## /m);
  const rows = table.split('\n').filter((line) => line.startsWith('| `'));
  const namesIn = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
  return rows.map((row) => {
    const [, room, , may] = row.split('|');
    const [name = ''] = namesIn(room);
    return [name, namesIn(may).toSorted()] as const;
  });
}

function hasCode(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder, { recursive: true }).some((path) => String(path).endsWith('.ts'));
}

it('the table of rooms says what the allow-list of imports says', () => {
  const byName = (one: readonly [string, ...unknown[]], other: readonly [string, ...unknown[]]) =>
    one[0] < other[0] ? -1 : 1;
  const allowed = rooms.map(({ name, may }) => [name, may.toSorted()] as const);
  expect(tableOfRooms().toSorted(byName)).toEqual(allowed.toSorted(byName));
  expect(new Set(rooms.map(({ name }) => name)).size).toBe(rooms.length);
});

it('every folder with code is a room', () => {
  const folders = (parent: string) =>
    readdirSync(join(root, parent), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `${parent}${name}/`);
  const packages = folders('packages/').filter((folder) => folder !== 'packages/uxfrm/');
  const withCode = [
    ...folders('packages/server/src/'),
    ...packages.flatMap((folder) => [`${folder}src/`, `${folder}testing/`]),
    ...['lab/src/', 'lab/test/', 'vmlab/', 'bench/'],
  ].filter((folder) => folder !== 'packages/server/src/' && hasCode(join(root, folder)));
  const paths = rooms.map(({ path }) => path);
  expect(withCode.filter((folder) => !paths.includes(folder))).toEqual([]);
});
