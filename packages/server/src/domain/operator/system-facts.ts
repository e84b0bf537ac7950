import type { Condition } from './condition.ts';
import type { DataPlane } from './observation.ts';

/** What the program knows about itself. */
export interface SystemFacts {
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** What carries packets, and why it is that. */
  readonly dataPlane: { readonly name: DataPlane; readonly reason: string };
  /** The longest time of the last minute that the event loop came too late, milliseconds. */
  readonly readLoopLag: () => number;
  readonly readConditions: () => readonly Condition[] | Promise<readonly Condition[]>;
}
