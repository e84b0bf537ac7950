import { IpMonitor } from './ip-monitor.ts';

/** A device of a gateway that is gone. */
export interface DeviceEnd {
  readonly name: string;
  /** As performance.now() counts. */
  readonly atMs: number;
}

export type DeviceWatch = IpMonitor<DeviceEnd>;

export function watchDeviceEnds(gatewayId: string): Promise<DeviceWatch> {
  return IpMonitor.start({ gatewayId, object: 'link', parse });
}

/** `Deleted 7: vpnx-1234abcd: <POINTOPOINT,…> …`. */
function parse(line: string, atMs: number): DeviceEnd | undefined {
  const name = /^Deleted \d+: ([^:@]+)/.exec(line)?.[1];
  return name === undefined ? undefined : { name, atMs };
}
