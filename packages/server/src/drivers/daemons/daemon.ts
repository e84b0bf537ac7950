import { readFile, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { canonicalPath } from '../../platform/canonical-path.ts';
import type { Clock } from '../../platform/clock.ts';
import { sideBySide } from '../../platform/side-by-side.ts';
import { confined, type Confinement } from '../confine.ts';
import { inNetns, type Kernel } from '../kernel.ts';
import { rotatedBytes } from '../log-file.ts';
import { inScope } from './scope.ts';

const launcher = fileURLToPath(new URL('daemon.sh', import.meta.url));
/** In the environment of each daemon: `<run directory>/<name>`. A recycled process id does not carry it. */
export const markVariable = 'LANDBRIDGE_DAEMON';

/** No file that a daemon writes gets larger, in blocks of 512 bytes: its log, looked at now and then (log-file.ts). */
const mostBlocks = String((2 * rotatedBytes) / 512);

/** A process of a gateway that outlives this one. */
export interface DaemonSpec {
  readonly name: 'charon' | 'uxfrm';
  readonly netns: string;
  readonly runDirectory: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What it has of the host, in namespaces of its own; null: it sees to that by itself. */
  readonly confinement: Confinement | null;
}

/** The process id of the running daemon, null when there is none. */
export async function findDaemon(spec: Pick<DaemonSpec, 'name' | 'runDirectory'>): Promise<number | null> {
  const mark = daemonMark(spec);
  const recorded = await readPid(pidFile(spec));
  if (recorded !== null && (await carriesMark(recorded, mark))) return recorded;
  // The file may be lost, the process not.
  for (const pid of await processIds()) if (await carriesMark(pid, mark)) return pid;
  return null;
}

async function processIds(): Promise<number[]> {
  return (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry)).map(Number);
}

/** Daemons of any gateway whose run directory is, or was, in this folder. */
export async function findDaemonsIn(folder: string): Promise<Pick<DaemonSpec, 'name' | 'runDirectory'>[]> {
  const names = ['charon', 'uxfrm'] as const;
  const marks = new Set<string>();
  // A few at a time: a host has many processes, and may have few files left to open.
  await sideBySide(await processIds(), 8, async (pid) => {
    const mark = await markOf(pid);
    if (mark !== null && names.some((name) => name === basename(mark))) marks.add(canonicalMark(mark));
  });
  return names.flatMap((name) =>
    [...marks].flatMap((mark) => {
      const runDirectory = dirname(mark);
      return basename(mark) === name && dirname(runDirectory) === folder ? [{ name, runDirectory }] : [];
    }),
  );
}

/** A former version named the directory by whatever path led there. */
function canonicalMark(mark: string): string {
  return join(canonicalPath(dirname(mark)), basename(mark));
}

/** Returns once the process exists; its socket tells when it is ready. */
export async function startDaemon(kernel: Kernel, spec: DaemonSpec): Promise<void> {
  const argv =
    spec.confinement === null
      ? ['sh', launcher, pidFile(spec), 'here', mostBlocks, ...spec.argv]
      : [
          ...['unshare', '--mount', '--pid', '--ipc', '--uts', '--'],
          ...['sh', launcher, pidFile(spec), 'inside', mostBlocks, ...confined(spec.argv, spec.confinement)],
        ];
  await kernel.commands.start(inScope(inNetns(kernel, spec.netns, argv), spec), {
    outputFile: `${spec.runDirectory}/${spec.name}.log`,
    env: { ...spec.env, [markVariable]: daemonMark(spec) },
  });
}

/** SIGTERM, and SIGKILL when that does not help in time. Only a process that carries the mark is signalled. */
export async function stopDaemon(
  spec: Pick<DaemonSpec, 'name' | 'runDirectory'>,
  clock: Clock,
  graceMs: number,
): Promise<void> {
  const mark = daemonMark(spec);
  const pid = await findDaemon(spec);
  if (pid !== null) {
    if (graceMs > 0) {
      sendSignal(pid, 'SIGTERM');
      await waitForEnd(pid, mark, clock, graceMs);
    }
    if (await carriesMark(pid, mark)) {
      sendSignal(pid, 'SIGKILL');
      await waitForEnd(pid, mark, clock, 2000);
    }
  }
  await rm(pidFile(spec), { force: true });
}

async function waitForEnd(pid: number, mark: string, clock: Clock, timeoutMs: number): Promise<void> {
  for (let waited = 0; waited < timeoutMs && (await carriesMark(pid, mark)); waited += 10) await clock.delay(10);
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function daemonMark(spec: Pick<DaemonSpec, 'name' | 'runDirectory'>): string {
  return `${spec.runDirectory}/${spec.name}`;
}

function pidFile(spec: Pick<DaemonSpec, 'name' | 'runDirectory'>): string {
  return `${spec.runDirectory}/${spec.name}.pid`;
}

async function readPid(file: string): Promise<number | null> {
  try {
    const pid = Number((await readFile(file, 'utf8')).trim());
    return Number.isSafeInteger(pid) && pid > 1 ? pid : null;
  } catch {
    return null;
  }
}

async function carriesMark(pid: number, mark: string): Promise<boolean> {
  const found = await markOf(pid);
  return found !== null && (found === mark || (basename(found) === basename(mark) && canonicalMark(found) === mark));
}

/** Null for one that is none of ours, and for a zombie: it has no environment any more. */
async function markOf(pid: number): Promise<string | null> {
  const prefix = `${markVariable}=`;
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  const entry = environment.split('\0').find((each) => each.startsWith(prefix));
  return entry?.slice(prefix.length) ?? null;
}
