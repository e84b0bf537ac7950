import type { JsonObject } from '@landbridge/client';
import type { PairedDevice } from '../lab/src/idc-pair.ts';

/** What goes wrong with device 1 of two, and how it is mended. */
export interface Fault {
  readonly name: string;
  begin(device: PairedDevice): Promise<void>;
  end(device: PairedDevice): Promise<void>;
}

/** How the tunnels are watched. */
export interface Setting {
  readonly name: string;
  /** Of ModifyVpnConnectionAttribute. */
  readonly parameters: JsonObject;
  readonly faults: readonly Fault[];
}

const killed: Fault = {
  name: 'device killed',
  begin: (device) => device.kill(),
  end: (device) => device.revive(),
};

const faults: readonly Fault[] = [
  killed,
  { name: 'line of the device cut', begin: (device) => device.cutLine(), end: (device) => device.mendLine() },
  {
    name: 'packets dropped both ways',
    begin: (device) => device.drop(['in', 'out']),
    end: (device) => device.dropNothing(),
  },
  {
    name: 'packets to the device dropped',
    begin: (device) => device.drop(['in']),
    end: (device) => device.dropNothing(),
  },
  {
    name: 'packets from the device dropped',
    begin: (device) => device.drop(['out']),
    end: (device) => device.dropNothing(),
  },
  { name: 'SAs deleted by the device', begin: (device) => device.deleteSas(), end: (device) => device.acceptSas() },
  {
    name: 'probe target removed',
    begin: (device) => device.removeProbeTarget(),
    end: (device) => device.restoreProbeTarget(),
  },
];

function probing(ProbeInterval: number, ProbeTimeout: number): JsonObject {
  const HealthCheckConfig = { ProbeType: 'NQA', ProbeInterval, ProbeThreshold: 3, ProbeTimeout };
  return { EnableHealthCheck: true, HealthCheckConfig };
}

export const settings: readonly Setting[] = [
  { name: 'probes of 100 ms × 3, the fastest', parameters: probing(100, 100), faults },
  { name: "probes of 1000 ms × 3, the vendor's fastest", parameters: probing(1000, 1000), faults },
  {
    // Without probes the devices' own switch has nothing to go by but VRRP: of the faults only this one moves the LAN too.
    name: 'no probes, DPD of 30 s',
    parameters: { EnableHealthCheck: false, DpdEnable: 1, DpdTimeout: '30', DpdAction: 'restart' },
    faults: [killed],
  },
];
