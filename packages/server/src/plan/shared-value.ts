import { keysOf } from './parts.ts';
import { isSameValue } from './same-value.ts';

/**
 * A value that is equal to `after`, made of the very objects of `before` wherever those are equal by value; `before` itself where all of
 * it is. What a change of one tunnel leaves as it was is the same object then, and nobody looks into it again. Both are what JSON can
 * carry; of other objects nothing is shared but the whole. Pure.
 */
export function sharing(before: unknown, after: unknown): unknown {
  if (before === after) return before;
  if (Array.isArray(before) && Array.isArray(after)) return sharingList(before, after);
  if (isPlain(before) && isPlain(after)) return sharingObject(before, after);
  return after;
}

type Plain = Readonly<Record<string, unknown>>;

function isPlain(value: unknown): value is Plain {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function sharingObject(before: Plain, after: Plain): unknown {
  const names = Object.keys(after);
  let isSame = names.length === Object.keys(before).length;
  const entries: [string, unknown][] = [];
  for (const name of names) {
    const isKnown = Object.hasOwn(before, name);
    const value = isKnown ? sharing(before[name], after[name]) : after[name];
    isSame &&= isKnown && value === before[name];
    entries.push([name, value]);
  }
  return isSame ? before : Object.fromEntries(entries);
}

/** From both ends inwards as long as they are equal; what lies between is found by its keys. */
function sharingList(before: readonly unknown[], after: readonly unknown[]): unknown {
  const shorter = Math.min(before.length, after.length);
  let from = 0;
  while (from < shorter && isShared(before[from], after[from])) from++;
  if (from === before.length && from === after.length) return before;
  let behind = 0;
  while (behind < shorter - from && isShared(before.at(-1 - behind), after.at(-1 - behind))) behind++;
  const [oldEnd, end] = [before.length - behind, after.length - behind];
  const list = [...before.slice(0, from), ...after.slice(from, end), ...before.slice(oldEnd)];
  shareBetween(before.slice(from, oldEnd), list, from, end);
  return list;
}

function isShared(before: unknown, after: unknown): boolean {
  return before === after || isSameValue(before, after);
}

function shareBetween(before: readonly unknown[], list: unknown[], from: number, end: number): void {
  if (before.length === 0 || from === end) return;
  const old = new Map(keysOf(before).map((key, place) => [key, before[place]]));
  keysOf(list.slice(from, end)).forEach((key, place) => {
    if (old.has(key)) list[from + place] = sharing(old.get(key), list[from + place]);
  });
}
