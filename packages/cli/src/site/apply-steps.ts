import { createHash } from 'node:crypto';
import { ApiError, type JsonObject } from '@landbridge/client';
import type { Call } from '../list-all.ts';
import { describedObject } from './described-object.ts';
import { idIn } from './object-ids.ts';
import { callsOfKind, type Making, type Request } from './requests.ts';
import { Lookups } from './lookups.ts';
import type { Fields, Key, PresentObject, SiteObject } from './site-object.ts';
import type { OrderedStep } from './steps.ts';

export type Outcome =
  | { readonly step: OrderedStep; readonly result: 'done' }
  | { readonly step: OrderedStep; readonly result: 'failed'; readonly why: string }
  /** Something that it needs was not done. */
  | { readonly step: OrderedStep; readonly result: 'held'; readonly by: Key };

export interface ApplyOptions {
  readonly call: Call;
  readonly site: string;
  /** Undefined: that of calls that name none. */
  readonly region: string | undefined;
  /** How long an object may take to be in force. */
  readonly patienceMs: number;
  readonly onOutcome: (outcome: Outcome) => void;
}

/** Does the steps in their order. One that fails holds back those that come after it, and nothing else. */
export async function applySteps(
  steps: readonly OrderedStep[],
  present: readonly PresentObject[],
  options: ApplyOptions,
): Promise<readonly Outcome[]> {
  const applier = new Applier(present, options);
  const outcomes: Outcome[] = [];
  const tell = (outcome: Outcome) => {
    outcomes.push(outcome);
    if (outcome.result !== 'done' || !isLater(outcome.step)) options.onOutcome(outcome);
  };
  const undone = new Set<Key>();
  for (const step of steps) {
    const by = step.after.find((key) => undone.has(key));
    const outcome = by === undefined ? await applier.attempt(step) : ({ step, result: 'held', by } as const);
    if (outcome.result !== 'done') undone.add(step.key);
    tell(outcome);
  }
  const end = endAfter(options.patienceMs);
  for (const [place, { step, result }] of outcomes.entries()) {
    if (result !== 'done' || !isLater(step)) continue;
    const outcome = await applier.settle(step, end);
    options.onOutcome(outcome);
    outcomes[place] = outcome;
  }
  return outcomes;
}

/** Tunnels and attachments are waited for when all is said: they come into force side by side. */
function isLater(step: OrderedStep): step is Exclude<OrderedStep, { do: 'delete' }> {
  return step.do !== 'delete' && (step.object.kind === 'tunnel' || step.object.kind === 'ccnInstance');
}

class Applier {
  readonly #options: ApplyOptions;
  readonly #ids: Map<Key, string>;
  readonly #making: Making;

  constructor(present: readonly PresentObject[], options: ApplyOptions) {
    this.#options = options;
    this.#ids = new Map(present.map(({ key, id }) => [key, id]));
    const { site, region, call } = options;
    this.#making = { site, lookups: new Lookups(call, region), idOf: (key) => idIn(this.#ids, key) };
  }

  attempt(step: OrderedStep): Promise<Outcome> {
    return outcomeOf(step, () => this.#perform(step));
  }

  settle(step: Exclude<OrderedStep, { do: 'delete' }>, end: number): Promise<Outcome> {
    return outcomeOf(step, () => this.#waitFor(step.object, end));
  }

  async #perform(step: OrderedStep): Promise<void> {
    switch (step.do) {
      case 'create':
        return this.#create(step.object);
      case 'change':
        return this.#send(await requestsOfChange(step, this.#making));
      case 'delete':
        return this.#send([await requestOfDeletion(step.present, this.#making)]);
      case 'refuse':
        throw new Error(`${step.fields.join(', ')} cannot be changed: give it another name, or delete it first`);
    }
  }

  async #send(requests: readonly Request[]): Promise<void> {
    for (const { action, parameters } of requests) await this.#options.call(action, parameters);
  }

  async #create(object: SiteObject): Promise<void> {
    const { create, idAt, complete } = callsOfKind[object.kind];
    const request = await create(object, this.#making);
    // A part that is made twice is refused the second time.
    if (idAt === undefined) return this.#send([request]);
    const id = await this.#createOnce(object, request, idAt);
    this.#ids.set(object.key, id);
    if (object.kind === 'vpnGateway') await this.#waitFor(object, endAfter(this.#options.patienceMs));
    await this.#send((await complete?.(object, id, this.#making)) ?? []);
  }

  /**
   * The token makes one object of calls that are repeated, by whomever. Who makes it anew after it was deleted gets the old answer
   * for a day: then the next token is taken.
   */
  async #createOnce(
    object: SiteObject,
    { action, parameters }: Request,
    idAt: readonly (string | number)[],
  ): Promise<string> {
    for (let round = 0; round < mostRounds; round++) {
      const reply = await this.#callOnce(action, parameters, tokenFor(this.#making.site, object.key, round));
      const id = reply === undefined ? undefined : textAt(reply, idAt);
      if (id !== undefined && (await describedObject(this.#options.call, object.kind, id)) !== undefined) return id;
    }
    throw new Error(`it was made and deleted ${mostRounds} times within a day`);
  }

  /** Undefined: the token was for another call. */
  async #callOnce(action: string, parameters: JsonObject, ClientToken: string): Promise<JsonObject | undefined> {
    try {
      return await this.#options.call(action, { ...parameters, ClientToken });
    } catch (error) {
      if (error instanceof ApiError && error.message.startsWith('`ClientToken` ')) return undefined;
      throw error;
    }
  }

  /** Until the network has it. @param end by performance.now(). */
  async #waitFor({ kind, key, needs }: SiteObject, end: number): Promise<void> {
    const { call } = this.#options;
    const { idOf } = this.#making;
    if (kind === 'vpnGateway' || kind === 'tunnel') {
      await this.#until(end, async () => (await describedObject(call, kind, idOf(key)))?.['State'] === 'AVAILABLE');
    }
    if (kind !== 'ccnInstance') return;
    const [ccn, instance] = needs;
    if (ccn === undefined || instance === undefined) return;
    const Filters = [{ Name: 'instance-id', Values: [idOf(instance)] }];
    await this.#until(end, async () => {
      const reply = await call('DescribeCcnAttachedInstances', { CcnId: idOf(ccn), Filters });
      return (reply['InstanceSet'] as JsonObject[])[0]?.['State'] === 'ACTIVE';
    });
  }

  async #until(end: number, isThere: () => Promise<boolean>): Promise<void> {
    while (!(await isThere())) {
      if (performance.now() > end) {
        const { patienceMs } = this.#options;
        throw new Error(`it is made, but not in force after ${patienceMs / 1000} s: \`landbridge status\` tells why`);
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

async function outcomeOf(step: OrderedStep, work: () => Promise<void>): Promise<Outcome> {
  try {
    await work();
    return { step, result: 'done' };
  } catch (error) {
    return { step, result: 'failed', why: reasonOf(error) };
  }
}

function endAfter(patienceMs: number): number {
  return performance.now() + patienceMs;
}

const pauseMs = 200;
const mostRounds = 100;

/** What is sent for a deletion. */
export async function requestOfDeletion(present: PresentObject, making: Making): Promise<Request> {
  const { remove } = callsOfKind[present.kind];
  if (remove === undefined) throw new Error('it cannot be deleted by itself');
  return remove(present, making);
}

/** What is sent for a change. */
export async function requestsOfChange(
  { object, present, fields }: Extract<OrderedStep, { do: 'change' }>,
  making: Making,
): Promise<readonly Request[]> {
  const changed = Object.fromEntries(fields.map((field) => [field, object.fields[field]])) as Fields;
  const { change } = callsOfKind[object.kind];
  if (change === undefined) throw new Error(`${fields.join(', ')} cannot be changed`);
  return change({ object, present, fields: changed }, making);
}

function tokenFor(site: string, key: Key, round: number): string {
  const text = JSON.stringify([site, key, round]);
  return `apply-${createHash('sha256').update(text).digest('hex').slice(0, 40)}`;
}

/** In words that hold no secret: what the service says names fields and objects. */
function reasonOf(error: unknown): string {
  if (error instanceof ApiError) return `${error.code}: ${error.message}`;
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return `${error.message}${cause}`;
}

function textAt(reply: JsonObject, path: readonly (string | number)[]): string {
  let value: unknown = reply;
  for (const step of path) value = (value as Record<string | number, unknown> | undefined)?.[step];
  if (typeof value !== 'string') throw new Error(`the service answered without ${path.join('.')}`);
  return value;
}
