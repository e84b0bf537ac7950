import type { DefaultsProfile } from '../domain/negotiation-defaults.ts';
import type { ObservedState } from '../domain/observed-state.ts';
import type { Quotas } from '../domain/quotas.ts';
import type { RegionNames } from '../domain/region-names.ts';
import type { Uplink } from '../domain/uplink.ts';
import type { Clock } from '../platform/clock.ts';
import type { IdSource } from '../platform/ids.ts';
import type { Logger } from '../platform/logger.ts';
import type { Store } from '../store/store.ts';

/** What every use case may need; nothing here does I/O but the store. */
export interface ServiceDependencies {
  readonly store: Store;
  readonly observed: ObservedState;
  /** Null: the operator configured none, so no gateway can get a public address. */
  readonly uplink: Uplink | null;
  readonly quotas: Quotas;
  readonly regions: RegionNames;
  readonly defaults: DefaultsProfile;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
}
