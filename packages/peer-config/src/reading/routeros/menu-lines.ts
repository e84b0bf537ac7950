import { PeerFileError } from '../peer-file-error.ts';

/** RouterOS's `/export`, or commands as they are typed: a menu (`/ip ipsec peer`), and in it `add` and `set` with `name=value`. */
export interface MenuCommand {
  /** `ip ipsec peer`. */
  readonly menu: string;
  readonly verb: string;
  readonly line: number;
  readonly values: ReadonlyMap<string, string>;
  /** What `set` is about: `[ find default=yes ]` as pairs, or names and numbers without `=`. */
  readonly targets: readonly string[];
  readonly find: ReadonlyMap<string, string> | null;
}

const verbs = ['add', 'set', 'remove', 'print', 'export', 'enable', 'disable', 'move'];

export function readMenuLines(text: string): MenuCommand[] {
  const commands: MenuCommand[] = [];
  let menu = '';
  for (const { words, line } of joinedLines(text)) {
    let rest = words;
    if (rest[0]?.text.startsWith('/') === true && rest[0].value === null) {
      const verbAt = rest.findIndex(
        ({ text: word, value }) => value === null && verbs.includes(word.split('/').at(-1) ?? ''),
      );
      const path = (verbAt === -1 ? rest : rest.slice(0, verbAt + 1))
        .map((word) => word.text)
        .join('/')
        .split('/')
        .filter((part) => part !== '');
      const verb = verbAt === -1 ? null : path.pop();
      menu = path.join(' ');
      if (verb == null) continue;
      rest = [{ text: verb, value: null, find: null }, ...rest.slice(verbAt + 1)];
    }
    const [verb, ...others] = rest;
    if (verb !== undefined) commands.push(commandOf(menu, verb.text, others, line));
  }
  return commands;
}

function commandOf(menu: string, verb: string, words: readonly Word[], line: number): MenuCommand {
  const values = new Map<string, string>();
  const targets: string[] = [];
  for (const { text, value, find } of words) {
    if (value !== null) values.set(text, value);
    else if (find === null) targets.push(text);
  }
  return { menu, verb, line, values, targets, find: words.find(({ find }) => find !== null)?.find ?? null };
}

interface Word {
  readonly text: string;
  /** Behind `=`; null: there is none. */
  readonly value: string | null;
  readonly find: ReadonlyMap<string, string> | null;
}

/** Lines as words; a line that ends with a backslash goes on, without the blanks in front, in the next. */
function* joinedLines(text: string): Generator<{ words: Word[]; line: number }> {
  const lines = text.split('\n').map((line) => line.trimEnd());
  for (let at = 0; at < lines.length; at++) {
    const line = at + 1;
    const parts = [lines[at] ?? ''];
    while (parts.at(-1)?.endsWith('\\') === true && at + 1 < lines.length) {
      parts.push(parts.pop()?.slice(0, -1) ?? '');
      at++;
      parts.push((lines[at] ?? '').trimStart());
    }
    const joined = parts.join('').trim();
    if (joined !== '' && !joined.startsWith('#')) yield { words: splitWords(joined, line), line };
  }
}

function splitWords(text: string, line: number): Word[] {
  const words: Word[] = [];
  for (let at = 0; at < text.length;) {
    const char = text[at] ?? '';
    if (/[\s;]/.test(char)) at++;
    else if (char === '[') {
      const end = text.indexOf(']', at);
      if (end === -1) throw new PeerFileError(line, '[ has no end');
      words.push({
        text: '[]',
        value: null,
        find: pairsOf(splitWords(text.slice(at + 1, end).replaceAll('[', ' '), line)),
      });
      at = end + 1;
    } else {
      const name = readPart(text, at, line, true);
      const hasValue = text[name.end] === '=';
      const value = hasValue ? readPart(text, name.end + 1, line, false) : null;
      words.push({ text: name.text, value: value?.text ?? null, find: null });
      at = value?.end ?? name.end;
    }
  }
  return words;
}

function pairsOf(words: readonly Word[]): ReadonlyMap<string, string> {
  return new Map(words.flatMap(({ text, value }) => (value === null ? [] : [[text, value] as const])));
}

/** To a blank, or for a name to `=`; quoted parts may hold both. */
function readPart(text: string, from: number, line: number, isName: boolean): { text: string; end: number } {
  const parts: string[] = [];
  let at = from;
  for (; at < text.length && !/[\s;\]]/.test(text[at] ?? '') && !(isName && text[at] === '='); at++) {
    if (text[at] !== '"') parts.push(text[at] ?? '');
    else {
      const quoted = readQuoted(text, at, line);
      parts.push(quoted.text);
      at = quoted.end;
    }
  }
  // A lone `=` would stand still.
  return { text: parts.join(''), end: isName && at === from ? at + (text[at] === '=' ? 0 : 1) : at };
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  _: ' ',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
};

/** `end` is where the closing quote stands. `\22` is a byte in hexadecimal. */
function readQuoted(text: string, from: number, line: number): { text: string; end: number } {
  const parts: string[] = [];
  for (let at = from + 1; at < text.length; at++) {
    const char = text[at] ?? '';
    if (char === '"') return { text: parts.join(''), end: at };
    if (char !== '\\') {
      parts.push(char);
      continue;
    }
    const next = text[at + 1] ?? '';
    const hex = /^[0-9A-F]{2}$/.test(text.slice(at + 1, at + 3)) ? text.slice(at + 1, at + 3) : null;
    parts.push(hex !== null ? String.fromCharCode(Number.parseInt(hex, 16)) : (escapes[next] ?? next));
    at += hex !== null ? 2 : 1;
  }
  throw new PeerFileError(line, 'a quoted text has no end');
}
