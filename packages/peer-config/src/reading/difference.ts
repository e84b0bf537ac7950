import type { PeerDevice, PeerTunnel } from '../peer-model.ts';

/** What can differ between a tunnel and a device's configuration. */
export const differenceFields = [
  'ike-version',
  'gateway-address',
  'device-address',
  'gateway-identity',
  'device-identity',
  'authentication',
  'key',
  'exchange-mode',
  'ike-encryption',
  'ike-integrity',
  'ike-group',
  'ike-lifetime',
  'encapsulation',
  'esp-encryption',
  'esp-integrity',
  'pfs',
  'esp-lifetime',
  'selectors',
  'routes',
  'dpd',
  'nat-traversal',
  'initiation',
] as const;

export type DifferenceField = (typeof differenceFields)[number];

/** `breaks`: the tunnel does not come up, or carries nothing; `warns`: it works only in part; `notes`: good to know. */
export type Severity = 'breaks' | 'warns' | 'notes';

/** A tunnel of the gateway, as the device has to be for it. */
export interface ComparedTunnel {
  readonly device: PeerDevice;
  readonly tunnel: PeerTunnel;
  /** When the gateway begins to negotiate. */
  readonly gatewayBegins: 'at-once' | 'with-traffic' | 'never';
}

/** For people; never a key. */
export interface Finding {
  readonly field: DifferenceField;
  readonly ours: string;
  readonly theirs: string;
  readonly severity: Severity;
  /** Of the file, from 1; null: the device's default. */
  readonly line: number | null;
}

export interface Difference extends Finding {
  /** What to change at the gateway, in the words of ModifyVpnConnectionAttribute. */
  readonly fixHere: string;
  /** What to change at the device, in the words of its configuration. */
  readonly fixThere: string;
}
