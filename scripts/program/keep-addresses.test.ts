import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keepAddresses } from './keep-addresses.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'landbridge-bundle-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

async function bundled(): Promise<string> {
  const built = join(folder, 'a/b/dist');
  const bundle = await rolldown({ input: join(folder, 'main.ts'), platform: 'node', plugins: [keepAddresses(built)] });
  await bundle.write({ format: 'esm', dir: built });
  await bundle.close();
  return execFileSync(process.execPath, [join(built, 'main.js')], { encoding: 'utf8' });
}

it('a file beside a module is found from the bundle, and a folder above it', async () => {
  write({
    'main.ts': "import './deep/down/reader.ts';",
    'deep/down/reader.ts': `import { readFileSync } from 'node:fs';
      const above: URL = new URL('../../', import.meta.url);
      console.log(readFileSync(new URL('words.txt', import.meta.url), 'utf8'), above.pathname);`,
    'deep/down/words.txt': 'found',
  });
  expect(await bundled()).toBe(`found ${folder}/\n`);
});

it('a module that is a thread is bundled as well, with what it imports', async () => {
  write({
    'main.ts': "import './deep/starter.ts';",
    'deep/starter.ts': `import { Worker } from 'node:worker_threads';
      new Worker(new URL('./thread.ts', import.meta.url)).on('message', (text: string) => console.log(text));`,
    'deep/thread.ts': `import { parentPort } from 'node:worker_threads';
      import { word } from '../word.ts';
      parentPort?.postMessage(word);`,
    'word.ts': "export const word: string = 'from the thread';",
  });
  expect(await bundled()).toBe('from the thread\n');
});

it('a module of ours that asks in another way is refused by name', async () => {
  write({ 'main.ts': 'console.log(import.meta.dirname);' });
  await expect(bundled()).rejects.toThrow(/main\.ts: import\.meta in a form that is not bundled/);
});
