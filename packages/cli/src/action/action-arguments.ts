import { kebabCase } from './kebab-case.ts';
import type { ActionFlags, Flag, ParameterPath } from './action-flags.ts';
import type { AliasContext } from './flag-aliases.ts';
import { readValue } from './read-value.ts';
import { isTruth } from './schema-meaning.ts';
import type { TextSources } from './text-sources.ts';

/** Options that every Action has beside its parameters: what each takes, or nothing. */
export const commonOptions = {
  endpoint: 'url',
  'ca-file': 'file',
  'data-dir': 'dir',
  credentials: 'file',
  region: 'name',
  language: 'en|zh',
  output: 'table|json|yaml|id',
  query: 'expression',
  wait: null,
  'wait-seconds': 'number',
  help: null,
} as const satisfies Readonly<Record<string, string | null>>;

export type CommonOption = keyof typeof commonOptions;

const letters: Readonly<Record<string, CommonOption>> = { '-o': 'output', '-h': 'help' };

export interface GivenFlag extends Flag {
  /** As it was typed. */
  readonly typed: string;
  readonly texts: string[];
}

/** What stands on a command line behind the name of an Action. */
export interface ActionArguments {
  readonly options: Readonly<Partial<Record<CommonOption, string>>>;
  readonly given: readonly GivenFlag[];
}

/** Throws an error that names what nobody understands, and what may have been meant. */
export function parseArguments(words: readonly string[], flags: ActionFlags): ActionArguments {
  const options: Partial<Record<CommonOption, string>> = {};
  const given = new Map<string, GivenFlag>();
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [, typed, inline] =
      /^--([^=]+)(?:=(.*))?$/s.exec(letters[word] === undefined ? word : `--${letters[word]}`) ?? [];
    if (typed === undefined) {
      throw new Error(`nobody asked for ${word}: what an Action takes is named, as in --name ${word}`);
    }
    const option = typed in commonOptions ? (typed as CommonOption) : undefined;
    if (option !== undefined) {
      options[option] = commonOptions[option] === null ? 'true' : valueOf(typed, inline, rest);
      continue;
    }
    const flag = flags.find(typed) ?? unknown(typed, flags);
    const text = isTruth(flag.schema) ? truthOf(flag, inline, rest) : valueOf(typed, inline, rest);
    const key = flag.path.join('.');
    const known = given.get(key);
    if (known === undefined) given.set(key, { ...flag, typed, texts: [text] });
    else known.texts.push(text);
  }
  return { options, given: [...given.values()] };
}

function valueOf(typed: string, inline: string | undefined, rest: string[]): string {
  if (inline !== undefined) return inline;
  const [next] = rest;
  if (next === undefined || next.startsWith('--')) throw new Error(`--${typed} needs a value`);
  rest.shift();
  return next;
}

/** A truth needs no value. */
function truthOf({ isNegated }: Flag, inline: string | undefined, rest: string[]): string {
  const value = inline ?? (rest[0] === 'true' || rest[0] === 'false' ? rest.shift() : undefined) ?? 'true';
  if (!isNegated) return value;
  return value === 'true' ? 'false' : 'true';
}

function unknown(typed: string, flags: ActionFlags): never {
  const guess = flags.guess(typed);
  const common = Object.keys(commonOptions).find((name) => name.startsWith(typed));
  const hint = guess ?? common;
  throw new Error(`there is no --${typed} here${hint === undefined ? '' : `; did you mean --${hint}?`}`);
}

/** The parameters of the call. Secrets are read last, so that nobody is asked for one in vain. */
export async function readParameters(
  given: readonly GivenFlag[],
  aliases: AliasContext,
  sources: TextSources,
): Promise<Record<string, unknown>> {
  const parameters: Record<string, unknown> = {};
  for (const { path, schema, typed, texts } of given) {
    put(parameters, path, await readValue(texts, schema, { flag: typed, aliases, sources }));
  }
  refuseHoles(parameters, []);
  return parameters;
}

function put(root: Record<string, unknown>, path: ParameterPath, value: unknown): void {
  const last = path.at(-1);
  let place = root as Record<string | number, unknown>;
  for (const [index, key] of path.slice(0, -1).entries()) {
    place[key] ??= typeof path[index + 1] === 'number' ? [] : {};
    place = place[key] as Record<string | number, unknown>;
  }
  if (last === undefined) return;
  if (place[last] !== undefined) throw new Error(`--${path.map(String).map(kebabCase).join('.')} is given twice`);
  place[last] = value;
}

function refuseHoles(value: unknown, path: ParameterPath): void {
  if (typeof value !== 'object' || value === null) return;
  const members = Array.isArray(value) ? [...(value as unknown[]).entries()] : Object.entries(value);
  for (const [key, member] of members) {
    const place = [...path, key];
    if (member === undefined)
      throw new Error(`--${place.map(String).map(kebabCase).join('.')} is missing: later items are given`);
    refuseHoles(member, place);
  }
}
