import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

// A checkout whose program says what of it runs. What was built is a minute younger than its sources, unless a test says otherwise.

const command = fileURLToPath(new URL('../../landbridge', import.meta.url));
const built = 'packages/cli/dist/landbridge.js';
const builtAt = Date.now() / 1000 - 60;

let checkout: string;
beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'landbridge-command-'));
  write('packages/cli/src/main.ts', "console.log('sources')", builtAt - 60);
  write('packages/net/src/cidr.ts', '', builtAt - 60);
  write('package-lock.json', '{}', builtAt - 60);
  write('package.json', '{ "type": "module" }', builtAt - 60);
  write(built, "console.log('built')", builtAt);
  mkdirSync(join(checkout, 'node_modules/node/bin'), { recursive: true });
  symlinkSync(process.execPath, join(checkout, 'node_modules/node/bin/node'));
  copyFileSync(command, join(checkout, 'landbridge'));
});
afterEach(() => {
  rmSync(checkout, { recursive: true });
});

function write(path: string, text: string, at: number): void {
  const file = join(checkout, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  utimesSync(file, at, at);
}

function whatRuns(program?: string): string {
  const env = { ...process.env, NODE_COMPILE_CACHE: join(checkout, 'cache'), LANDBRIDGE_PROGRAM: program };
  return execFileSync(join(checkout, 'landbridge'), { env, encoding: 'utf8' }).trim();
}

it('runs what was built, though a test is newer', () => {
  write('packages/net/src/cidr.test.ts', '', builtAt + 30);
  expect(whatRuns()).toBe('built');
});

it('runs the sources where one of any package is newer, or a dependency, or nothing was built', () => {
  write('packages/net/src/cidr.ts', '', builtAt + 30);
  expect(whatRuns()).toBe('sources');
  write('packages/net/src/cidr.ts', '', builtAt - 60);
  expect(whatRuns()).toBe('built');
  write('package-lock.json', '{}', builtAt + 30);
  expect(whatRuns()).toBe('sources');
  write('package-lock.json', '{}', builtAt - 60);
  rmSync(join(checkout, built));
  expect(whatRuns()).toBe('sources');
});

it('runs what was built where there are no sources, and what it is told to', () => {
  write('packages/net/src/cidr.ts', '', builtAt + 30);
  expect(whatRuns('built')).toBe('built');
  write('packages/net/src/cidr.ts', '', builtAt - 60);
  expect(whatRuns('sources')).toBe('sources');
  rmSync(join(checkout, 'packages/cli/src'), { recursive: true });
  rmSync(join(checkout, 'packages/net'), { recursive: true });
  expect(whatRuns()).toBe('built');
});
