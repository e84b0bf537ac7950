import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { OwnFolder } from './own-folder.ts';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'landbridge-folder-'))));
afterEach(() => rmSync(root, { recursive: true }));

it('is made when it is wanted, for its user alone', () => {
  const folder = new OwnFolder(root, 'agent');
  expect(folder.find()).toBeUndefined();
  expect(folder.make()).toBe(join(root, 'agent'));
  expect(folder.find()).toBe(join(root, 'agent'));
  expect(statSync(join(root, 'agent')).mode & 0o777).toBe(0o700);
});

it.each<[string, (path: string) => void]>([
  ['a link', (path) => symlinkSync(tmpdir(), path)],
  [
    'a directory that others can write to',
    (path) => {
      mkdirSync(path);
      chmodSync(path, 0o770);
    },
  ],
])('is not taken for it: %s', (_, plant) => {
  const folder = new OwnFolder(root, 'agent');
  plant(join(root, 'agent'));
  expect(() => folder.find()).toThrow(/only the user of this service/);
  expect(() => folder.make()).toThrow(/only the user of this service/);
});
