import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepRelease } from '../packages/server/testing/release-fixture.ts';

// `npm run keep-release`, once, when a version is released: keeps a database of it, which every later version has to open.

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const work = mkdtempSync(join(tmpdir(), 'landbridge-release-'));
try {
  await keepRelease(version, work);
  process.stdout.write(`${version} is kept\n`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
