import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { Change } from '../image/change.ts';
import type { Rows } from '../image/rows.ts';
import type { TunnelLook } from '../services/operator/tunnel-states.ts';
import { changedObjects, type ChangedObject } from './changed-objects.ts';

/** What changed of each kind: ids, or null where there were too many, or where they are not told. */
export type Changed = Readonly<Record<string, readonly string[] | null>>;

/** Who watches: what is his own, and nothing of others. */
export interface Watcher {
  readonly accountId: string;
  readonly isAdministrator: boolean;
  /** He may see some objects only: which ones changed is not told. */
  readonly isBounded: boolean;
}

/** The kind of what a tunnel is and what is wrong with it, which no row has. */
export const tunnelStates = 'tunnelStates';

/** More ids of a kind than this are as good as all. */
const mostIds = 200;

/** What changed since somebody was told last. */
export class Watch {
  readonly #watcher: Watcher;
  #waiting = new Map<string, Set<string> | null>();

  constructor(watcher: Watcher) {
    this.#watcher = watcher;
  }

  note({ accountId, kind, id }: ChangedObject): void {
    const { isAdministrator, isBounded, accountId: own } = this.#watcher;
    if (!isAdministrator && accountId !== own) return;
    if (isBounded) return void this.#waiting.set(kind, null);
    const ids = this.#waiting.get(kind);
    if (ids === null) return;
    if (ids === undefined) this.#waiting.set(kind, new Set([id]));
    else if (ids.add(id).size > mostIds) this.#waiting.set(kind, null);
  }

  /** Null: nothing. */
  take(): Changed | null {
    if (this.#waiting.size === 0) return null;
    const taken = [...this.#waiting].map(([kind, ids]) => [kind, ids === null ? null : [...ids]] as const);
    this.#waiting = new Map();
    return Object.fromEntries(taken);
  }
}

/** Hands each change and each fact to those whom it concerns. Costs nothing while nobody watches. */
export class News {
  readonly #rows: Rows;
  readonly #watches = new Set<Watch>();
  /** As it was told last, of each tunnel, while somebody watches. */
  readonly #told = new Map<VpnConnectionId, string>();

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  watch(watcher: Watcher): Watch & Disposable {
    const watch = new Watch(watcher);
    this.#watches.add(watch);
    return Object.assign(watch, {
      [Symbol.dispose]: () => {
        this.#watches.delete(watch);
        if (this.#watches.size === 0) this.#told.clear();
      },
    });
  }

  committed(changes: readonly Change[]): void {
    if (this.#watches.size === 0) return;
    for (const change of changes) for (const object of changedObjects(this.#rows, change)) this.#tell(object);
  }

  /** How a tunnel is, whenever something of it was seen; null: it is gone. Numbers that count up are no news. */
  looked(id: VpnConnectionId, look: TunnelLook | null): void {
    if (this.#watches.size === 0) return;
    const now = look === null ? '' : essenceOf(look);
    if (this.#told.get(id) === now) return;
    if (look === null) this.#told.delete(id);
    else this.#told.set(id, now);
    const connection = this.#rows.vpnConnections.get(id);
    if (connection !== undefined) this.#tell({ kind: tunnelStates, accountId: connection.accountId, id });
  }

  #tell(object: ChangedObject): void {
    for (const watch of this.#watches) watch.note(object);
  }
}

function essenceOf({ state, reason, since, isConnected, findings }: TunnelLook): string {
  return JSON.stringify([state, reason, since, isConnected, findings.map(({ code, since: seen }) => [code, seen])]);
}
