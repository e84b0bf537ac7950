import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What the parts of the bench run beside what a gateway needs; Debian's packages are in the Makefile. */
export const benchPrograms = [
  'fping',
  'iperf',
  'iperf3',
  'keepalived',
  'nft',
  'ping',
  'swanctl',
  'taskset',
  'tc',
  'tcpdump',
];

/** Throws naming those that are in no folder of `path`. */
export function requirePrograms(names: readonly string[], path = process.env['PATH'] ?? ''): void {
  const folders = [...path.split(delimiter), '/usr/sbin', '/sbin'];
  const missing = names.filter((name) => !folders.some((folder) => isProgram(join(folder, name))));
  if (missing.length > 0) throw new Error(`missing: ${missing.join(', ')}; \`make bench\` installs what is needed`);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
