import { readFile } from 'node:fs/promises';

/** Ticks of /proc/stat and /proc/PID/stat a second (USER_HZ, the same on every Linux that Node runs on). */
const ticksPerSecond = 100;

export interface CpuSeconds {
  /** Of the processes themselves. */
  readonly own: number;
  /** Of the commands that they have run to their ends, such as ip and nft. */
  readonly children: number;
}

/** Of a process with those that it started: the service is a launcher, a controller and an agent. */
export async function cpuSeconds(pid: number | undefined): Promise<CpuSeconds> {
  const all = await Promise.all([pid, ...(await startedBy(pid))].map(cpuSecondsOf));
  return {
    own: all.reduce((sum, { own }) => sum + own, 0),
    children: all.reduce((sum, { children }) => sum + children, 0),
  };
}

export async function startedBy(pid: number | undefined): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text.split(' ').filter(Boolean).map(Number);
}

export async function cpuSecondsOf(pid: number | undefined): Promise<CpuSeconds> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  // proc(5): utime, stime, cutime and cstime are fields 14 to 17; the second one may hold spaces.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15);
  return { own: (user + system) / ticksPerSecond, children: (childUser + childSystem) / ticksPerSecond };
}

export function cpuBetween(before: CpuSeconds, after: CpuSeconds): CpuSeconds {
  return { own: after.own - before.own, children: after.children - before.children };
}

/** Seconds that all processors of the machine were busy since it started, whoever was (proc(5), /proc/stat). */
export async function busyCpuSeconds(): Promise<number> {
  const text = await readFile('/proc/stat', 'utf8');
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = (/^cpu +(.*)$/m.exec(text)?.[1] ?? '')
    .split(' ')
    .map(Number);
  return (user + nice + system + irq + softirq) / ticksPerSecond;
}
