import type { CapacityResource, HostCapacity, Load, ResourceUse } from '../../domain/operator/host-capacity.ts';
import { readCgroupBounds, type Bound, type CgroupBounds } from './cgroup-bounds.ts';
import { measureDaemonCosts, type DaemonCosts } from './daemon-costs.ts';
import { numberOf, readNumber, type HostFiles } from './host-files.ts';
import { findRunning, type KnownGateway } from './running-gateways.ts';

export interface CapacityQuestion {
  readonly gateways: readonly KnownGateway[];
  /** Of the neighbour table, what the kernel does not count: planned and permanent. */
  readonly permanentNeighbours: number;
  /** To which an agent raises the table where it may; 0 where it has done what it can. */
  readonly leastNeighbours: number;
  /** Memory that is left to everything else. */
  readonly keptBytes: number;
  /** Null where no agent is asked about. */
  readonly agentPid: number | null;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What a gateway or tunnel takes beside its daemons' memory and threads. */
const costs = {
  /** Namespace, filter and routes in the kernel, and what agent and controller know; a tunnel's device and rows. */
  kernelMemory: { vpnGateways: 2 * 1024 * 1024, vpnConnections: 128 * 1024 },
  /** charon and uxfrm some 20 each, agent and netnsd; a tunnel its device and the sockets to its peer. */
  openFiles: { vpnGateways: 64, vpnConnections: 4 },
  /** Connections to charon and uxfrm. */
  agentFiles: { vpnGateways: 4, vpnConnections: 0 },
  /** The namespace, a route socket and two monitors. */
  netnsdFiles: { vpnGateways: 4, vpnConnections: 0 },
  networkNamespaces: { vpnGateways: 1, vpnConnections: 0 },
  /** 128 addresses may be asked for at a time (docs/adr/0020), two devices of its own; a tunnel its device. */
  neighbours: { vpnGateways: 130, vpnConnections: 1 },
  /** Where the host tracks what it forwards: IKE, IKE behind NAT, ESP. */
  trackedConnections: { vpnGateways: 0, vpnConnections: 3 },
} as const satisfies Record<string, Load>;

/** Of what is counted, this part is left to everything else: who cannot start a shell mends nothing. */
const keptPart = 0.05;
/** Of a process's own files, what it opens in passing: for a packet filter netnsd has three beside each other. */
const leastKeptFiles = 16;

/** How much this host carries, as it is now: some thirty small files of the kernel, four for each gateway, four more for at most 32 of them. */
export async function readHostCapacity(files: HostFiles, question: CapacityQuestion): Promise<HostCapacity> {
  const running = await findRunning(files, question.gateways);
  const daemons = await measureDaemonCosts(files, running);
  const cgroup = await readCgroupBounds(files, running[0]?.charon ?? null);
  const uses = await Promise.all([
    memoryUses(files, daemons, cgroup, question.keptBytes),
    taskUses(files, daemons, cgroup),
    fileUses(files, question.agentPid),
    networkUses(files, question),
  ]);
  const vpnConnections = running.reduce((total, { tunnels }) => total + tunnels, 0);
  const measured = { vpnGateways: running.length, vpnConnections };
  return { measuredAt: question.now, measured, resources: uses.flat() };
}

async function memoryUses(
  files: HostFiles,
  { memory }: DaemonCosts,
  cgroup: CgroupBounds,
  kept: number,
): Promise<ResourceUse[]> {
  const text = (await files.text('/proc/meminfo')) ?? '';
  const bytesOf = (name: string) =>
    (numberOf(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1]) ?? NaN) * 1024;
  const [limit, available] = [bytesOf('MemTotal'), bytesOf('MemAvailable')];
  const host = Number.isNaN(limit - available) ? null : { limit, used: limit - available };
  const each = sum(memory, costs.kernelMemory);
  return [...use('memory', host, each, kept), ...use('cgroup-memory', cgroup.memory, each, kept)];
}

async function taskUses(
  files: HostFiles,
  { threads: each }: DaemonCosts,
  cgroup: CgroupBounds,
): Promise<ResourceUse[]> {
  // `0.35 0.80 1.32 1/357 31590`: those that run, and all threads of the machine.
  const used = numberOf(/\/(\d+) /.exec((await files.text('/proc/loadavg')) ?? '')?.[1]);
  const bound = async (path: string) => boundOf(await readNumber(files, path), used);
  return [
    ...use('threads', await bound('/proc/sys/kernel/threads-max'), each),
    ...use('process-ids', await bound('/proc/sys/kernel/pid_max'), each),
    ...use('cgroup-tasks', cgroup.tasks, each),
  ];
}

async function fileUses(files: HostFiles, agentPid: number | null): Promise<ResourceUse[]> {
  const [used, , limit] = ((await files.text('/proc/sys/fs/file-nr')) ?? '').split('\t').map(numberOf);
  const host = use('open-files', boundOf(limit, used), costs.openFiles);
  if (agentPid === null) return host;
  const netnsd = await findChild(files, agentPid, 'netnsd');
  return [
    ...host,
    ...useOfFiles('agent-files', await filesOfProcess(files, agentPid), costs.agentFiles),
    ...(netnsd === null ? [] : useOfFiles('netnsd-files', await filesOfProcess(files, netnsd), costs.netnsdFiles)),
  ];
}

function useOfFiles(resource: CapacityResource, bound: Bound | null, each: Load): ResourceUse[] {
  return use(resource, bound, each, Math.max(leastKeptFiles, partOf(bound)));
}

/** By the soft limit, at which it is refused one more. */
async function filesOfProcess(files: HostFiles, pid: number): Promise<Bound | null> {
  const limits = (await files.text(`/proc/${pid}/limits`)) ?? '';
  const limit = numberOf(/^Max open files\s+(\S+)/m.exec(limits)?.[1]);
  return boundOf(limit, await files.openFiles(pid));
}

async function findChild(files: HostFiles, pid: number, name: string): Promise<number | null> {
  const children = ((await files.text(`/proc/${pid}/task/${pid}/children`)) ?? '').split(' ').filter(Boolean);
  for (const child of children) {
    if ((await files.text(`/proc/${child}/comm`))?.trim() === name) return Number(child);
  }
  return null;
}

async function networkUses(files: HostFiles, question: CapacityQuestion): Promise<ResourceUse[]> {
  const sysctl = (name: string) => readNumber(files, `/proc/sys/${name.replaceAll('.', '/')}`);
  const namespaces = boundOf(await sysctl('user.max_net_namespaces'), (await files.entries('/run/netns')) ?? 0);
  const tracked = boundOf(
    await sysctl('net.netfilter.nf_conntrack_max'),
    await sysctl('net.netfilter.nf_conntrack_count'),
  );
  return [
    ...use('network-namespaces', namespaces, costs.networkNamespaces),
    ...use('neighbours', await readNeighbours(files, question), costs.neighbours),
    ...use('tracked-connections', tracked, costs.trackedConnections),
  ];
}

async function readNeighbours(
  files: HostFiles,
  { permanentNeighbours, leastNeighbours }: CapacityQuestion,
): Promise<Bound | null> {
  const limit = await readNumber(files, '/proc/sys/net/ipv4/neigh/default/gc_thresh3');
  const entries = await countNeighbours(files);
  if (limit === null || entries === null) return null;
  return { limit: Math.max(limit, leastNeighbours), used: Math.max(0, entries - permanentNeighbours) };
}

/** Of all namespaces; told in the machine's first one alone. In hexadecimal, the same in each processor's line. */
async function countNeighbours(files: HostFiles): Promise<number | null> {
  const [, line = ''] = ((await files.text('/proc/net/stat/arp_cache')) ?? '').split('\n');
  const [entries = ''] = line.split(' ');
  return /^[0-9a-f]+$/.test(entries) ? Number.parseInt(entries, 16) : null;
}

function boundOf(limit: number | null | undefined, used: number | null | undefined): Bound | null {
  return limit == null || used == null ? null : { limit, used };
}

function use(resource: CapacityResource, bound: Bound | null, each: Load, kept = partOf(bound)): ResourceUse[] {
  return bound === null ? [] : [{ resource, ...bound, kept, each }];
}

function partOf(bound: Bound | null): number {
  return Math.ceil((bound?.limit ?? 0) * keptPart);
}

function sum(one: Load, other: Load): Load {
  return {
    vpnGateways: one.vpnGateways + other.vpnGateways,
    vpnConnections: one.vpnConnections + other.vpnConnections,
  };
}
