import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { wordFile } from './words.ts';

// Builds packages/console into files with hashes: `node scripts/console/build.ts`. Fails beyond the budget.

const home = join(import.meta.dirname, '../../packages/console');
const source = join(home, 'src');
const built = join(home, 'dist');
const making = `${built}.making`;

/** Bytes of gzip of all that a browser loads, words aside. */
const budget = 150 * 1024;

interface Built {
  readonly path: string;
  readonly bytes: number;
}

function keep(name: string, extension: string, content: string | Uint8Array): Built {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 12);
  const path = `assets/${name}-${hash}.${extension}`;
  writeFileSync(join(making, path), content);
  return { path, bytes: gzipSync(content, { level: 9 }).length };
}

async function script(): Promise<Built> {
  const bundle = await rolldown({
    input: join(source, 'main.tsx'),
    cwd: home,
    platform: 'browser',
  });
  const { output } = await bundle.generate({ format: 'esm', minify: true });
  await bundle.close();
  const [main, ...others] = output;
  if (others.length > 0)
    throw new Error(`more than one file was bundled: ${others.map(({ fileName }) => fileName).join(', ')}`);
  return keep('main', 'js', main.code);
}

function style(): Built {
  const folder = join(source, 'styles');
  const text = readdirSync(folder)
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
  const small = text
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ?([{};,]) ?/g, '$1');
  return keep('style', 'css', small);
}

interface Parts {
  readonly main: Built;
  readonly style: Built;
  readonly icon: Built;
  readonly wordsEn: Built;
  readonly wordsZh: Built;
}

function page({ main, style: look, icon, wordsEn, wordsZh }: Parts): string {
  const at = ({ path }: Built) => `/console/${path}`;
  return `<!doctype html>
<html lang="en" data-words-en="${at(wordsEn)}" data-words-zh="${at(wordsZh)}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Landbridge</title>
<link rel="icon" type="image/svg+xml" href="${at(icon)}">
<link rel="stylesheet" href="${at(look)}">
<script type="module" src="${at(main)}"></script>
<body></body>
</html>
`;
}

rmSync(making, { recursive: true, force: true });
mkdirSync(join(making, 'assets'), { recursive: true });
const parts: Parts = {
  main: await script(),
  style: style(),
  icon: keep('icon', 'svg', readFileSync(join(source, 'icon.svg'))),
  wordsEn: keep('words-en', 'json', wordFile('en')),
  wordsZh: keep('words-zh', 'json', wordFile('zh')),
};
writeFileSync(join(making, 'index.html'), page(parts));
const bytes = parts.main.bytes + parts.style.bytes + parts.icon.bytes;
const kibibytes = (count: number) => `${(count / 1024).toFixed(1)} KiB`;
if (bytes > budget) throw new Error(`the console has ${kibibytes(bytes)} of gzip, more than ${kibibytes(budget)}`);
rmSync(built, { recursive: true, force: true });
renameSync(making, built);
process.stdout.write(`console: ${kibibytes(bytes)} of ${kibibytes(budget)}, words ${kibibytes(parts.wordsEn.bytes)}\n`);
