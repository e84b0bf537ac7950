import type { HostCapacity, ResourceUse } from '../src/domain/operator/host-capacity.ts';
import { hostRoom } from '../src/domain/operator/room-on-host.ts';

/** For tests only. */

const mebibyte = 1024 * 1024;

/** Room for three gateways by memory, and for twenty tunnels by connections that are tracked. */
export const sampleUses: readonly ResourceUse[] = [
  {
    ...{ resource: 'memory', limit: 1024 * mebibyte, kept: 256 * mebibyte, used: 689 * mebibyte },
    each: { vpnGateways: 26 * mebibyte, vpnConnections: 192 * 1024 },
  },
  {
    ...{ resource: 'tracked-connections', limit: 1000, kept: 50, used: 890 },
    each: { vpnGateways: 0, vpnConnections: 3 },
  },
];

export const sampleCapacity: HostCapacity = {
  measuredAt: 0,
  measured: { vpnGateways: 2, vpnConnections: 3 },
  resources: sampleUses,
};

export const sampleRoom = hostRoom(sampleCapacity, sampleCapacity.measured);
