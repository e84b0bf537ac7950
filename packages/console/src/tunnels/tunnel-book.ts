import { computed, signal } from '@preact/signals';
import { call } from '../calls/call.ts';
import { GentleCalls } from '../calls/gentle-calls.ts';
import { onChanged, type Changed } from '../live/stream.ts';
import type { Tunnel } from './tunnel.ts';

/** Of those that changed, asked for at once. */
const pageSize = 100;
/** Proofs get older and newer without news: everything is read anew, the more of it the less often. */
const everyMs = { least: 10_000, perTunnel: 10 } as const;

/** Every tunnel that may be seen, with its state and findings: read once, and then those that changed. */
export class TunnelBook {
  readonly #tunnels = signal<ReadonlyMap<string, Tunnel> | null>(null);
  /** Null: not read yet. */
  readonly tunnels = computed(() => {
    const tunnels = this.#tunnels.value;
    return tunnels === null ? null : [...tunnels.values()];
  });
  /** Why nothing newer is known; null: nothing is wrong. */
  readonly problem = signal<unknown>(null);
  /** When the oldest of it was asked for, milliseconds of this machine's clock. */
  readonly at = signal<number | null>(null);
  readonly #calls = new GentleCalls(call);
  #work: Promise<void> = Promise.resolve();
  readonly #waiting = new Set<string>();
  #wantsAll = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #stop: () => void;
  #isEnded = false;

  constructor() {
    this.#stop = onChanged((changed) => this.#hear(changed));
    void this.readAll(false);
  }

  end(): void {
    this.#isEnded = true;
    clearTimeout(this.#timer);
    this.#stop();
  }

  of(id: string): Tunnel | undefined {
    return this.#tunnels.value?.get(id);
  }

  /** Once what is asked for already has come. */
  readAll(isBackground: boolean): Promise<void> {
    if (this.#wantsAll) return this.#work;
    this.#wantsAll = true;
    return this.#next(async () => {
      this.#wantsAll = false;
      this.#waiting.clear();
      const at = Date.now();
      const tunnels = await this.#calls.list('DescribeTunnelHealth', 'TunnelHealthSet', {}, { isBackground });
      this.#tunnels.value = new Map(tunnels.map((tunnel) => [tunnel.VpnConnectionId, tunnel]));
      this.at.value = at;
      this.#readLater(tunnels.length);
    });
  }

  #hear(changed: Changed): void {
    const kinds =
      changed === null ? [null] : [changed['vpnConnections'], changed['tunnelStates'], changed['findingMutes']];
    if (kinds.includes(null)) void this.readAll(true);
    const ids = kinds.flatMap((kind) => kind ?? []);
    if (ids.length === 0) return;
    const isAsked = this.#waiting.size > 0;
    for (const id of ids) this.#waiting.add(id);
    if (!isAsked) void this.#next(() => this.#readWaiting());
  }

  async #readWaiting(): Promise<void> {
    const ids = [...this.#waiting];
    this.#waiting.clear();
    if (ids.length === 0) return;
    const tunnels = new Map(this.#tunnels.value);
    for (let from = 0; from < ids.length; from += pageSize) {
      const VpnConnectionIds = ids.slice(from, from + pageSize) as Tunnel['VpnConnectionId'][];
      const asked = { VpnConnectionIds, Limit: pageSize };
      const { TunnelHealthSet } = await call('DescribeTunnelHealth', asked, { isBackground: true });
      for (const id of VpnConnectionIds) tunnels.delete(id);
      for (const tunnel of TunnelHealthSet) tunnels.set(tunnel.VpnConnectionId, tunnel);
    }
    this.#tunnels.value = tunnels;
  }

  #next(step: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(step).then(
      () => void (this.problem.value = null),
      (error: unknown) => {
        this.problem.value = error;
        this.#readLater(0);
      },
    );
    return this.#work;
  }

  #readLater(count: number): void {
    clearTimeout(this.#timer);
    if (this.#isEnded) return;
    this.#timer = setTimeout(
      () => {
        if (document.visibilityState === 'visible') void this.readAll(true);
        else this.#readLater(count);
      },
      Math.max(everyMs.least, count * everyMs.perTunnel),
    );
  }
}
