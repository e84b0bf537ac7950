import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DrainMark } from './drain-mark.ts';
import { OwnFolder } from './own-folder.ts';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'landbridge-drain-'))));
afterEach(() => rmSync(root, { recursive: true }));

const mark = () => new DrainMark(new OwnFolder(root, 'agent'));

it('outlives whoever set it, until it is removed; twice is once', () => {
  expect(mark().since()).toBeNull();
  mark().remove();
  mark().set();
  expect(Math.abs((mark().since() ?? 0) - Date.now())).toBeLessThan(60_000);
  utimesSync(join(root, 'agent', 'drained'), 1000, 1000);
  mark().set();
  expect(mark().since()).toBe(1_000_000);
  mark().remove();
  mark().remove();
  expect(mark().since()).toBeNull();
});

it('is not believed where somebody else could have put it', () => {
  mkdirSync(join(root, 'agent'));
  chmodSync(join(root, 'agent'), 0o770);
  expect(() => mark().since()).toThrow(/only the user of this service/);
  expect(() => mark().set()).toThrow(/only the user of this service/);
});
