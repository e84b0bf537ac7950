import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { replaceFile } from './replace-file.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'landbridge-replace-'));
  path = join(folder, 'file');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('writes a new file, and another in its place, for its owner alone or whom it is for', () => {
  replaceFile(path, 'one');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const mask = process.umask(0o077);
  try {
    replaceFile(path, 'two', { mode: 0o644, flush: true });
  } finally {
    process.umask(mask);
  }
  expect(statSync(path).mode & 0o777).toBe(0o644);
  expect(readFileSync(path, 'utf8')).toBe('two');
  expect(readdirSync(folder)).toEqual(['file']);
});

it('goes over what a crash or somebody else has left, and keeps the former file where it cannot write', () => {
  replaceFile(path, 'one');
  const elsewhere = join(folder, 'elsewhere');
  writeFileSync(elsewhere, 'ha');
  symlinkSync(elsewhere, `${path}.new`);
  replaceFile(path, 'two');
  expect([readFileSync(path, 'utf8'), lstatSync(path).mode & 0o777]).toEqual(['two', 0o600]);
  expect(readFileSync(elsewhere, 'utf8')).toBe('ha');
  expect(() => replaceFile(join(folder, 'none', 'file'), 'three')).toThrow('ENOENT');
  expect(readFileSync(path, 'utf8')).toBe('two');
});
