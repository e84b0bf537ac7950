import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { secretsElsewhere } from './secrets-elsewhere.ts';

let dataDir: string;
beforeEach(() => (dataDir = mkdtempSync(join(tmpdir(), 'landbridge-elsewhere-'))));
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

it('are none where nobody has any', () => {
  expect(secretsElsewhere(dataDir)).toEqual({ preSharedKeys: new Map(), accessKeys: new Map() });
});

it('are the administrator’s, and what is there and cannot be read is not taken for nothing', () => {
  const file = join(dataDir, 'admin.json');
  writeFileSync(file, JSON.stringify({ secretId: 'AKIDadmin', secretKey: 'the secret half', account: 'admin' }));
  expect(secretsElsewhere(dataDir).accessKeys).toEqual(new Map([['AKIDadmin', 'the secret half']]));
  writeFileSync(file, 'half of it');
  expect(() => secretsElsewhere(dataDir)).toThrow(`${file} cannot be read`);
});

it('are in no error where their file is damaged', () => {
  writeFileSync(join(dataDir, 'admin.json'), 'a secret half');
  let told: unknown = null;
  try {
    secretsElsewhere(dataDir);
  } catch (error) {
    told = error;
  }
  expect(told).toBeInstanceOf(Error);
  expect(inspect(told)).toContain('cannot be read');
  expect(inspect(told)).not.toContain('a secret half');
});
