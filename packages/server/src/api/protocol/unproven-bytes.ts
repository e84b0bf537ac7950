/** Bytes of one body whose signature is not proven yet. */
export interface Holding {
  add(bytes: number): void;
  /** The signature is proven, or the call is over. May be called twice. */
  release(): void;
}

/**
 * Bounds what strangers can make the server hold: with more than `most` bytes, the body that began first gives way.
 * That is a slow one sooner than one that is on its way through.
 */
export class UnprovenBytes {
  readonly #most: number;
  readonly #holdings = new Map<Holding, { bytes: number; readonly giveWay: () => void }>();
  #total = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get total(): number {
    return this.#total;
  }

  hold(giveWay: () => void): Holding {
    const entry = { bytes: 0, giveWay };
    const holding: Holding = {
      add: (bytes) => {
        if (!this.#holdings.has(holding)) return;
        entry.bytes += bytes;
        this.#total += bytes;
        this.#makeRoom();
      },
      release: () => {
        if (this.#holdings.delete(holding)) this.#total -= entry.bytes;
      },
    };
    this.#holdings.set(holding, entry);
    return holding;
  }

  #makeRoom(): void {
    for (const [holding, { giveWay }] of this.#holdings) {
      if (this.#total <= this.#most) return;
      holding.release();
      giveWay();
    }
  }
}
