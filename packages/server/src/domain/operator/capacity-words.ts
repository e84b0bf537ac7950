import type { Words } from '../refusal.ts';
import type { CapacityResource, CarriedKind } from './host-capacity.ts';
import type { Room } from './room-on-host.ts';

/** What a resource is called, and what an operator does where it ends. */
interface ResourceWords {
  readonly name: Words;
  readonly remedy: Words;
}

const words = (name: Words, remedy: Words): ResourceWords => ({ name, remedy });
const raise = (name: Words, setting: string) =>
  words(
    { en: `${name.en} (${setting})`, zh: `${name.zh}（${setting}）` },
    { en: `raise ${setting}`, zh: `请调大 ${setting}` },
  );

export const capacityWords: Readonly<Record<CapacityResource, ResourceWords>> = {
  memory: words(
    { en: 'memory of the host', zh: '主机内存' },
    { en: 'give the host more memory', zh: '请为主机增加内存' },
  ),
  'cgroup-memory': raise({ en: 'memory of the control group of gateways', zh: '网关所在控制组的内存' }, 'MemoryMax='),
  threads: raise({ en: 'threads of the host', zh: '主机线程数' }, 'kernel.threads-max'),
  'process-ids': raise({ en: 'process ids', zh: '进程号' }, 'kernel.pid_max'),
  'cgroup-tasks': raise({ en: 'tasks of the control group of gateways', zh: '网关所在控制组的任务数' }, 'TasksMax='),
  'open-files': raise({ en: 'open files of the host', zh: '主机打开文件数' }, 'fs.file-max'),
  'agent-files': raise({ en: 'open files of the agent', zh: '代理进程打开文件数' }, 'LimitNOFILE='),
  'netnsd-files': raise({ en: 'open files of netnsd', zh: 'netnsd 进程打开文件数' }, 'LimitNOFILE='),
  'network-namespaces': raise({ en: 'network namespaces', zh: '网络命名空间' }, 'user.max_net_namespaces'),
  neighbours: raise({ en: 'entries of the neighbour table', zh: '邻居表项' }, 'net.ipv4.neigh.default.gc_thresh3'),
  'tracked-connections': raise(
    { en: 'tracked connections of the host', zh: '主机连接跟踪条目' },
    'net.netfilter.nf_conntrack_max',
  ),
};

export const carriedWords: Readonly<Record<CarriedKind, Words>> = {
  vpnGateways: { en: 'VPN gateways', zh: 'VPN 网关' },
  vpnConnections: { en: 'tunnels', zh: '通道' },
};

/** How much there is, what one more would take, and what to do. */
export function describeEnd(kind: CarriedKind, { endedBy }: Room): Words {
  const { resource, limit, kept, used, each } = endedBy;
  const { name, remedy } = capacityWords[resource];
  const [all, left, taken, one] = [limit, kept, used, each[kind]].map((amount) => amountOf(resource, amount));
  return {
    en: `${name.en}: ${taken} of ${all} are taken, ${left} are kept for everything else, and one more takes ${one}; ${remedy.en}`,
    zh: `${name.zh}：共 ${all}，已占用 ${taken}，为其他用途保留 ${left}，再增加一个需要 ${one}；${remedy.zh}`,
  };
}

function amountOf(resource: CapacityResource, amount: number): string {
  if (resource !== 'memory' && resource !== 'cgroup-memory') return String(amount);
  const mebibytes = amount / 1024 / 1024;
  return `${mebibytes < 10 ? Math.round(mebibytes * 100) / 100 : Math.round(mebibytes)} MiB`;
}
