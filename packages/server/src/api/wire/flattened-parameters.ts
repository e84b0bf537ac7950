import type { Words } from '../../domain/refusal.ts';
import { nextTurn } from '../../platform/loop-turn.ts';
import { reject } from '../protocol/api-error.ts';
import { deepestNesting, longestName, longestValue, mostValues, sliceBytes } from '../protocol/request-bounds.ts';

/** Text values by name; nested names are objects, arrays are objects with the keys `0`, `1`, … No prototype. */
export interface ParameterTree {
  [name: string]: string | ParameterTree;
}

/**
 * Splits a query or form body into its decoded pairs, in order. Refuses names given twice, broken encodings, and what is
 * too much (request-bounds.ts) before it decodes any of it. Lets others have their turn in between.
 */
export async function parsePairs(text: string): Promise<ReadonlyMap<string, string>> {
  checkCount(text);
  const pairs = new Map<string, string>();
  let turnAt = sliceBytes;
  for (let from = 0; from < text.length;) {
    const ampersand = text.indexOf('&', from);
    const end = ampersand < 0 ? text.length : ampersand;
    if (end > from) addPair(pairs, text.slice(from, end));
    from = end + 1;
    if (from >= turnAt) {
      await nextTurn();
      turnAt = from + sliceBytes;
    }
  }
  return pairs;
}

function checkCount(text: string): void {
  let count = 1;
  for (let at = text.indexOf('&'); at >= 0; at = text.indexOf('&', at + 1)) {
    if (++count > mostValues)
      reject('request-malformed', {
        problem: { en: `there are more than ${mostValues} parameters`, zh: `参数超过 ${mostValues} 个` },
      });
  }
}

function addPair(pairs: Map<string, string>, part: string): void {
  const equals = part.indexOf('=');
  const name = decode(equals < 0 ? part : part.slice(0, equals), longestName, {
    en: 'the name of a parameter',
    zh: '参数名',
  });
  if (pairs.has(name))
    reject('request-malformed', {
      problem: { en: `the parameter "${name}" is given twice`, zh: `参数 "${name}" 重复` },
    });
  pairs.set(
    name,
    equals < 0
      ? ''
      : decode(part.slice(equals + 1), longestValue, { en: `the parameter "${name}"`, zh: `参数 "${name}"` }),
  );
}

function decode(text: string, longest: number, what: Words): string {
  if (text.length > longest)
    reject('request-malformed', {
      problem: { en: `${what.en} is longer than ${longest} characters`, zh: `${what.zh}超过 ${longest} 个字符` },
    });
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return reject('request-malformed', {
      problem: { en: 'a parameter is not percent-encoded UTF-8', zh: '有参数不是百分号编码的 UTF-8' },
    });
  }
}

/** `Filters.0.Name=a` becomes `{Filters: {0: {Name: 'a'}}}` (docs/spec/protocol.md section 1). */
export function unflatten(pairs: Iterable<readonly [string, string]>): ParameterTree {
  const root = emptyTree();
  for (const [name, value] of pairs) {
    const steps = name.split('.');
    if (steps.length > deepestNesting)
      reject('request-malformed', { problem: { en: 'a parameter is nested too deep', zh: '有参数嵌套过深' } });
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
  return reject('request-malformed', {
    problem: { en: `the parameter "${name}" is both a value and an object`, zh: `参数 "${name}" 既是值又是对象` },
  });
}

function emptyTree(): ParameterTree {
  return Object.create(null) as ParameterTree;
}
