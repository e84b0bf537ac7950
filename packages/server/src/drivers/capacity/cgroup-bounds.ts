import { dirname } from 'node:path';
import { numberOf, readNumber, type HostFiles } from './host-files.ts';

export interface Bound {
  readonly limit: number;
  readonly used: number;
}

export interface CgroupBounds {
  readonly memory: Bound | null;
  readonly tasks: Bound | null;
}

const root = '/sys/fs/cgroup';

/**
 * Of the control group that gateways run in and of those around it, the bound that leaves the least. Of cgroup v2 alone: where the first
 * one is, none is seen. @param daemon the process of one that runs; null: none does, and where the first one will be is not known.
 */
export async function readCgroupBounds(files: HostFiles, daemon: number | null): Promise<CgroupBounds> {
  const told = daemon === null ? null : await files.text(`/proc/${daemon}/cgroup`);
  const group = /^0::(\/.*)$/m.exec(told ?? '')?.[1];
  const groups = group === undefined ? [] : upwards(withoutScope(group));
  const [memory, tasks] = await Promise.all([
    Promise.all(groups.map((group) => readMemory(files, group))),
    Promise.all(groups.map((group) => readTasks(files, group))),
  ]);
  return { memory: tightest(memory), tasks: tightest(tasks) };
}

/** Our scope of a daemon (drivers/daemons/scope.ts) bounds that one alone; the next one is beside it. */
function withoutScope(group: string): string {
  return /\/landbridge-gateway-[^/]*\.scope$/.test(group) ? dirname(group) : group;
}

/** `/a/b` and `/a`; the root has no bounds. */
function upwards(group: string): string[] {
  const names = group.split('/').filter((name) => name !== '');
  return names.map((_, index) => `${root}/${names.slice(0, names.length - index).join('/')}`);
}

/** Without what the kernel gives back when somebody needs it. */
async function readMemory(files: HostFiles, group: string): Promise<Bound | null> {
  const limit = await readNumber(files, `${group}/memory.max`);
  const current = await readNumber(files, `${group}/memory.current`);
  if (limit === null || current === null) return null;
  const stat = (await files.text(`${group}/memory.stat`)) ?? '';
  const of = (name: string) => numberOf(new RegExp(`^${name} (\\d+)$`, 'm').exec(stat)?.[1]) ?? 0;
  return { limit, used: Math.max(0, current - of('inactive_file') - of('slab_reclaimable')) };
}

async function readTasks(files: HostFiles, group: string): Promise<Bound | null> {
  const limit = await readNumber(files, `${group}/pids.max`);
  const used = await readNumber(files, `${group}/pids.current`);
  return limit === null || used === null ? null : { limit, used };
}

function tightest(bounds: readonly (Bound | null)[]): Bound | null {
  const known = bounds.filter((bound) => bound !== null);
  return known.sort((one, other) => one.limit - one.used - (other.limit - other.used))[0] ?? null;
}
