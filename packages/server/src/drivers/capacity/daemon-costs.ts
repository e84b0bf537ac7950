import type { Load } from '../../domain/operator/host-capacity.ts';
import { numberOf, type HostFiles } from './host-files.ts';
import type { RunningGateway } from './running-gateways.ts';

/** What a gateway without tunnels takes for its daemons, and what each tunnel adds to that. */
export interface DaemonCosts {
  readonly memory: Load;
  readonly threads: Load;
}

const mebibyte = 1024 * 1024;

/** Where none runs (docs/benchmarks.md, Memory): charon 10 MiB and 17 threads, uxfrm 14 MiB and 3; 50 tunnels are 3 MiB more. */
export const documentedDaemonCosts: DaemonCosts = {
  memory: { vpnGateways: 24 * mebibyte, vpnConnections: 64 * 1024 },
  threads: { vpnGateways: 20, vpnConnections: 0 },
};

/** So many are asked for their memory: the kernel walks through all of its pages to tell it. */
const mostAsked = 32;

/** What those that run take; of many gateways some, evenly spread. */
export async function measureDaemonCosts(files: HostFiles, gateways: readonly RunningGateway[]): Promise<DaemonCosts> {
  const seen = { vpnGateways: 0, vpnConnections: 0 };
  const taken = { memory: 0, threads: 0 };
  for (const gateway of spread(gateways, mostAsked)) {
    const daemons = [gateway.charon, gateway.uxfrm].filter((pid) => pid !== null);
    const all = await Promise.all(daemons.map((pid) => readProcess(files, pid)));
    // Half a gateway would count as a whole one.
    if (all.includes(null)) continue;
    seen.vpnGateways += 1;
    seen.vpnConnections += gateway.tunnels;
    for (const one of all) {
      taken.memory += one?.memory ?? 0;
      taken.threads += one?.threads ?? 0;
    }
  }
  return {
    memory: scaled(documentedDaemonCosts.memory, taken.memory, seen),
    threads: scaled(documentedDaemonCosts.threads, taken.threads, seen),
  };
}

/** The documented costs, all by one factor, so that those of what was seen come to what it took. As they are where nothing was seen. */
export function scaled(documented: Load, taken: number, seen: Load): Load {
  const expected = seen.vpnGateways * documented.vpnGateways + seen.vpnConnections * documented.vpnConnections;
  if (expected === 0 || taken === 0) return documented;
  const factor = taken / expected;
  return {
    vpnGateways: Math.ceil(documented.vpnGateways * factor),
    vpnConnections: Math.ceil(documented.vpnConnections * factor),
  };
}

export function spread<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all;
  return Array.from({ length: most }, (_, index) => all[Math.floor((index * all.length) / most)] as T);
}

interface ProcessUse {
  readonly memory: number;
  readonly threads: number;
}

/** Memory of its own and its part of what it shares with others (PSS). Null where it cannot be asked. */
async function readProcess(files: HostFiles, pid: number): Promise<ProcessUse | null> {
  const kibibytes = numberOf(/^Pss:\s+(\d+) kB$/m.exec((await files.text(`/proc/${pid}/smaps_rollup`)) ?? '')?.[1]);
  const threads = numberOf(/^Threads:\s+(\d+)$/m.exec((await files.text(`/proc/${pid}/status`)) ?? '')?.[1]);
  return kibibytes === null || threads === null ? null : { memory: kibibytes * 1024, threads };
}
