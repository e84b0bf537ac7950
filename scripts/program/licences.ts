import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folderOfPackage = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

/** The licences of the packages of npm that these modules (absolute paths) are from, as one text. Throws for a package without one. */
export function licencesOf(modules: readonly string[]): string {
  const folders = new Set(modules.flatMap((path) => folderOfPackage.exec(path)?.[0] ?? []));
  return [...new Set([...folders].map(licenceOf))].sort().join('\n');
}

function licenceOf(folder: string): string {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly version: string;
    readonly license?: string;
  };
  const { name, version, license } = manifest;
  if (license === undefined) throw new Error(`${folder} has no licence`);
  const title = `${name} ${version} (${license})`;
  // Some are told by their name alone.
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? '' : `\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
  return `${title}\n${'-'.repeat(title.length)}\n${text}`;
}
