import { hash } from 'node:crypto';

/**
 * A plan as a set of parts with keys: links, routes, chains, connections, and whatever else stands in its lists. What differs between
 * two plans is told by those parts alone, so that the change of one tunnel is as large as that tunnel, however many there are.
 *
 * Works on anything that JSON can carry; a property that is undefined counts as absent. Pure.
 */
export type Difference = Replacement | ObjectDifference | ListDifference;

/** Something else stands there now. */
export interface Replacement {
  readonly is: unknown;
}

export interface ObjectDifference {
  /** By property; new ones among them. */
  readonly set?: Readonly<Record<string, Difference>>;
  readonly unset?: readonly string[];
}

export interface ListDifference {
  readonly removed?: readonly string[];
  /** By key. */
  readonly changed?: readonly (readonly [string, Difference])[];
  /** Key, the key of what it stands behind (null: in front), and value. */
  readonly added?: readonly AddedPart[];
  /** Every key, where those that stay are in another order. */
  readonly order?: readonly string[];
}

export type AddedPart = readonly [key: string, behind: string | null, value: unknown];

/** Null where they are equal. What both share is not looked into. */
export function difference(before: unknown, after: unknown): Difference | null {
  if (before === after) return null;
  if (Array.isArray(before) && Array.isArray(after)) return listDifference(before, after);
  if (isObject(before) && isObject(after)) return objectDifference(before, after);
  return { is: after };
}

/** What `difference` was made of: `before` with it is `after`, and shares with `before` what stayed. Throws when it does not fit. */
export function applied(change: Difference | null, before: unknown): unknown {
  if (change === null) return before;
  if ('is' in change) return change.is;
  return isOfObject(change) ? appliedToObject(change, before) : appliedToList(change, before);
}

/** Equal exactly for equal values. That of a part is kept for as long as the part is. */
export function digestOf(value: unknown): string {
  return hashOf(summaryOf(value));
}

/** Identities of list elements; the position where there is none. Whatever is the same twice is told apart by its number. */
export function keysOf(list: readonly unknown[]): string[] {
  return numbered(list.map(identityOf), new Map());
}

/** @param seen how often each came before. */
function numbered(list: readonly string[], seen: Map<string, number>): string[] {
  return list.map((identity) => {
    const number = seen.get(identity) ?? 0;
    seen.set(identity, number + 1);
    return number === 0 ? identity : `${identity}#${number}`;
  });
}

function isOfObject(change: ObjectDifference | ListDifference): change is ObjectDifference {
  return 'set' in change || 'unset' in change;
}

const summaries = new WeakMap<object, string>();

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A connection, a link, a chain; a route, a rule, a proxy. */
const identities: readonly (readonly string[])[] = [
  ['id'],
  ['name'],
  ['table', 'destination', 'metric'],
  ['priority', 'iif', 'from', 'to'],
  ['device', 'address'],
  ['classId'],
  ['address'],
];

const knownIdentities = new WeakMap<object, string>();

/** That of an object is kept for as long as it is: a plan shares nearly all of its parts with the plan before. */
function identityOf(element: unknown): string {
  if (!isObject(element)) return JSON.stringify(element ?? null);
  const known = knownIdentities.get(element);
  if (known !== undefined) return known;
  const names = identities.find(([first = '']) => element[first] !== undefined);
  const made = names === undefined ? '' : JSON.stringify(names.map((name) => element[name] ?? null));
  knownIdentities.set(element, made);
  return made;
}

function isPart(value: object): boolean {
  return isObject(value) && identityOf(value) !== '';
}

function namesOf(object: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(object).filter((name) => object[name] !== undefined);
}

function objectDifference(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Difference | null {
  const unset = namesOf(before).filter((name) => !hasOwn(after, name));
  const set = namesOf(after).flatMap((name) => {
    const change = hasOwn(before, name) ? difference(before[name], after[name]) : { is: after[name] };
    return change === null ? [] : [[name, change] as const];
  });
  if (set.length === 0 && unset.length === 0) return null;
  return { ...(set.length > 0 && { set: Object.fromEntries(set) }), ...(unset.length > 0 && { unset }) };
}

/** A value that is undefined is none. */
function hasOwn(object: Readonly<Record<string, unknown>>, name: string): boolean {
  return Object.hasOwn(object, name) && object[name] !== undefined;
}

function appliedToObject({ set = {}, unset = [] }: ObjectDifference, before: unknown): unknown {
  if (!isObject(before)) throw new Error('a difference of an object does not fit what is there');
  const gone = new Set(unset);
  const kept = Object.entries(before).filter(([name]) => !gone.has(name));
  const changed = Object.entries(set).map(([name, change]) => [
    name,
    applied(change, Object.hasOwn(before, name) ? before[name] : undefined),
  ]);
  return Object.fromEntries([...kept, ...changed]) as unknown;
}

/** Most of a list stays as it is: what differs is looked for between the elements that both begin and end with. */
function listDifference(before: readonly unknown[], after: readonly unknown[]): Difference | null {
  const middle = middleOf(before, after);
  if (middle.from === middle.oldEnd && middle.from === middle.newEnd) return null;
  const { start, oldKeys, newKeys } = keysWithin(before, after, middle) ?? keysOfBoth(before, after);
  const old = new Map(oldKeys.map((key, place) => [key, before[start + place]]));
  const now = new Set(newKeys);
  const removed = oldKeys.filter((key) => !now.has(key));
  const changed: (readonly [string, Difference])[] = [];
  const added: AddedPart[] = [];
  newKeys.forEach((key, place) => {
    const element = after[start + place];
    if (!old.has(key)) {
      const behind = place > 0 ? newKeys[place - 1] : keyAt(after, start - 1);
      return void added.push([key, behind ?? null, element]);
    }
    const change = difference(old.get(key), element);
    if (change !== null) changed.push([key, change]);
  });
  const stay = newKeys.filter((key) => old.has(key));
  const isInOrder = oldKeys.filter((key) => now.has(key)).every((key, place) => key === stay[place]);
  if (removed.length + changed.length + added.length === 0 && isInOrder) return null;
  return {
    ...(removed.length > 0 && { removed }),
    ...(changed.length > 0 && { changed }),
    ...(added.length > 0 && { added }),
    ...(!isInOrder && { order: keysOf(after) }),
  };
}

/** Places: what is before `from` is the same in both lists, and what is behind the ends. */
interface Middle {
  readonly from: number;
  readonly oldEnd: number;
  readonly newEnd: number;
}

/** Of two lists from a place on. */
interface KeysOfBoth {
  readonly start: number;
  readonly oldKeys: readonly string[];
  readonly newKeys: readonly string[];
}

function middleOf(before: readonly unknown[], after: readonly unknown[]): Middle {
  const shorter = Math.min(before.length, after.length);
  let from = 0;
  while (from < shorter && before[from] === after[from]) from++;
  let [oldEnd, newEnd] = [before.length, after.length];
  while (oldEnd > from && newEnd > from && before[oldEnd - 1] === after[newEnd - 1]) {
    oldEnd--;
    newEnd--;
  }
  return { from, oldEnd, newEnd };
}

/** Keys of both middles; undefined where an identity of a middle is met behind it too, whose number there would be another one. */
function keysWithin(
  before: readonly unknown[],
  after: readonly unknown[],
  { from, oldEnd, newEnd }: Middle,
): KeysOfBoth | undefined {
  const old = before.slice(from, oldEnd).map(identityOf);
  const now = after.slice(from, newEnd).map(identityOf);
  const within = new Set([...old, ...now]);
  for (let place = newEnd; place < after.length; place++) if (within.has(identityOf(after[place]))) return undefined;
  const seen = new Map<string, number>();
  for (let place = 0; place < from; place++) {
    const identity = identityOf(after[place]);
    if (within.has(identity)) seen.set(identity, (seen.get(identity) ?? 0) + 1);
  }
  return { start: from, oldKeys: numbered(old, new Map(seen)), newKeys: numbered(now, seen) };
}

function keysOfBoth(before: readonly unknown[], after: readonly unknown[]): KeysOfBoth {
  return { start: 0, oldKeys: keysOf(before), newKeys: keysOf(after) };
}

/** Key of one element; undefined where there is none. */
function keyAt(list: readonly unknown[], place: number): string | undefined {
  if (place < 0) return undefined;
  const identity = identityOf(list[place]);
  let number = 0;
  for (let earlier = 0; earlier < place; earlier++) if (identityOf(list[earlier]) === identity) number++;
  return number === 0 ? identity : `${identity}#${number}`;
}

function appliedToList(change: ListDifference, before: unknown): unknown {
  if (!Array.isArray(before)) throw new Error('a difference of a list does not fit what is there');
  return change.order === undefined ? inPlace(change, before) : inOrder(change, change.order, before);
}

/** What no key of the difference can mean is passed over: of a long list most is. */
function inPlace({ removed = [], changed = [], added = [] }: ListDifference, before: readonly unknown[]): unknown[] {
  const gone = new Set(removed);
  const changes = new Map(changed);
  const next = new Map(added.map(([key, behind, value]) => [behind, { key, value }]));
  const meant = new Set([...gone, ...changes.keys(), ...next.keys()].map((key) => identityIn(key ?? '')));
  const seen = new Map<string, number>();
  const list: unknown[] = [];
  const expected = before.length - gone.size + added.length;
  const placeBehind = (key: string | null) => {
    for (let one = next.get(key); one !== undefined; one = next.get(one.key)) {
      list.push(one.value);
      if (list.length > expected) throw new Error('parts stand behind each other');
    }
  };
  let met = 0;
  placeBehind(null);
  for (const element of before) {
    const identity = identityOf(element);
    if (!meant.has(identity)) {
      list.push(element);
      continue;
    }
    const [key = ''] = numbered([identity], seen);
    const change = changes.get(key);
    if (gone.has(key) || change !== undefined) met++;
    if (gone.has(key)) continue;
    list.push(change === undefined ? element : applied(change, element));
    placeBehind(key);
  }
  if (met !== gone.size + changes.size) throw new Error('a difference is about parts that are not there');
  if (list.length !== expected) throw new Error('parts stand behind others that are not there');
  return list;
}

/** Of a key without its number: JSON does not end like that. */
function identityIn(key: string): string {
  return key.replace(/#\d+$/, '');
}

function inOrder(
  { removed = [], changed = [], added = [] }: ListDifference,
  order: readonly string[],
  before: readonly unknown[],
): unknown[] {
  const keys = keysOf(before);
  const parts = new Map<string, unknown>(keys.map((key, place) => [key, before[place]]));
  const known = (key: string) => {
    if (!parts.has(key)) throw new Error(`a difference is about ${key}, which is not there`);
  };
  for (const key of removed) {
    known(key);
    parts.delete(key);
  }
  for (const [key, change] of changed) {
    known(key);
    parts.set(key, applied(change, parts.get(key)));
  }
  for (const [key, , value] of added) parts.set(key, value);
  if (order.length !== parts.size || !order.every((key) => parts.has(key))) {
    throw new Error('an order of parts names others than there are');
  }
  return order.map((key) => parts.get(key));
}

/** A leaf is a text; whatever holds parts is made of their digests, so that one that changed costs one. */
function summaryOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const known = summaries.get(value);
  if (known !== undefined) return known;
  const made = hashOf(isPart(value) ? canonical(value) : composed(value, summaryOf));
  summaries.set(value, made);
  return made;
}

function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  return composed(value, canonical);
}

function composed(value: object, textOf: (value: unknown) => string): string {
  if (Array.isArray(value)) return `[${textsOf(value, textOf).join()}]`;
  const object = value as Readonly<Record<string, unknown>>;
  const names = namesOf(object).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${textOf(object[name])}`).join()}}`;
}

/** Neighbours in a list, up to one whose digest ends it: of a long list that changes in one place all others are found again. */
interface Chunk {
  readonly elements: readonly unknown[];
  readonly digest: string;
  /** Nothing but the end of its list ends it. */
  readonly isOpen: boolean;
}

/** By the first element. */
const chunks = new WeakMap<object, Chunk>();
/** A digest that begins with it ends a chunk: one in sixteen. */
const chunkEnd = '0';
const shortList = 64;

function textsOf(list: readonly unknown[], textOf: (value: unknown) => string): string[] {
  if (textOf !== summaryOf || list.length < shortList) return list.map(textOf);
  const texts: string[] = [];
  for (let place = 0; place < list.length;) {
    const chunk = chunkAt(list, place);
    texts.push(chunk.digest);
    place += chunk.elements.length;
  }
  return texts;
}

function chunkAt(list: readonly unknown[], start: number): Chunk {
  const first = list[start];
  const isObjectFirst = typeof first === 'object' && first !== null;
  const known = isObjectFirst ? chunks.get(first) : undefined;
  if (known !== undefined && isAt(known, list, start)) return known;
  const texts: string[] = [];
  let isOpen = true;
  for (let place = start; isOpen && place < list.length; place++) {
    const text = summaryOf(list[place]);
    texts.push(text);
    isOpen = !text.startsWith(chunkEnd);
  }
  const chunk = { elements: list.slice(start, start + texts.length), digest: hashOf(texts.join()), isOpen };
  if (isObjectFirst) chunks.set(first, chunk);
  return chunk;
}

function isAt({ elements, isOpen }: Chunk, list: readonly unknown[], start: number): boolean {
  const end = start + elements.length;
  if (isOpen ? end !== list.length : end > list.length) return false;
  return elements.every((element, place) => element === list[start + place]);
}

/** 128 bits. */
function hashOf(text: string): string {
  return hash('sha256', text).slice(0, 32);
}
