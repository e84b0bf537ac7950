import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fakeHostFiles, sampleDaemons, sampleHost } from '../../../testing/fake-host-files.ts';
import type { CapacityResource, ResourceUse } from '../../domain/operator/host-capacity.ts';
import { systemHostFiles } from './host-files.ts';
import { readHostCapacity, type CapacityQuestion } from './read-host-capacity.ts';

const mebibyte = 1024 * 1024;
const nothing: CapacityQuestion = {
  ...{ gateways: [], permanentNeighbours: 0, leastNeighbours: 0, keptBytes: 256 * mebibyte, agentPid: 100, now: 5 },
};

async function usesOf(said: Readonly<Record<string, string | number>>, question: Partial<CapacityQuestion> = {}) {
  const { resources } = await readHostCapacity(fakeHostFiles(said), { ...nothing, ...question });
  return Object.fromEntries(resources.map((use) => [use.resource, use])) as Partial<
    Record<CapacityResource, ResourceUse>
  >;
}

describe('what a host carries', () => {
  it('is read from what its kernel says, each bound with what it keeps', async () => {
    const uses = await usesOf(sampleHost, { permanentNeighbours: 20 });
    expect(
      Object.fromEntries(Object.values(uses).map((use) => [use.resource, [use.limit, use.kept, use.used]])),
    ).toEqual({
      memory: [24_684_436 * 1024, 256 * mebibyte, (24_684_436 - 23_499_776) * 1024],
      threads: [192_729, 9637, 357],
      'process-ids': [32_768, 1639, 357],
      'open-files': [2_466_165, 123_309, 1699],
      'agent-files': [524_288, 26_215, 31],
      'netnsd-files': [1024, 52, 40],
      'network-namespaces': [96_364, 4819, 7],
      neighbours: [262_144, 13_108, 7],
      'tracked-connections': [262_144, 13_108, 12],
    });
    expect(uses['netnsd-files']?.each).toEqual({ vpnGateways: 4, vpnConnections: 0 });
  });

  it('keeps of the files of one process what it opens in passing, however low its limit is', async () => {
    const low = 'Max open files            64                   64                   files     \n';
    const uses = await usesOf({ ...sampleHost, '/proc/100/limits': low, '/proc/101/limits': low });
    const kept = [uses['agent-files'], uses['netnsd-files']].map((use) => [use?.limit, use?.kept]);
    expect(kept).toEqual([
      [64, 16],
      [64, 16],
    ]);
  });

  it('counts the neighbour table as an agent will raise it', async () => {
    expect((await usesOf(sampleHost, { leastNeighbours: 300_000 })).neighbours?.limit).toBe(300_000);
  });

  it('leaves out what this kernel, or this place, does not tell', async () => {
    expect(await usesOf({})).toEqual({});
    const hidden = ['/proc/net/stat/arp_cache', '/proc/meminfo'];
    const others = Object.fromEntries(Object.entries(sampleHost).filter(([path]) => !hidden.includes(path)));
    const uses = await usesOf({ ...others, '/proc/sys/fs/file-nr': '1\t0\t9223372036854775807\n' }, { agentPid: null });
    expect(Object.keys(uses)).toEqual(['threads', 'process-ids', 'network-namespaces', 'tracked-connections']);
  });

  it('is bounded by the control group of gateways as well, by the tightest of those around a scope, without caches', async () => {
    const slice = '/sys/fs/cgroup/landbridge.slice';
    const inner = `${slice}/landbridge-inner.slice`;
    const scope = 'landbridge-gateway-a.scope';
    const groups = {
      // Of one daemon alone.
      ...{ [`${inner}/${scope}/memory.max`]: '1000\n', [`${inner}/${scope}/memory.current`]: '999\n' },
      ...{ [`${inner}/${scope}/pids.max`]: '5\n', [`${inner}/${scope}/pids.current`]: '4\n' },
      ...{ [`${inner}/memory.max`]: 'max\n', [`${inner}/memory.current`]: '999\n' },
      ...{ [`${slice}/memory.max`]: '1000000\n', [`${slice}/memory.current`]: '700000\n' },
      [`${slice}/memory.stat`]: 'anon 5\ninactive_file 100000\nslab_reclaimable 50000\n',
      ...{ [`${inner}/pids.max`]: '4096\n', [`${inner}/pids.current`]: '90\n' },
      ...{ [`${slice}/pids.max`]: '4100\n', [`${slice}/pids.current`]: '99\n' },
    };
    const runDirectory = '/var/lib/landbridge/run/vpngw-a';
    const daemons = sampleDaemons(runDirectory, {
      charon: { pid: 500, pss: 6000, threads: 17 },
      uxfrm: { pid: 501, pss: 9000, threads: 5 },
    });
    const gateways = [{ runDirectory, tunnels: 1 }];
    const said = { ...sampleHost, ...groups, ...daemons };
    const inScope = `0::/landbridge.slice/landbridge-inner.slice/${scope}\n`;
    const uses = await usesOf({ ...said, '/proc/500/cgroup': inScope }, { gateways });
    expect(uses['cgroup-memory']).toMatchObject({ limit: 1_000_000, used: 550_000 });
    expect(uses['cgroup-tasks']).toMatchObject({ limit: 4100, used: 99 });

    // Started by an agent that no unit started: beside it.
    const beside = await usesOf(
      { ...said, '/proc/500/cgroup': '0::/landbridge.slice/landbridge-inner.slice\n' },
      { gateways },
    );
    expect(beside['cgroup-tasks']).toMatchObject({ limit: 4100, used: 99 });
    // And in a scope that somebody else made, which bounds all of them.
    const foreign = `${slice}/session-1.scope`;
    const inForeign = { [`${foreign}/pids.max`]: '50\n', [`${foreign}/pids.current`]: '49\n' };
    const session = '0::/landbridge.slice/session-1.scope\n';
    const there = await usesOf({ ...said, ...inForeign, '/proc/500/cgroup': session }, { gateways });
    expect(there['cgroup-tasks']).toMatchObject({ limit: 50, used: 49 });
    // The group of whoever asks says nothing of where gateways are.
    const unknown = await usesOf({ ...said, '/proc/self/cgroup': inScope });
    expect(unknown).not.toHaveProperty('cgroup-memory');
    expect(unknown).not.toHaveProperty('cgroup-tasks');
  });

  it('counts gateways whose daemons run, and asks them what they take', async () => {
    const run = '/var/lib/landbridge/run';
    const said = {
      ...sampleHost,
      ...sampleDaemons(`${run}/vpngw-a`, {
        charon: { pid: 500, pss: 6000, threads: 17 },
        uxfrm: { pid: 501, pss: 9000, threads: 5 },
      }),
      // Ended, and its process id is somebody else's.
      ...{ [`${run}/vpngw-b/charon.pid`]: '99\n', [`${run}/vpngw-c/charon.pid`]: '12345\n' },
    };
    const gateways = ['a', 'b', 'c', 'd'].map((name) => ({ runDirectory: `${run}/vpngw-${name}`, tunnels: 10 }));
    const capacity = await readHostCapacity(fakeHostFiles(said), { ...nothing, gateways });
    expect(capacity.measured).toEqual({ vpnGateways: 1, vpnConnections: 10 });
    expect(capacity.measuredAt).toBe(5);
    const [memory, threads] = capacity.resources;
    expect(threads?.each).toEqual({ vpnGateways: 22, vpnConnections: 0 });
    const daemons = memory!.each.vpnGateways - 2 * mebibyte + 10 * (memory!.each.vpnConnections - 128 * 1024);
    expect(Math.abs(daemons - 15_000 * 1024)).toBeLessThan(16);
  });
});

describe.runIf(existsSync('/proc/self/limits'))('the machine that this runs on', () => {
  it('tells its memory, threads, files and this process', async () => {
    const { resources } = await readHostCapacity(systemHostFiles, { ...nothing, agentPid: process.pid });
    const names = resources.map(({ resource }) => resource);
    for (const name of ['memory', 'threads', 'process-ids', 'agent-files']) expect(names).toContain(name);
    for (const { limit, used } of resources) {
      expect(used).toBeGreaterThanOrEqual(0);
      expect(limit).toBeGreaterThan(0);
    }
    const own = resources.find(({ resource }) => resource === 'agent-files');
    expect(own!.used).toBeGreaterThan(3);
    expect(own!.used).toBeLessThan(own!.limit);
  });
});
