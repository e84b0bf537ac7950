import type { JsonObject } from '@landbridge/client';
import { ApiError } from '@landbridge/client';
import { serviceOf } from '@landbridge/client/client';
import { requestOfDeletion, requestsOfChange } from './apply-steps.ts';
import type { Call } from '../list-all.ts';
import { idIn, NotThereYet } from './object-ids.ts';
import { ReachabilityOfSteps } from './reachability-of-steps.ts';
import { callsOfKind, type Making, type Request } from './requests.ts';
import { Lookups } from './lookups.ts';
import type { PresentObject, SiteObject } from './site-object.ts';
import type { OrderedStep } from './steps.ts';

/** From the least to the greatest. */
const effects = ['no effect', 'rekey', 'interruption'] as const;
type Effect = (typeof effects)[number];

const shownAs: Readonly<Record<string, Effect>> = {
  none: 'no effect',
  rekey: 'rekey',
  interruption: 'interruption',
  new: 'no effect',
};

export interface PreviewOptions {
  readonly call: Call;
  readonly site: string;
  /** Undefined: that of calls that name none. */
  readonly region: string | undefined;
}

/**
 * Asks the service what each step would do to the tunnels that are there, and makes none of them. What is to be made for objects
 * that are not there yet touches no tunnel that is.
 * @returns lines: what would be refused, each tunnel of the file and each that is touched with the greatest effect, and who reaches whom
 * otherwise than before.
 */
export async function previewSteps(
  steps: readonly OrderedStep[],
  wanted: readonly SiteObject[],
  present: readonly PresentObject[],
  { call, site, region }: PreviewOptions,
): Promise<readonly string[]> {
  const ids = new Map(present.map(({ key, id }) => [key, id]));
  const making: Making = { site, lookups: new Lookups(call, region), idOf: (key) => idIn(ids, key) };
  const byId = new Map<string, Effect>();
  const refusals: string[] = [];
  const reachability = new ReachabilityOfSteps(steps.length, present);
  let isAfterDeletion = false;
  for (const step of steps) {
    // What comes after others may be right once they are done.
    const standsAlone = step.do === 'delete' || !isAfterDeletion;
    isAfterDeletion ||= step.do === 'delete';
    const requests = await requestsOf(step, making);
    // Of several calls the first ones leave it half-way, and the others cannot be tried before.
    const isWhole = requests.length === 1;
    if (!isWhole && step.do !== 'refuse') reachability.addUntold();
    for (const [index, request] of requests.entries()) {
      const reply = await preview(call, request).catch((error: unknown) => {
        if (!(error instanceof ApiError)) throw error;
        if (index === 0 && standsAlone) refusals.push(`! ${step.key}: ${error.code}: ${error.message}`);
        else if (isWhole) reachability.addUntold();
        return {};
      });
      if (isWhole) reachability.add(reply, step);
      for (const { VpnConnectionId: id, Effect: word } of tunnelsOf(reply)) {
        byId.set(id, greater(byId.get(id) ?? 'no effect', shownAs[word] ?? 'interruption'));
      }
    }
  }
  return [...refusals, ...tunnelLines(steps, wanted, present, byId), ...reachability.lines()];
}

/** None where the step needs what is not there yet. */
async function requestsOf(step: OrderedStep, making: Making): Promise<readonly Request[]> {
  try {
    switch (step.do) {
      case 'create':
        return [await callsOfKind[step.object.kind].create(step.object, making)];
      case 'change':
        return await requestsOfChange(step, making);
      case 'delete':
        return [await requestOfDeletion(step.present, making)];
      case 'refuse':
        return [];
    }
  } catch (error) {
    if (error instanceof NotThereYet) return [];
    throw error;
  }
}

function preview(call: Call, { action, parameters }: Request): Promise<JsonObject> {
  return call('PreviewChanges', { Service: serviceOf(action), Action: action, Parameters: parameters });
}

function tunnelsOf(reply: JsonObject) {
  return (reply['Tunnels'] ?? []) as readonly { readonly VpnConnectionId: string; readonly Effect: string }[];
}

function greater(one: Effect, other: Effect): Effect {
  return effects.indexOf(one) > effects.indexOf(other) ? one : other;
}

function tunnelLines(
  steps: readonly OrderedStep[],
  wanted: readonly SiteObject[],
  present: readonly PresentObject[],
  byId: ReadonlyMap<string, Effect>,
): string[] {
  const names = new Map(present.map(({ id, key }) => [id, key]));
  const lines = new Map<string, string>();
  for (const object of [...present, ...wanted]) if (object.kind === 'tunnel') lines.set(object.key, 'no effect');
  for (const [id, effect] of byId) lines.set(names.get(id) ?? `tunnel ${id}`, effect);
  for (const step of steps) {
    if (step.do === 'create' && step.object.kind === 'tunnel') lines.set(step.key, 'new');
    if (step.do === 'delete' && step.present.kind === 'tunnel') lines.set(step.key, 'interruption');
  }
  return [...lines].map(([key, effect]) => `  ${key}: ${effect}`).sort();
}
