import type { Cidr } from '@landbridge/net';
import { wildcardLength } from '../address-forms.ts';
import type { FoundSelectors, Note } from '../found-tunnel.ts';
import { readRange } from '../swan-values.ts';
import { commandsOf, type Command } from './command-tree.ts';

/** Crypto access lists: each `permit` is a pair of ranges, source first. */

/** Null: there is no such list, or an entry refers to objects that are not read. */
export function readAccessList(name: string, commands: readonly Command[], notes: Note[]): FoundSelectors[] | null {
  const numbered = commandsOf(commands, 'access-list', name).map(({ words, line }) => ({
    words: words.slice(2),
    line,
  }));
  const named = commandsOf(commands, 'ip', 'access-list', 'extended', name).flatMap(({ below }) => below);
  const entries = [...numbered, ...named].map(({ words, line }) => ({
    words: /^[0-9]+$/.test(words[0] ?? '') ? words.slice(1) : words,
    line,
  }));
  if (entries.length === 0) return null;
  const found = entries
    .filter(({ words }) => words[0] === 'permit')
    .map(({ words, line }) => readEntry(words, line, notes));
  return found.includes(null) ? null : found.filter((entry) => entry !== null);
}

function readEntry(words: readonly string[], line: number, notes: Note[]): FoundSelectors | null {
  if (words[1] !== 'ip') notes.push({ line, text: 'the protocol of an entry was left out of account' });
  const source = readSide(words.slice(2));
  if (source === null) return null;
  const destination = readSide(source.rest);
  return destination === null ? null : { locals: [source.range], remotes: [destination.range], line };
}

/** `any`, `host A`, `A WILDCARD`. */
function readSide(words: readonly string[]): { range: Cidr; rest: readonly string[] } | null {
  const [first = '', second = ''] = words;
  if (first === 'any') return rangeAnd('0.0.0.0/0', words.slice(1));
  if (first === 'host') return rangeAnd(second, words.slice(2));
  const length = wildcardLength(second);
  return length === null ? null : rangeAnd(`${first}/${length}`, words.slice(2));
}

function rangeAnd(text: string, rest: readonly string[]): { range: Cidr; rest: readonly string[] } | null {
  const range = readRange(text);
  return range === null ? null : { range, rest };
}
