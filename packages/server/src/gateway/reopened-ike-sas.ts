import type { ChildSa, IkeSa } from '@landbridge/vici';
import type { WatchedConnection } from './watched-connection.ts';

/** What a peer opens this soon after an IKE_SA ended stands for that one. */
const reopenMs = 5000;
/** Where it does not help it is left be. */
const mostRenewals = 8;
const forgetMs = 600_000;

interface Memory {
  /** Unique ids of the established IKE_SAs at the last look. */
  known: ReadonlySet<number>;
  /** When one was gone last, and the highest unique id before. */
  gone: { readonly at: number; readonly highestId: number } | null;
  renewed: ReadonlySet<number>;
  renewals: number;
  lastRenewalAt: number;
}

/**
 * IKEv1: charon hands all CHILD_SAs of an IKE_SA to one that the peer opens beside it, and closes the emptied one ten seconds
 * later, as if it were a renewal. A peer that had opened it for good still has a CHILD_SA there. Where it opens again what is
 * closed, strongSwan's `close_action = start`, that comes beside the other one, which is emptied in turn: this never ends. But
 * when the emptied one is renewed from here before it is closed, the peer's charon hands its own CHILD_SA of it to the new
 * one, and what is closed then is empty on both ends.
 *
 * A peer that restarted opens one beside one that it has forgotten, and must not be asked for a renewal: so it counts only when
 * an IKE_SA ended right before.
 */
export class ReopenedIkeSas {
  readonly #memories = new Map<string, Memory>();

  /** Unique ids of emptied IKE_SAs to renew now. Each look counts. */
  findEmptied(connections: readonly WatchedConnection[], ikeSas: readonly IkeSa[], now: number): number[] {
    const watched = connections.filter(({ plan }) => plan.version === 1);
    const names = new Set(watched.map(({ name }) => name));
    for (const name of this.#memories.keys()) if (!names.has(name)) this.#memories.delete(name);
    const byName = Map.groupBy(ikeSas, ({ name }) => name);
    return watched.flatMap(({ name }) => this.#findOf(name, byName.get(name) ?? [], now));
  }

  #findOf(name: string, all: readonly IkeSa[], now: number): number[] {
    const memory = this.#memories.get(name) ?? newMemory();
    this.#memories.set(name, memory);
    // One that is being renewed has not ended: what the peer opens beside it is its own renewal.
    const present = new Set(all.map(({ uniqueId }) => uniqueId));
    if ([...memory.known].some((id) => !present.has(id))) {
      memory.gone = { at: now, highestId: Math.max(...memory.known) };
    }
    const own = all.filter(isEstablished);
    const ids = new Set(own.map(({ uniqueId }) => uniqueId));
    memory.known = ids;
    if (now - memory.lastRenewalAt > forgetMs) memory.renewals = 0;
    const { gone } = memory;
    if (gone === null || now - gone.at > reopenMs) return [];
    const isReopened = ({ role, uniqueId, childSas }: IkeSa): boolean =>
      role === 'responder' && uniqueId > gone.highestId && hasEquals(childSas);
    const reopened = own.filter(isReopened).map(({ uniqueId }) => uniqueId);
    const found = own
      .filter(({ uniqueId, childSas }) => childSas.length === 0 && reopened.some((id) => id > uniqueId))
      .map(({ uniqueId }) => uniqueId)
      .filter((id) => !memory.renewed.has(id))
      .slice(0, mostRenewals - memory.renewals);
    memory.renewed = new Set([...memory.renewed, ...found].filter((id) => ids.has(id)));
    if (found.length > 0) Object.assign(memory, { renewals: memory.renewals + found.length, lastRenewalAt: now });
    return found;
  }
}

function newMemory(): Memory {
  return { known: new Set(), gone: null, renewed: new Set(), renewals: 0, lastRenewalAt: -Infinity };
}

function isEstablished({ state }: IkeSa): boolean {
  return state === 'ESTABLISHED';
}

/** One that was handed over, and one that the peer opened beside it. */
function hasEquals(childSas: readonly ChildSa[]): boolean {
  const selectors = childSas.map(({ name, localTs, remoteTs }) => [name, ...localTs, '===', ...remoteTs].join(' '));
  return new Set(selectors).size < selectors.length;
}
