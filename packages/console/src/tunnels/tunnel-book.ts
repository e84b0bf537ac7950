import { computed, signal } from '@preact/signals';
import { call } from '../calls/call.ts';
import { onChanged, type Changed } from '../live/stream.ts';
import type { Tunnel } from './tunnel.ts';

const pageSize = 100;
/** Pages that are asked for side by side. */
const sideBySide = 4;
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
      const tunnels = await readPages(isBackground);
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

async function readPages(isBackground: boolean): Promise<readonly Tunnel[]> {
  const page = (Offset: number) => call('DescribeTunnelHealth', { Offset, Limit: pageSize }, { isBackground });
  const first = await page(0);
  const offsets = Array.from(
    { length: Math.max(0, Math.ceil(first.TotalCount / pageSize) - 1) },
    (_, index) => (index + 1) * pageSize,
  );
  const tunnels = [...first.TunnelHealthSet];
  for (let from = 0; from < offsets.length; from += sideBySide) {
    const pages = await Promise.all(offsets.slice(from, from + sideBySide).map(page));
    for (const { TunnelHealthSet } of pages) tunnels.push(...TunnelHealthSet);
  }
  return tunnels;
}
