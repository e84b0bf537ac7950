/**
 * What a page of documentation has its reader do, in the order of the page. Pure: text in, steps out. Each fenced block says by its
 * language what it is:
 * - `sh`: commands as typed; each has to succeed;
 * - `console`: commands after `$ `, each followed by what it prints (output-pattern.ts);
 * - anything else is shown, or is a file, and must not have commands in it.
 * A comment of HTML in the lines above a block says what a reader understands by himself: the forms are in `remarks`.
 */
export interface Page {
  /** The page that the reader has gone through before, from the root. */
  readonly goesOnFrom: string | null;
  readonly steps: readonly Step[];
}

interface Place {
  /** Of the page. */
  readonly line: number;
}

interface Typed extends Place {
  readonly text: string;
  /** On which machine of the lab; null: on the host. */
  readonly on: string | null;
  /** What is typed when it asks. */
  readonly input: string;
}

export type Step =
  | (Typed & { readonly kind: 'run' })
  | (Typed & { readonly kind: 'compare'; readonly expected: string; readonly isAwaited: boolean })
  | (Typed & { readonly kind: 'start'; readonly until: string })
  | (Place & { readonly kind: 'write'; readonly file: string; readonly text: string })
  | (Place & { readonly kind: 'scene'; readonly text: string })
  | (Place & { readonly kind: 'not-run'; readonly text: string; readonly reason: string });

export class PageError extends Error {
  constructor(path: string, line: number, problem: string) {
    super(`${path}:${line}: ${problem}`);
    this.name = 'PageError';
  }
}

/** Comments that this reader knows; others are not for it. The last two stand by themselves. */
const remarks = {
  notRun: /^not run: (.+)$/,
  file: /^file: (\S+)$/,
  on: /^on: (\S+)$/,
  answers: /^answers: (.*)$/,
  starts: /^starts, and says: (.+)$/,
  awaited: /^()after a moment$/,
  goesOnFrom: /^goes on from: (\S+)$/,
  scene: /^lab: (.+)$/,
} as const;

type Remarks = Partial<Record<keyof typeof remarks, string>>;

interface Block extends Place {
  readonly language: string;
  readonly text: string;
  readonly remarks: Remarks;
}

/** @param path from the root, for errors and for what the page goes on from. */
export function readPage(path: string, page: string): Page {
  const lines = page.split('\n');
  const steps: Step[] = [];
  let goesOnFrom: string | null = null;
  let pending: Remarks = {};
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const remark = remarkIn(line);
    const fence = /^( *)```(.*)$/.exec(line);
    if (remark?.name === 'goesOnFrom') goesOnFrom = siblingOf(path, remark.value);
    else if (remark?.name === 'scene') steps.push({ kind: 'scene', line: at + 1, text: remark.value });
    else if (remark !== null) pending = { ...pending, [remark.name]: remark.value };
    else if (fence !== null) {
      const end = lines.indexOf(`${fence[1]}\`\`\``, at + 1);
      if (end < 0) throw new PageError(path, at + 1, 'the block has no end');
      const text = lines.slice(at + 1, end).map((inside) => inside.slice(fence[1]?.length)).join('\n'); // prettier-ignore
      steps.push(...stepsOf(path, { line: at + 1, language: fence[2] ?? '', text, remarks: pending }));
      pending = {};
      at = end;
    } else if (line.trim() !== '' && Object.keys(pending).length > 0)
      throw new PageError(path, at + 1, 'a block has to follow the comment above');
  }
  return { goesOnFrom, steps };
}

function remarkIn(line: string): { readonly name: keyof typeof remarks; readonly value: string } | null {
  const comment = /^ *<!-- (.+) -->$/.exec(line)?.[1] ?? '';
  for (const [name, form] of Object.entries(remarks)) {
    const found = form.exec(comment);
    if (found !== null) return { name: name as keyof typeof remarks, value: found[1] ?? '' };
  }
  return null;
}

function stepsOf(path: string, block: Block): Step[] {
  const { line, language, text, remarks: said } = block;
  if (language === '') throw new PageError(path, line, 'the block does not say what it is: sh, console, text, json, …');
  if (said.notRun !== undefined) return [{ kind: 'not-run', line, text, reason: said.notRun }];
  const typed = { line, on: said.on ?? null, input: inputOf(said.answers) };
  if (language === 'sh') {
    if (said.starts === undefined) return [{ ...typed, kind: 'run', text }];
    return [{ ...typed, kind: 'start', text, until: said.starts }];
  }
  if (language === 'console') {
    const isAwaited = said.awaited !== undefined;
    return exchangesIn(path, block).map((exchange) => ({ ...typed, kind: 'compare', isAwaited, ...exchange }));
  }
  const command = text.split('\n').findIndex((one) => commandPattern.test(one));
  if (command >= 0)
    throw new PageError(path, line + 1 + command, `a command in a block of ${language}, which nobody runs`);
  return said.file === undefined ? [] : [{ kind: 'write', line, file: said.file, text: `${text}\n` }];
}

const commandPattern =
  /^\s*(\$ |(sudo )?(\.\/)?(landbridge|make|npm|npx|apt|apt-get|systemctl|journalctl|curl|ip|ping) )/;

/** `first, second`: a line each. */
function inputOf(answers: string | undefined): string {
  return answers === undefined ? '' : answers.split(', ').join('\n') + '\n';
}

/** Each command with what follows it up to the next one. */
function exchangesIn(path: string, { line, text }: Block) {
  const exchanges: { line: number; text: string; expected: string }[] = [];
  let isOpen = false;
  for (const [index, one] of text.split('\n').entries()) {
    const last = exchanges.at(-1);
    if (one.startsWith('$ ')) exchanges.push({ line: line + 1 + index, text: one.slice(2), expected: '' });
    else if (last === undefined) throw new PageError(path, line + 1 + index, 'a block of console begins with "$ "');
    else if (isOpen) last.text += `\n${one}`;
    else last.expected += `${one}\n`;
    isOpen = one.endsWith('\\') && (isOpen || one.startsWith('$ '));
  }
  return exchanges;
}

function siblingOf(path: string, page: string): string {
  const url = new URL(page, `file:///${path}`);
  return url.pathname.slice(1);
}
