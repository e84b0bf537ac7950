import { readdir, readFile, readlink } from 'node:fs/promises';
import { poll } from '@landbridge/testbed/poll';

/** The two processes of the service, found from outside as children of the one that was started. */
export type ServiceSide = 'controller' | 'agent';

export async function serviceProcess(serverPid: number | undefined, side: ServiceSide): Promise<number | undefined> {
  if (serverPid === undefined) return undefined;
  const text = await readFile(`/proc/${serverPid}/task/${serverPid}/children`, 'utf8').catch(() => '');
  const pids = text.split(' ').filter(Boolean).map(Number);
  const commands = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return pids.find((_, index) => commands[index]?.includes(`\0${side}\0`));
}

/** Ends it with SIGKILL and waits until another one is there. */
export async function killServiceProcess(serverPid: number | undefined, side: ServiceSide): Promise<void> {
  const pid = await serviceProcess(serverPid, side);
  if (pid === undefined) throw new Error(`no ${side} runs`);
  process.kill(pid, 'SIGKILL');
  await poll(
    `another ${side}`,
    () => serviceProcess(serverPid, side),
    (now) => now !== undefined && now !== pid,
    { within: 30_000 },
  );
}

/** What every thread of a process says of itself, by name: `CapEff` and the like. */
export async function statusesOf(pid: number): Promise<ReadonlyMap<string, string>[]> {
  const threads = await readdir(`/proc/${pid}/task`);
  const texts = await Promise.all(threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/status`, 'utf8')));
  return texts.map((text) => new Map(text.split('\n').map((line) => line.split(':\t') as [string, string])));
}

/** Inodes of the sockets that a process has open. */
export async function socketsOf(pid: number): Promise<string[]> {
  const files = await readdir(`/proc/${pid}/fd`);
  const targets = await Promise.all(files.map((file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => '')));
  return targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []);
}
