import type { DesiredState } from '../domain/desired-state.ts';
import type { UplinkForwarding } from '../planner/forwarding-guard.ts';
import type { DefaultsProfile } from '../domain/vpn/negotiation-defaults.ts';
import type { ObservedState } from '../domain/operator/observed-state.ts';
import type { Quotas } from '../domain/operator/quotas.ts';
import type { RegionNames } from '../domain/operator/region-names.ts';
import type { Uplink } from '../domain/operator/uplink.ts';
import type { Clock } from '../platform/clock.ts';
import type { IdSource } from '../platform/ids.ts';
import type { Logger } from '../platform/logger.ts';
import type { HostPorts } from './operator/host-interfaces.ts';
import type { Store } from '../store/store.ts';

/** What every use case may need; nothing here does I/O but the store, and a look at the host. */
export interface ServiceDependencies {
  readonly store: Store;
  readonly observed: ObservedState;
  /** Null: the operator configured none, so no gateway can get a public address. */
  readonly uplink: Uplink | null;
  readonly hostPorts: HostPorts;
  /** Whose the host's forwarding from the uplink is, for the host's plan. */
  readonly readForwarding: (desired: DesiredState) => Promise<UplinkForwarding>;
  readonly quotas: Quotas;
  readonly regions: RegionNames;
  readonly defaults: DefaultsProfile;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
}
