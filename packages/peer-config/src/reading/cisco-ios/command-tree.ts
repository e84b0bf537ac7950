import { PeerFileError } from '../peer-file-error.ts';

/** A running-config: commands, and below each those of its mode, which are indented by one blank more. */
export interface Command {
  readonly words: readonly string[];
  readonly line: number;
  readonly below: Command[];
}

const deepest = 16;

export function readCommandTree(text: string): Command[] {
  const root: Command[] = [];
  const open: { readonly indent: number; readonly below: Command[] }[] = [{ indent: -1, below: root }];
  let bannerEnd: string | null = null;
  for (const [at, raw] of text.split('\n').entries()) {
    const content = raw.trimEnd();
    if (bannerEnd !== null) {
      if (content.includes(bannerEnd)) bannerEnd = null;
      continue;
    }
    const words = content.trim().split(/\s+/);
    if (words[0] === '' || words[0]?.startsWith('!') === true) continue;
    if (words[0] === 'banner') bannerEnd = delimiterOf(words);
    const indent = content.length - content.trimStart().length;
    while ((open.at(-1)?.indent ?? -1) >= indent) open.pop();
    if (open.length > deepest) throw new PeerFileError(at + 1, `commands are nested more than ${deepest} deep`);
    const command: Command = { words, line: at + 1, below: [] };
    open.at(-1)?.below.push(command);
    open.push({ indent, below: command.below });
  }
  return root;
}

/** `banner motd ^C…`: everything until the delimiter comes again is text; null: it did on the same line. */
function delimiterOf(words: readonly string[]): string | null {
  const text = words.slice(2).join(' ');
  const delimiter = text.startsWith('^C') ? '^C' : text.slice(0, 1);
  return delimiter === '' || text.slice(delimiter.length).includes(delimiter) ? null : delimiter;
}

const mostIndexed = 5;
const indexes = new WeakMap<readonly Command[], Map<string, Command[]>>();

/** Those that begin with these words, at most five. A list is looked through once, however often it is asked. */
export function commandsOf(commands: readonly Command[], ...words: readonly string[]): readonly Command[] {
  const index = indexes.get(commands) ?? indexOf(commands);
  indexes.set(commands, index);
  return index.get(words.join(' ')) ?? [];
}

function indexOf(commands: readonly Command[]): Map<string, Command[]> {
  const index = new Map<string, Command[]>();
  for (const command of commands) {
    let prefix = '';
    for (const word of command.words.slice(0, mostIndexed)) {
      prefix = prefix === '' ? word : `${prefix} ${word}`;
      const known = index.get(prefix);
      if (known === undefined) index.set(prefix, [command]);
      else known.push(command);
    }
  }
  return index;
}

/** What stands behind these words, where they come first. */
export function argumentsOf(
  commands: readonly Command[],
  ...words: readonly string[]
): { words: readonly string[]; line: number } | undefined {
  const [command] = commandsOf(commands, ...words);
  return command && { words: command.words.slice(words.length), line: command.line };
}
