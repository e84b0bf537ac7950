import { reject } from './api-error.ts';

/** Text values by name; nested names are objects, arrays are objects with the keys `0`, `1`, … No prototype. */
export interface ParameterTree {
  [name: string]: string | ParameterTree;
}

const deepestName = 12;

/** Splits a query or form body into its decoded pairs, in order. Refuses names given twice and broken encodings. */
export function parsePairs(text: string): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (const part of text.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = decode(equals < 0 ? part : part.slice(0, equals));
    if (pairs.has(name)) reject('request-malformed', { problem: `the parameter "${name}" is given twice` });
    pairs.set(name, equals < 0 ? '' : decode(part.slice(equals + 1)));
  }
  return pairs;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return reject('request-malformed', { problem: 'a parameter is not percent-encoded UTF-8' });
  }
}

/** `Filters.0.Name=a` becomes `{Filters: {0: {Name: 'a'}}}` (spec/protocol.md section 1). */
export function unflatten(pairs: Iterable<readonly [string, string]>): ParameterTree {
  const root = emptyTree();
  for (const [name, value] of pairs) {
    const steps = name.split('.');
    if (steps.length > deepestName) reject('request-malformed', { problem: 'a parameter is nested too deep' });
    const last = steps.pop() ?? '';
    const parent = steps.reduce((node, step) => childOf(node, step, name), root);
    if (parent[last] !== undefined) rejectClash(name);
    parent[last] = value;
  }
  return root;
}

function childOf(node: ParameterTree, step: string, name: string): ParameterTree {
  const child = (node[step] ??= emptyTree());
  return typeof child === 'string' ? rejectClash(name) : child;
}

function rejectClash(name: string): never {
  return reject('request-malformed', { problem: `the parameter "${name}" is both a value and an object` });
}

function emptyTree(): ParameterTree {
  return Object.create(null) as ParameterTree;
}
