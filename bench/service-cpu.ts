import { readFile, readdir } from 'node:fs/promises';
import { cpuSecondsOf, startedBy } from './cpu-time.ts';

/** Seconds that processes of the service computed, and the commands that they ran to their ends; daemons of gateways apart. */
export interface ServiceCpu {
  readonly controller: number;
  readonly agent: number;
  /** Launcher, netnsd, probers, and short-lived commands. */
  readonly helpers: number;
}

/** They go on without the service, and count as what they are: IKE and ESP. */
const daemons = ['charon', 'uxfrm'];

export async function serviceCpu(serverPid: number | undefined): Promise<ServiceCpu> {
  const cpu = { controller: 0, agent: 0, helpers: 0 };
  for (const pid of await treeOf(serverPid)) {
    const { name, command } = await namesOf(pid);
    if (daemons.includes(name)) continue;
    const side = (['controller', 'agent'] as const).find((known) => command.includes(`\0${known}\0`));
    const { children } = await cpuSecondsOf(pid).catch(() => ({ children: 0 }));
    cpu[side ?? 'helpers'] += await preciseSecondsOf(pid);
    cpu.helpers += children;
  }
  return cpu;
}

export function serviceCpuBetween(before: ServiceCpu, after: ServiceCpu): ServiceCpu {
  return {
    controller: after.controller - before.controller,
    agent: after.agent - before.agent,
    helpers: after.helpers - before.helpers,
  };
}

export function totalOf({ controller, agent, helpers }: ServiceCpu): number {
  return controller + agent + helpers;
}

/** Of all processes of a gateway's namespace with this name. */
export async function programCpu(pids: readonly number[]): Promise<number> {
  const all = await Promise.all(pids.map(preciseSecondsOf));
  return all.reduce((sum, seconds) => sum + seconds, 0);
}

async function treeOf(pid: number | undefined): Promise<number[]> {
  if (pid === undefined) return [];
  const children = await startedBy(pid).catch(() => []);
  return [pid, ...(await Promise.all(children.map(treeOf))).flat()];
}

async function namesOf(pid: number): Promise<{ readonly name: string; readonly command: string }> {
  const read = (file: string): Promise<string> => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
  return { name: (await read('comm')).trim(), command: await read('cmdline') };
}

/** A tick of /proc/PID/stat is half of what one change may cost: the scheduler counts nanoseconds, a thread each. */
async function preciseSecondsOf(pid: number): Promise<number> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const texts = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').catch(() => '0')),
  );
  return texts.reduce((sum, text) => sum + Number(text.split(' ')[0]) / 1e9, 0);
}
