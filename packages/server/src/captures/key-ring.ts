import type { SaKeys } from '../drivers/sa-keys.ts';
import { Later } from '../platform/later.ts';

export interface KeyRingOptions {
  /** Those that there are now. */
  readonly read: () => Promise<readonly SaKeys[]>;
  readonly onError: (error: unknown) => void;
}

/** New SAs come before their predecessors go: none of them is there for so short a time. */
const againMs = 2000;

/** Keys of the SAs that there were while a capture ran: in memory, and nowhere else. */
export class KeyRing {
  readonly #options: KeyRingOptions;
  readonly #known = new Map<string, SaKeys>();
  readonly #again = new Later(() => void this.look());
  #isClosed = false;
  #isForgotten = false;

  constructor(options: KeyRingOptions) {
    this.#options = options;
  }

  /** Now, and again and again until it is closed. */
  async look(): Promise<void> {
    await this.#read();
    if (!this.#isClosed) this.#again.in(againMs);
  }

  /** A last time. Those that are known stay known. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#stop();
    await this.#read();
  }

  /** Nothing is known any more. */
  forget(): void {
    this.#isForgotten = true;
    this.#stop();
    this.#known.clear();
  }

  /** Until it is closed with those that there are now. */
  async keys(): Promise<readonly SaKeys[]> {
    if (!this.#isClosed) await this.#read();
    return [...this.#known.values()];
  }

  #stop(): void {
    this.#isClosed = true;
    this.#again.cancel();
  }

  async #read(): Promise<void> {
    try {
      const sas = await this.#options.read();
      if (this.#isForgotten) return;
      for (const sa of sas) this.#known.set(`${sa.destination} ${sa.spi}`, sa);
    } catch (error) {
      this.#options.onError(error);
    }
  }
}
