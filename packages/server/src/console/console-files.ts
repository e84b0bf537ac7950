import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

export interface ConsoleFile {
  readonly bytes: Buffer;
  readonly gzip: Buffer;
  readonly type: string;
  /** Its name changes with its content. */
  readonly isImmutable: boolean;
}

/** By path below `/console/`. */
export type ConsoleFiles = ReadonlyMap<string, ConsoleFile>;

export const indexName = 'index.html';
/** As `make setup` builds it. */
const builtFolder = fileURLToPath(new URL('../../../console/dist', import.meta.url));

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};
const hashedName = /-[0-9a-zA-Z_-]{8,}\.\w+$/;

/**
 * The console's files, all of them in memory: once the process is nobody, it may not be able to read where the program is, and what is not
 * in this map is not served, whatever a path says. Null: they were not built.
 */
export function loadConsoleFiles(folder: string = builtFolder): ConsoleFiles | null {
  if (!existsSync(join(folder, indexName))) return null;
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  return new Map(names.map((name) => [name, fileOf(join(folder, name), name)]));
}

function fileOf(path: string, name: string): ConsoleFile {
  const bytes = readFileSync(path);
  const type = types[extname(name)];
  if (type === undefined) throw new Error(`${path}: a file of this kind is not served`);
  return { bytes, gzip: gzipSync(bytes, { level: 9 }), type, isImmutable: hashedName.test(name) };
}
