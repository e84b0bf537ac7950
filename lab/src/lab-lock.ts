import { open, readFile, rm } from 'node:fs/promises';

const lockFile = '/run/landbridge-lab.lock';

interface LockHolder {
  readonly pid: number;
  /** Clock ticks from boot to the process's start: tells it from a later one with the same id. */
  readonly startTicks: string;
  readonly since: string;
}

export class LabBusy extends Error {
  constructor(holder: LockHolder) {
    super(
      `another lab is running on this machine (process ${holder.pid}, since ${holder.since}); ` +
        'wait for its end or interrupt it, then try again',
    );
    this.name = 'LabBusy';
  }
}

/** Takes the machine's only lab for this process. A lock whose holder is dead is taken over. Throws LabBusy. */
export async function acquireLabLock(): Promise<AsyncDisposable> {
  const holder = await readHolder();
  if (holder !== null && (await startTicksOf(holder.pid)) === holder.startTicks) throw new LabBusy(holder);
  await rm(lockFile, { force: true });
  const mine: LockHolder = {
    pid: process.pid,
    startTicks: (await startTicksOf(process.pid)) ?? '',
    since: new Date().toISOString(),
  };
  // Fails with EEXIST when another process was quicker.
  const file = await open(lockFile, 'wx', 0o600);
  await file.writeFile(JSON.stringify(mine));
  await file.close();
  return { [Symbol.asyncDispose]: () => rm(lockFile, { force: true }) };
}

async function readHolder(): Promise<LockHolder | null> {
  try {
    return JSON.parse(await readFile(lockFile, 'utf8')) as LockHolder;
  } catch {
    return null;
  }
}

/** Field 22 of proc(5) `stat`, or null when there is no such process. */
async function startTicksOf(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  // The command name in brackets may hold blanks.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}
