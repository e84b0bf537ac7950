import type { ChildSa, ChildSaState, IkeSa, IkeSaState } from '@landbridge/vici';
import type { SaObservation } from '../domain/operator/observation.ts';
import type { ChildPlan } from '../plan/plan.ts';
import type { WatchedConnection } from './watched-connection.ts';

/**
 * States in which a CHILD_SA carries packets. One that the peer renewed is REKEYED, and its successor INSTALLING, until the
 * peer deletes it (RFC 7296 section 2.8): a moment usually, as long as the peer likes by the standard.
 */
const carrying: ReadonlySet<ChildSaState> = new Set(['INSTALLED', 'UPDATING', 'REKEYING', 'REKEYED']);
const established: ReadonlySet<IkeSaState> = new Set(['ESTABLISHED', 'REKEYING', 'REKEYED']);

export type Observation = Pick<SaObservation, 'ikeEstablished' | 'children' | 'connected'>;

/** True while packets can pass through it. */
export function isCarrying(ikeSa: IkeSa, childSa: ChildSa): boolean {
  return established.has(ikeSa.state) && carrying.has(childSa.state);
}

/** What charon's SAs say about one connection. */
export function observeConnection({ plan, name }: WatchedConnection, ikeSas: readonly IkeSa[]): Observation {
  const own = ikeSas.filter((ikeSa) => ikeSa.name === name);
  const children: Record<string, boolean> = {};
  for (const child of plan.children) children[child.name] = false;
  for (const ikeSa of own) {
    for (const childSa of ikeSa.childSas) {
      if (children[childSa.name] === false && isCarrying(ikeSa, childSa)) children[childSa.name] = true;
    }
  }
  return {
    ikeEstablished: own.some(({ state }) => established.has(state)),
    children,
    connected: plan.children.length > 0 && Object.values(children).every(Boolean),
  };
}

/** The CHILD_SAs through which packets can pass. */
export function carryingOf(ikeSas: readonly IkeSa[]): readonly ChildSa[] {
  return ikeSas.flatMap((ikeSa) => ikeSa.childSas.filter((childSa) => isCarrying(ikeSa, childSa)));
}

/** True when a child that was there is not any more. */
export function hasFewerChildren(now: Observation, before: Observation): boolean {
  return Object.entries(before.children).some(([name, wasThere]) => wasThere && now.children[name] === false);
}

/** The children that are missing though others are there, where nobody but the peer opens them; else none. */
export function childrenLeftToPeer({ plan }: WatchedConnection, now: Observation): readonly ChildPlan[] {
  if (plan.negotiation === 'active' || !Object.values(now.children).some(Boolean)) return [];
  return plan.children.filter(({ name }) => now.children[name] === false);
}

/** Nothing is up: charon is gone, or was never there. */
export function nothingUp({ plan }: WatchedConnection): Observation {
  const children = Object.fromEntries(plan.children.map(({ name }) => [name, false]));
  return { ikeEstablished: false, children, connected: false };
}

/** The new observation; `changedAt` moves only when something did. */
export function mergeObservation(
  now: Observation,
  reason: string | null,
  before: SaObservation | null,
  time: number,
): SaObservation {
  const lastError = now.connected ? null : reason;
  const isSame =
    before?.connected === now.connected &&
    before.ikeEstablished === now.ikeEstablished &&
    before.lastError === lastError &&
    hasSameChildren(now, before);
  return isSame ? before : { ...now, lastError, changedAt: time };
}

function hasSameChildren(now: Observation, before: Observation): boolean {
  const names = Object.keys(now.children);
  return (
    names.length === Object.keys(before.children).length &&
    names.every((name) => now.children[name] === before.children[name])
  );
}
