import type { IkeSa } from '@landbridge/vici';
import { FirstRenewals } from './first-renewals.ts';
import { isCarrying } from './observe.ts';
import { findCollisionSas, findExcessSas, type RedundantSas } from './redundant-sas.ts';
import { ReopenedIkeSas } from './reopened-ike-sas.ts';
import { SilentSas } from './silent-sas.ts';
import type { WatchedConnection } from './watched-connection.ts';

/** What to tell charon so that connections that shall be up come up, and stay up once. */
export type WatchdogAction =
  | { readonly kind: 'initiate'; readonly connection: string; readonly child: string }
  | { readonly kind: 'terminateIke'; readonly ikeId: number; readonly why: 'stuck' | 'redundant' | 'barren' }
  | { readonly kind: 'terminateChild'; readonly childId: number }
  | { readonly kind: 'rekeyIke'; readonly ikeId: number }
  | { readonly kind: 'rekeyChild'; readonly childId: number };

interface Wait {
  since: number;
  attempts: number;
  /** When nothing was under way last, or an attempt was started. */
  nextAttemptAt: number;
}

const firstRetryMs = 1000;
const maxRetryMs = 30_000;
/** charon's retransmissions end after 16 seconds (strongswan-conf.ts): an attempt as old as this hangs. */
const stuckMs = 60_000;
/** So often a CHILD_SA is asked for within an IKE_SA that has none. */
const mostAttemptsWithin = 2;
/** SAs side by side are normal for a moment while one replaces the other. */
const redundantMs = 5000;
const maxRedundantMs = 600_000;
/** So much in excess is closed at growing pauses, since a peer may open it again; more, at a steady pace. */
const littleExcess = 4;

interface Redundancy {
  /** Since when there are redundant SAs; null while there are none. */
  since: number | null;
  pauseMs: number;
  reducedAt: number;
}

/**
 * charon gives up an attempt for good when the peer refuses it, and never starts one for a child that the peer did not
 * take. The watchdog asks again, with growing pauses. It decides from what charon lists; the caller acts.
 */
export class Watchdog {
  /** Child name → since when it is missing. */
  readonly #waits = new Map<string, Wait>();
  /** Attempt (unique id and SPI) → first seen. */
  readonly #attempts = new Map<string, number>();
  /** By connection name. */
  readonly #collisions = new Map<string, Redundancy>();
  readonly #excesses = new Map<string, Redundancy>();
  readonly #silent = new SilentSas();
  readonly #reopened = new ReopenedIkeSas();
  readonly #firstRenewals = new FirstRenewals();

  decide(connections: readonly WatchedConnection[], ikeSas: readonly IkeSa[], now: number): WatchdogAction[] {
    const names = new Set(connections.map(({ name }) => name));
    this.#forget(connections, names);
    const byName = Map.groupBy(ikeSas, ({ name }) => name);
    return [
      ...this.#findStuck(ikeSas, names, now),
      ...[
        ...this.#silent.findSilent(connections, ikeSas, now),
        ...this.#firstRenewals.findDue(connections, ikeSas, now),
      ].map((childId): WatchdogAction => ({ kind: 'rekeyChild', childId })),
      ...this.#reopened
        .findEmptied(connections, ikeSas, now)
        .map((ikeId): WatchdogAction => ({ kind: 'rekeyIke', ikeId })),
      ...connections.flatMap((connection) => {
        const own = byName.get(connection.name) ?? [];
        return [...this.#findMissing(connection, own, now), ...this.#findRedundant(connection, own, now)];
      }),
    ];
  }

  /** Milliseconds until decide() may have something new to say without any event; undefined when it will not. */
  nextDecision(now: number): number | undefined {
    const times = [...this.#waits.values()].map(({ nextAttemptAt }) => nextAttemptAt);
    if (this.#silent.nextDue !== undefined) times.push(this.#silent.nextDue);
    return times.length === 0 ? undefined : Math.max(0, Math.min(...times) - now);
  }

  /** @param own the connection's. */
  #findMissing(connection: WatchedConnection, own: readonly IkeSa[], now: number): WatchdogAction[] {
    if (connection.plan.negotiation !== 'active') return [];
    const actions: WatchdogAction[] = [];
    const ended: number[] = [];
    for (const { name: child } of connection.plan.children) {
      const key = `${connection.name} ${child}`;
      if (own.some((ikeSa) => ikeSa.childSas.some((sa) => sa.name === child && isCarrying(ikeSa, sa)))) {
        this.#waits.delete(key);
        continue;
      }
      // The first attempt is made when the connection is loaded (drivers/charon-connections.ts).
      const wait = this.#waits.get(key) ?? { since: now, attempts: 0, nextAttemptAt: now + firstRetryMs };
      this.#waits.set(key, wait);
      if (isUnderWay(own, child)) {
        wait.nextAttemptAt = Math.max(wait.nextAttemptAt, now + firstRetryMs);
      } else if (now >= wait.nextAttemptAt) {
        wait.nextAttemptAt = now + Math.min(maxRetryMs, firstRetryMs * 2 ** Math.min(wait.attempts, 10));
        wait.attempts++;
        const barren = wait.attempts > mostAttemptsWithin ? findBarren(own) : [];
        if (barren.length > 0) {
          ended.push(...barren);
          wait.nextAttemptAt = now + firstRetryMs;
        } else {
          actions.push({ kind: 'initiate', connection: connection.name, child });
        }
      }
    }
    const ends = [...new Set(ended)].map((ikeId): WatchdogAction => ({ kind: 'terminateIke', ikeId, why: 'barren' }));
    return [...ends, ...actions];
  }

  #findStuck(ikeSas: readonly IkeSa[], names: ReadonlySet<string>, now: number): WatchdogAction[] {
    const open = ikeSas.filter(({ name, state }) => names.has(name) && state === 'CONNECTING');
    const keys = new Set(open.map(attemptKey));
    for (const key of this.#attempts.keys()) if (!keys.has(key)) this.#attempts.delete(key);
    return open.flatMap((ikeSa): WatchdogAction[] => {
      const since = this.#attempts.get(attemptKey(ikeSa)) ?? now;
      this.#attempts.set(attemptKey(ikeSa), since);
      return now - since > stuckMs ? [{ kind: 'terminateIke', ikeId: ikeSa.uniqueId, why: 'stuck' }] : [];
    });
  }

  /**
   * A peer may open again what we closed (a close action of its own): the pause before the next reduction doubles, so that two
   * such ends do not keep each other busy. Only what is far too much is held down at a steady pace.
   */
  #findRedundant({ name }: WatchedConnection, own: readonly IkeSa[], now: number): WatchdogAction[] {
    return [
      ...reduce(this.#collisions, name, findCollisionSas(own), now, Infinity),
      ...reduce(this.#excesses, name, findExcessSas(own), now, littleExcess),
    ];
  }

  #forget(connections: readonly WatchedConnection[], names: ReadonlySet<string>): void {
    const children = new Set(
      connections.flatMap(({ name, plan }) => plan.children.map((child) => `${name} ${child.name}`)),
    );
    for (const key of this.#waits.keys()) if (!children.has(key)) this.#waits.delete(key);
    for (const memory of [this.#collisions, this.#excesses]) {
      for (const key of memory.keys()) if (!names.has(key)) memory.delete(key);
    }
  }
}

/**
 * Ends what has been redundant for a while.
 * @param few so many wait for a pause that has doubled each time.
 */
function reduce(
  memories: Map<string, Redundancy>,
  name: string,
  found: RedundantSas,
  now: number,
  few: number,
): WatchdogAction[] {
  const memory = memories.get(name) ?? { since: null, pauseMs: redundantMs, reducedAt: 0 };
  const count = found.ikeIds.length + found.childIds.length;
  if (count === 0) {
    memory.since = null;
    if (now - memory.reducedAt > maxRedundantMs) memories.delete(name);
    return [];
  }
  memories.set(name, memory);
  memory.since ??= now;
  if (now - memory.since < (count > few ? redundantMs : memory.pauseMs)) return [];
  Object.assign(memory, { since: null, pauseMs: Math.min(memory.pauseMs * 2, maxRedundantMs), reducedAt: now });
  return [
    ...found.ikeIds.map((ikeId) => ({ kind: 'terminateIke', ikeId, why: 'redundant' }) as const),
    ...found.childIds.map((childId) => ({ kind: 'terminateChild', childId }) as const),
  ];
}

function attemptKey({ uniqueId, initiatorSpi }: IkeSa): string {
  return `${uniqueId} ${initiatorSpi}`;
}

/** Somebody, charon or we or the peer, is at it. */
function isUnderWay(own: readonly IkeSa[], child: string): boolean {
  return own.some((ikeSa) => {
    if (ikeSa.state === 'CREATED' || ikeSa.state === 'CONNECTING') return true;
    if (ikeSa.state !== 'ESTABLISHED') return false;
    const tasks = [...ikeSa.tasksActive, ...ikeSa.tasksQueued, ...ikeSa.tasksPassive];
    if (tasks.some((task) => task === 'CHILD_CREATE' || task === 'QUICK_MODE')) return true;
    return ikeSa.childSas.some(
      ({ name, state }) => name === child && ['CREATED', 'INSTALLING', 'RETRYING'].includes(state),
    );
  });
}

/**
 * IKE_SAs that are established and carry nothing. The first CHILD_SA comes with the IKE_SA and has no key exchange of its own: where the
 * peer refuses that of CREATE_CHILD_SA, such as for another group, another IKE_SA brings the tunnel up again. Where one CHILD_SA is
 * there, nothing is ended for the sake of the others.
 */
function findBarren(own: readonly IkeSa[]): number[] {
  const carries = (ikeSa: IkeSa) => ikeSa.childSas.some((childSa) => isCarrying(ikeSa, childSa));
  if (own.some(carries)) return [];
  return own.filter(({ state }) => state === 'ESTABLISHED').map(({ uniqueId }) => uniqueId);
}
