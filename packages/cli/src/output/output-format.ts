import type { SchemaParts } from '@landbridge/catalogue/schema/schema-parts';
import type { ActionDefinition } from '@landbridge/catalogue/action-definition';
import { compile, search } from '@jmespath-community/jmespath';
import { stringify } from 'yaml';
import { idLines } from './id-lines.ts';
import { jsonText, linesText } from './print.ts';
import { tableLines } from './table-lines.ts';

export const outputFormats = ['table', 'json', 'yaml', 'id'] as const;
export type OutputFormat = (typeof outputFormats)[number];

export interface Output {
  readonly format: OutputFormat;
  /** JMESPath. */
  readonly query?: string;
  /** Of the terminal. */
  readonly columns: number;
}

type Json = null | boolean | number | string | Json[] | { [member: string]: Json };

/** A reply as somebody wants to read it. Throws where the query is none. */
export function formatReply(reply: object, definition: ActionDefinition, { format, query, columns }: Output): string {
  const value = query === undefined ? (reply as Json) : ask(reply as Json, query);
  switch (format) {
    case 'json':
      return jsonText(value);
    case 'yaml':
      return stringify(value, { lineWidth: 0 });
    case 'id':
      return linesOf(query === undefined ? idLines(reply as Readonly<Record<string, unknown>>) : plain(value));
    case 'table': {
      const hidden = query === undefined ? secretMembers(definition.response) : new Set<string>();
      return linesText(tableLines(value, { columns, hidden }));
    }
  }
}

/** The query, if it is one: to be asked before anything is called, so that no reply is lost. */
export function checkedQuery(query: string): string {
  try {
    compile(query);
    return query;
  } catch (cause) {
    throw new Error(`--query ${query}`, { cause });
  }
}

function linesOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

function ask(reply: Json, query: string): Json {
  try {
    return search(reply, query);
  } catch (cause) {
    throw new Error(`--query ${query}`, { cause });
  }
}

/** One a line, as scripts read them. */
function plain(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(plain);
  if (value === null) return [];
  return [typeof value === 'object' ? JSON.stringify(value) : String(value)];
}

/** Names of what a table does not show. */
function secretMembers(schema: SchemaParts): ReadonlySet<string> {
  const { properties = {}, items } = schema;
  const inside = items === undefined ? [] : [...secretMembers(items)];
  const own = Object.entries(properties).flatMap(([name, member]) => [
    ...(member.secret === true ? [name] : []),
    ...secretMembers(member),
  ]);
  return new Set([...inside, ...own]);
}
