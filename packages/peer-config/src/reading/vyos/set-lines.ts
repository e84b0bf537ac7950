import { PeerFileError } from '../peer-file-error.ts';

/** What `show configuration commands` prints: a line `set PATH… VALUE` for each leaf, with quotes where they are needed. */
export interface SetNode {
  readonly line: number;
  readonly children: Map<string, SetNode>;
}

const mostWords = 32;

export function readSetLines(text: string): SetNode {
  const root: SetNode = { line: 1, children: new Map() };
  for (const [at, raw] of text.split('\n').entries()) {
    const trimmed = raw.trim();
    if (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith('//')) continue;
    const words = splitWords(trimmed, at + 1);
    if (words.shift() !== 'set') {
      throw new PeerFileError(at + 1, 'a line `set …` is expected, as `show configuration commands` prints them');
    }
    addPath(root, words, at + 1);
  }
  return root;
}

function addPath(root: SetNode, words: readonly string[], line: number): void {
  let node = root;
  for (const word of words) {
    const child = node.children.get(word) ?? { line, children: new Map<string, SetNode>() };
    node.children.set(word, child);
    node = child;
  }
}

function splitWords(text: string, line: number): string[] {
  const words: string[] = [];
  for (let at = 0; at < text.length;) {
    const char = text[at] ?? '';
    if (/\s/.test(char)) at++;
    else {
      if (words.length === mostWords) throw new PeerFileError(line, `more than ${mostWords} words`);
      const end = char === "'" || char === '"' ? text.indexOf(char, at + 1) : endOfWord(text, at);
      if (end === -1) throw new PeerFileError(line, 'a quoted text has no end');
      words.push(char === "'" || char === '"' ? text.slice(at + 1, end) : text.slice(at, end));
      at = end + 1;
    }
  }
  return words;
}

function endOfWord(text: string, from: number): number {
  let at = from;
  while (at < text.length && !/\s/.test(text[at] ?? '')) at++;
  return at;
}

/** The node at a path; undefined where nothing was set. */
export function nodeAt(node: SetNode | undefined, ...path: readonly string[]): SetNode | undefined {
  return path.reduce<SetNode | undefined>((at, word) => at?.children.get(word), node);
}

/** The value of a leaf, and where it was set. */
export function leafAt(
  node: SetNode | undefined,
  ...path: readonly string[]
): { value: string; line: number } | undefined {
  const found = nodeAt(node, ...path);
  const [entry] = found?.children ?? [];
  return entry === undefined ? undefined : { value: entry[0], line: entry[1].line };
}

/** Names of what is below, or the values of a leaf that may have several. */
export function namesAt(node: SetNode | undefined, ...path: readonly string[]): string[] {
  return [...(nodeAt(node, ...path)?.children.keys() ?? [])];
}
