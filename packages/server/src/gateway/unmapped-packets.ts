import { dropCountsOf } from '../domain/operator/dropped-packets.ts';
import type { FilterCounter, UnmappedPair } from '../drivers/nft.ts';
import type { Logger } from '../platform/logger.ts';

export interface UnmappedPacketsOptions {
  /** By tunnel, the newest packet that no mapping of it names. Absent: nobody asks. */
  readonly readUnmapped?: (signal: AbortSignal) => Promise<ReadonlyMap<string, UnmappedPair>>;
  readonly logger: Logger;
}

/** Who sends what no mapping of an SPD tunnel names. It is one more question to the kernel, asked only while such packets come. */
export class UnmappedPackets {
  readonly #options: UnmappedPacketsOptions;
  /** Up to the last look. */
  #packets = 0;

  constructor(options: UnmappedPacketsOptions) {
    this.#options = options;
  }

  /** By tunnel, for people. @param counters of the packet filter, as of now. */
  async newest(counters: readonly FilterCounter[], signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const counted = dropCountsOf(counters).filter(({ reason }) => reason === 'unmapped');
    const packets = counted.reduce((sum, each) => sum + each.packets, 0);
    const hasGrown = packets > this.#packets;
    this.#packets = packets;
    const { readUnmapped, logger } = this.#options;
    if (!hasGrown || readUnmapped === undefined) return new Map();
    try {
      const pairs = await readUnmapped(signal);
      return new Map([...pairs].map(([id, { source, destination }]) => [id, `${source} → ${destination}`]));
    } catch (error) {
      signal.throwIfAborted();
      logger.warn({ error: (error as Error).message }, 'who sends what no mapping names could not be read');
      return new Map();
    }
  }
}
