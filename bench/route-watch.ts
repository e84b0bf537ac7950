import { IpMonitor } from './ip-monitor.ts';

/** A change of a gateway's route table as the kernel announced it. */
export interface RouteChange {
  readonly kind: 'added' | 'deleted';
  readonly destination: string;
  /** As performance.now() counts. */
  readonly atMs: number;
}

export type RouteWatch = IpMonitor<RouteChange>;

/** Of a gateway's routes (docs/ARCHITECTURE.md, "The network"). */
const gatewayTable = '100';

export function watchRoutes(gatewayId: string): Promise<RouteWatch> {
  return IpMonitor.start({ gatewayId, object: 'route', parse });
}

/** `Deleted 10.1.0.0/24 dev vpnx-… table 100 proto 76 metric 1`. */
function parse(line: string, atMs: number): RouteChange | undefined {
  const words = line.trim().split(/\s+/);
  const kind = words[0] === 'Deleted' ? 'deleted' : 'added';
  if (kind === 'deleted') words.shift();
  const [destination = ''] = words;
  return words[words.indexOf('table') + 1] === gatewayTable ? { kind, destination, atMs } : undefined;
}
