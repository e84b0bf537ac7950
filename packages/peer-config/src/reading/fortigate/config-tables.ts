import type { Note } from '../found-tunnel.ts';
import { PeerFileError } from '../peer-file-error.ts';

/** FortiOS's configuration: `config TABLE`, `edit NAME`, `set KEY VALUE…`, `unset KEY`, `next`, `end`; tables lie within entries. */
export interface Entry {
  readonly name: string;
  readonly line: number;
  readonly values: Map<string, { readonly words: readonly string[]; readonly line: number }>;
}

/** Table (`vpn ipsec phase1-interface`) → its entries, by name; those of all VDOMs together. */
export type Tables = ReadonlyMap<string, ReadonlyMap<string, Entry>>;

interface Frame {
  readonly table: string | null;
  readonly entry: Entry;
  readonly line: number;
}

const deepest = 16;

export function readConfigTables(text: string): { tables: Tables; notes: Note[] } {
  const tables = new Map<string, Map<string, Entry>>();
  const stack: Frame[] = [];
  for (const { words, line } of commandsOf(text)) {
    if (stack.length === 0 && words[0] !== 'config') throw new PeerFileError(line, '`config …` is expected');
    obey(words, line, stack, tables);
  }
  const open = stack.at(-1);
  if (open !== undefined) throw new PeerFileError(open.line, 'what begins here has no end');
  return { tables, notes: [] };
}

function obey(words: readonly string[], line: number, stack: Frame[], tables: Map<string, Map<string, Entry>>): void {
  const [command, ...rest] = words;
  const [first = ''] = rest;
  const top = stack.at(-1);
  if (command === 'config') push(stack, { table: rest.join(' '), entry: newEntry('', line), line });
  else if (command === 'edit') push(stack, { table: null, entry: entryOf(tables, top, first, line), line });
  else if (command === 'next') closeEdit(stack, line);
  else if (command === 'end') closeConfig(stack, line);
  else if (command === 'set') top?.entry.values.set(first, { words: rest.slice(1), line });
  else if (command === 'unset') top?.entry.values.delete(first);
}

function push(stack: Frame[], frame: Frame): void {
  if (stack.length === deepest) throw new PeerFileError(frame.line, `tables are nested more than ${deepest} deep`);
  stack.push(frame);
}

function closeEdit(stack: Frame[], line: number): void {
  if (stack.at(-1)?.table !== null) throw new PeerFileError(line, '`next` without `edit`');
  stack.pop();
}

/** `end` closes an entry that is open as well. */
function closeConfig(stack: Frame[], line: number): void {
  if (stack.at(-1)?.table === null) stack.pop();
  if (stack.pop() === undefined) throw new PeerFileError(line, '`end` without `config`');
}

/** The same name in a table of the same path is the same entry. */
function entryOf(tables: Map<string, Map<string, Entry>>, top: Frame | undefined, name: string, line: number): Entry {
  if (top?.table == null) throw new PeerFileError(line, '`edit` stands in no table');
  const table = tables.get(top.table) ?? new Map<string, Entry>();
  tables.set(top.table, table);
  const entry = table.get(name) ?? newEntry(name, line);
  // `edit 0` makes a new entry with the next free number.
  table.set(name === '0' ? `0 of line ${line}` : name, entry);
  return entry;
}

function newEntry(name: string, line: number): Entry {
  return { name, line, values: new Map() };
}

/** Lines as words; a quoted text may go over several lines. */
function* commandsOf(text: string): Generator<{ words: string[]; line: number }> {
  let [at, line] = [0, 1];
  while (at < text.length) {
    const started = line;
    const words: string[] = [];
    for (; at < text.length && text[at] !== '\n';) {
      const char = text[at] ?? '';
      if (/\s/.test(char)) at++;
      else if (char === '#' && words.length === 0) at = endOfLine(text, at);
      else {
        const word = readWord(text, at, started);
        words.push(word.value);
        line += word.lines;
        at = word.end;
      }
    }
    at++;
    line++;
    if (words.length > 0) yield { words, line: started };
  }
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

interface TextWord {
  readonly value: string;
  readonly end: number;
  /** Line breaks in it. */
  readonly lines: number;
}

function readWord(text: string, from: number, line: number): TextWord {
  const quote = text[from] ?? '';
  return quote === '"' || quote === "'" ? readQuoted(text, from, quote, line) : readPlain(text, from);
}

function readPlain(text: string, from: number): TextWord {
  let at = from;
  while (at < text.length && !/\s/.test(text[at] ?? '')) at += text[at] === '\\' && text[at + 1] !== '\n' ? 2 : 1;
  const end = Math.min(at, text.length);
  return { value: unescaped(text.slice(from, end)), end, lines: 0 };
}

function readQuoted(text: string, from: number, quote: string, line: number): TextWord {
  let [at, lines] = [from + 1, 0];
  for (; text[at] !== quote; at++) {
    if (text[at] === '\\' && quote === '"') at++;
    if (at >= text.length) throw new PeerFileError(line, 'a quoted text has no end');
    if (text[at] === '\n') lines++;
  }
  const inner = text.slice(from + 1, at);
  return { value: quote === '"' ? unescaped(inner) : inner, end: at + 1, lines };
}

function unescaped(text: string): string {
  return text.replaceAll(/\\([^])/g, '$1');
}
