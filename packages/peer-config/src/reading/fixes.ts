import type { ComparedTunnel, DifferenceField } from './difference.ts';
import type { FoundTunnel } from './found-tunnel.ts';

/** What a device has to be told so that it fits, in the words of its configuration. */
export type Fixes = (ours: ComparedTunnel, found: FoundTunnel) => Readonly<Record<DifferenceField, string>>;
