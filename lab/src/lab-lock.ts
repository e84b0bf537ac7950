import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { labFolder } from './own-namespaces.ts';

const lockFile = join(labFolder, 'lock');

interface LockHolder {
  readonly pid: number;
  /** Clock ticks from boot to the process's start: tells it from a later one with the same id. */
  readonly startTicks: string;
  readonly since: string;
}

export class LabBusy extends Error {
  constructor(holder: LockHolder) {
    super(
      `another lab, to be kept, is being built on this machine (process ${holder.pid}, since ${holder.since}); ` +
        'wait for its end or interrupt it, then try again',
    );
    this.name = 'LabBusy';
  }
}

/** Takes the only lab of this mount namespace for this process. A lock whose holder is dead is taken over. Throws LabBusy. */
export async function acquireLabLock(): Promise<AsyncDisposable> {
  const draft = `${lockFile}.${process.pid}`;
  const mine: LockHolder = {
    pid: process.pid,
    startTicks: (await startTicksOf(process.pid)) ?? '',
    since: new Date().toISOString(),
  };
  await mkdir(labFolder, { recursive: true, mode: 0o711 });
  await writeFile(draft, JSON.stringify(mine));
  try {
    // A hard link appears whole or not at all, so that nobody ever reads half a lock.
    while (!(await tryLink(draft))) await removeLockOfDead();
  } finally {
    await rm(draft);
  }
  return { [Symbol.asyncDispose]: () => rm(lockFile, { force: true }) };
}

async function tryLink(draft: string): Promise<boolean> {
  try {
    await link(draft, lockFile);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function removeLockOfDead(): Promise<void> {
  const holder = await readHolder();
  if (holder === null) return;
  if ((await startTicksOf(holder.pid)) === holder.startTicks) throw new LabBusy(holder);
  await rm(lockFile, { force: true });
}

/** Null when nobody holds it (any more). */
async function readHolder(): Promise<LockHolder | null> {
  const text = await readFile(lockFile, 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as LockHolder);
}

/** Field 22 of proc(5) `stat`, or null when there is no such process. */
async function startTicksOf(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  // The command name in brackets may hold blanks.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}
