import { readFile } from 'node:fs/promises';

/** Resident memory of a process in MiB; undefined when there is no such process. */
export async function residentMib(pid: number | undefined): Promise<number | undefined> {
  if (pid === undefined) return undefined;
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kib === undefined ? undefined : Math.round((Number(kib) / 1024) * 10) / 10;
}
