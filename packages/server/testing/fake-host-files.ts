import type { HostFiles } from '../src/drivers/capacity/host-files.ts';

/** For tests only: what a kernel says, by path; folders as how many entries they have. */
export function fakeHostFiles(said: Readonly<Record<string, string | number>>): HostFiles {
  const number = (path: string) => (typeof said[path] === 'number' ? said[path] : null);
  return {
    text: (path) => Promise.resolve(typeof said[path] === 'string' ? said[path] : null),
    entries: (folder) => Promise.resolve(number(folder)),
    openFiles: (pid) => Promise.resolve(number(`/proc/${pid}/fd`)),
  };
}

/** A machine with 24 GiB and Linux 6.18, with the agent as process 100 and netnsd as 101. */
export const sampleHost: Readonly<Record<string, string | number>> = {
  '/proc/meminfo':
    'MemTotal:       24684436 kB\nMemFree:        16479232 kB\nMemAvailable:   23499776 kB\nBuffers: 4 kB\n',
  '/proc/self/cgroup': '0::/system.slice/landbridge-agent.service\n',
  '/proc/loadavg': '0.35 0.80 1.32 1/357 31590\n',
  '/proc/sys/kernel/threads-max': '192729\n',
  '/proc/sys/kernel/pid_max': '32768\n',
  '/proc/sys/fs/file-nr': '1699\t0\t2466165\n',
  '/proc/sys/user/max_net_namespaces': '96364\n',
  '/run/netns': 7,
  '/proc/sys/net/ipv4/neigh/default/gc_thresh3': '262144\n',
  '/proc/net/stat/arp_cache':
    'entries  allocs   destroys hash_grows\n0000001b 00005a65 00005ef2 00000004\n0000001b 0000606f 00005bc7 00000002\n',
  '/proc/sys/net/netfilter/nf_conntrack_max': '262144\n',
  '/proc/sys/net/netfilter/nf_conntrack_count': '12\n',
  '/proc/100/limits':
    'Limit                     Soft Limit           Hard Limit           Units     \nMax open files            524288               524288               files     \n',
  '/proc/100/fd': 31,
  '/proc/100/task/100/children': '99 101 ',
  '/proc/99/comm': 'tcpdump\n',
  '/proc/101/comm': 'netnsd\n',
  '/proc/101/limits': 'Max open files            1024                 524288               files     \n',
  '/proc/101/fd': 40,
};

/** A gateway's daemons, as files that the kernel and they leave. */
export function sampleDaemons(
  runDirectory: string,
  daemons: Readonly<
    Record<'charon' | 'uxfrm', { readonly pid: number; readonly pss: number; readonly threads: number }>
  >,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(daemons).flatMap(([name, { pid, pss, threads }]) => [
      [`${runDirectory}/${name}.pid`, `${pid}\n`],
      [`/proc/${pid}/comm`, `${name}\n`],
      [`/proc/${pid}/smaps_rollup`, `5600-7ffc [rollup]\nRss:               14000 kB\nPss:               ${pss} kB\n`],
      [`/proc/${pid}/status`, `Name:\t${name}\nThreads:\t${threads}\nSigQ:\t0/1\n`],
    ]),
  );
}
