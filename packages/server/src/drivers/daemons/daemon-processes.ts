import { readFile, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { canonicalPath } from '../../platform/canonical-path.ts';
import type { Clock } from '../../platform/clock.ts';
import { sharedRun } from '../../platform/shared-run.ts';
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

/** The place that the daemon's own process names. */
type DaemonPlace = Pick<DaemonSpec, 'name' | 'runDirectory'>;

/**
 * The daemons of gateways among the processes of the host. What ran before us is read once, what runs since then we have started: of a
 * daemon that can be neither of both nobody reads all processes.
 */
export class DaemonProcesses {
  readonly #markedProcesses: () => Promise<ReadonlyMap<string, number>>;
  /** Of what may run. */
  #marks: Promise<Set<string>> | null = null;

  /** @param reading of all processes: the first with each mark. */
  constructor(reading = markedProcesses) {
    this.#markedProcesses = reading;
  }

  /** The process id of the running daemon, null when there is none. */
  async find(place: DaemonPlace): Promise<number | null> {
    const mark = daemonMark(place);
    const recorded = await readPid(pidFile(place));
    if (recorded !== null && (await carriesMark(recorded, mark))) return recorded;
    if (!(await this.#mayRun()).has(mark)) return null;
    // The file may be lost, the process not.
    for (const [found, pid] of await this.#markedProcesses()) if (isMark(found, mark)) return pid;
    return null;
  }

  /** Daemons of any gateway whose run directory is, or was, in this folder. */
  async findIn(folder: string): Promise<DaemonPlace[]> {
    const names = ['charon', 'uxfrm'] as const;
    const marks = new Set([...(await this.#markedProcesses()).keys()].map(canonicalMark));
    return names.flatMap((name) =>
      [...marks].flatMap((mark) => {
        const runDirectory = dirname(mark);
        return basename(mark) === name && dirname(runDirectory) === folder ? [{ name, runDirectory }] : [];
      }),
    );
  }

  /** Returns once the process exists; its socket tells when it is ready. */
  async start(kernel: Kernel, spec: DaemonSpec): Promise<void> {
    const argv =
      spec.confinement === null
        ? ['sh', launcher, pidFile(spec), 'here', mostBlocks, ...spec.argv]
        : [
            ...['unshare', '--mount', '--pid', '--ipc', '--uts', '--'],
            ...['sh', launcher, pidFile(spec), 'inside', mostBlocks, ...confined(spec.argv, spec.confinement)],
          ];
    const mark = daemonMark(spec);
    (await this.#mayRun()).add(mark);
    await kernel.commands.start(inScope(inNetns(kernel, spec.netns, argv), spec), {
      outputFile: `${spec.runDirectory}/${spec.name}.log`,
      env: { ...spec.env, [markVariable]: mark },
    });
  }

  /** SIGTERM, and SIGKILL when that does not help in time. Only a process that carries the mark is signalled. */
  async stop(place: DaemonPlace, clock: Clock, graceMs: number): Promise<void> {
    const mark = daemonMark(place);
    const pid = await this.find(place);
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
    await rm(pidFile(place), { force: true });
  }

  #mayRun(): Promise<Set<string>> {
    this.#marks ??= this.#markedProcesses().then(
      (marked) => new Set([...marked.keys()].map(canonicalMark)),
      (error: unknown) => {
        this.#marks = null;
        throw error;
      },
    );
    return this.#marks;
  }
}

/**
 * The first process with each mark that there is. All processes of the host are read, which many gateways that start at a time have
 * done once.
 */
const markedProcesses = sharedRun(async (): Promise<ReadonlyMap<string, number>> => {
  const marked = new Map<string, number>();
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry)).map(Number);
  // A few at a time: a host has many processes, and may have few files left to open.
  await sideBySide(pids, 8, async (pid) => {
    const mark = await markOf(pid);
    if (mark !== null && pid < (marked.get(mark) ?? Infinity)) marked.set(mark, pid);
  });
  return marked;
});

/** A former version named the directory by whatever path led there. */
function canonicalMark(mark: string): string {
  return join(canonicalPath(dirname(mark)), basename(mark));
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

function daemonMark(place: DaemonPlace): string {
  return `${place.runDirectory}/${place.name}`;
}

function pidFile(place: DaemonPlace): string {
  return `${place.runDirectory}/${place.name}.pid`;
}

async function readPid(file: string): Promise<number | null> {
  const pid = Number((await textIn(file)).trim());
  return Number.isSafeInteger(pid) && pid > 1 ? pid : null;
}

async function carriesMark(pid: number, mark: string): Promise<boolean> {
  const found = await markOf(pid);
  return found !== null && isMark(found, mark);
}

/** Paths are followed only where they may lead to the same: that costs a call for each part of them. */
function isMark(found: string, mark: string): boolean {
  if (found === mark) return true;
  const ends = (path: string): string => join(basename(dirname(path)), basename(path));
  return ends(found) === ends(mark) && canonicalMark(found) === mark;
}

/** Null for one that is none of ours, and for a zombie: it has no environment any more. */
async function markOf(pid: number): Promise<string | null> {
  const prefix = `${markVariable}=`;
  const environment = await textIn(`/proc/${pid}/environ`);
  const entry = environment.split('\0').find((each) => each.startsWith(prefix));
  return entry?.slice(prefix.length) ?? null;
}

/** What of the system's refusals says nothing about the file. */
const forWantOfRoom = new Set(['EMFILE', 'ENFILE', 'ENOMEM']);

/** Empty for what is not there, no process any more, or somebody else's. Throws where nothing can be opened at all. */
async function textIn(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (forWantOfRoom.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return '';
  }
}
