import { differingFields, type Key, type Kind, type PresentObject, type SiteObject } from './site-object.ts';

/** One thing to be done so that the service has what the file wants. */
export type Step =
  | { readonly do: 'create'; readonly key: Key; readonly object: SiteObject }
  | {
      readonly do: 'change';
      readonly key: Key;
      readonly object: SiteObject;
      readonly present: PresentObject;
      readonly fields: readonly string[];
    }
  | { readonly do: 'delete'; readonly key: Key; readonly present: PresentObject }
  /** Cannot be done: these fields stay as they are for the life of an object. */
  | {
      readonly do: 'refuse';
      readonly key: Key;
      readonly object: SiteObject;
      readonly present: PresentObject;
      readonly fields: readonly string[];
    };

/** Steps with those that have to be done before them. */
export type OrderedStep = Step & { readonly after: readonly Key[] };

/** What an object has for life. */
const fixed: Partial<Record<Kind, readonly string[]>> = {
  vpc: ['cidr'],
  subnet: ['cidr', 'zone'],
  customerGateway: ['address'],
  vpnGateway: ['vpc'],
  tunnel: ['mode'],
  directConnectGateway: ['vpc', 'asn'],
  ccn: ['bandwidthLimitType'],
};

export interface StepOptions {
  /** Deletes what was made for this site and is no longer wanted. */
  readonly prune: boolean;
}

/**
 * The difference between what is wanted and what is there, in an order in which it can be done: an object after all it needs, a
 * deletion before what it needs is deleted, and after those that need it were told otherwise. Deletions come as early as that
 * allows: what is new may want their place.
 */
export function stepsTo(
  wanted: readonly SiteObject[],
  present: readonly PresentObject[],
  { prune }: StepOptions,
): readonly OrderedStep[] {
  const there = new Map(present.map((object) => [object.key, object]));
  const made = wanted.flatMap((object) => {
    const step = stepFor(object, there.get(object.key));
    return step === undefined ? [] : [step];
  });
  const wantedKeys = new Set(wanted.map(({ key }) => key));
  const removed = present
    .filter((object) => prune && object.isOwn && !wantedKeys.has(object.key) && object.kind !== 'announcement')
    .map((object): Step => ({ do: 'delete', key: object.key, present: object }));
  return inOrder([...removed.reverse(), ...made]);
}

function stepFor(object: SiteObject, present: PresentObject | undefined): Step | undefined {
  const { key, kind } = object;
  if (present === undefined) return { do: 'create', key, object };
  const fields = differingFields(object.fields, present.fields);
  if (fields.length === 0) return undefined;
  const kept = fields.filter((field) => (fixed[kind] ?? []).includes(field));
  if (kept.length > 0) return { do: 'refuse', key, object, present, fields: kept };
  return { do: 'change', key, object, present, fields };
}

function inOrder(steps: readonly Step[]): OrderedStep[] {
  const byKey = new Map(steps.map((step) => [step.key, step]));
  const users = usersByNeed(steps);
  const order = new Map<Step, OrderedStep>();
  const visit = (step: Step): OrderedStep => {
    const known = order.get(step);
    if (known !== undefined) return known;
    const after = (step.do === 'delete' ? (users.get(step.key) ?? []) : makersOf(step.object, byKey)).map(visit);
    const ordered = { ...step, after: after.map(({ key }) => key) };
    order.set(step, ordered);
    return ordered;
  };
  steps.forEach(visit);
  return [...order.values()];
}

function makersOf({ needs }: SiteObject, steps: ReadonlyMap<Key, Step>): Step[] {
  return needs.flatMap((need) => {
    const step = steps.get(need);
    return step === undefined || step.do === 'delete' ? [] : [step];
  });
}

/** Steps about what is there and needs it. */
function usersByNeed(steps: readonly Step[]): Map<Key, Step[]> {
  const users = new Map<Key, Step[]>();
  for (const step of steps) {
    if (step.do === 'create') continue;
    for (const need of step.present.needs) {
      const known = users.get(need);
      if (known === undefined) users.set(need, [step]);
      else known.push(step);
    }
  }
  return users;
}
