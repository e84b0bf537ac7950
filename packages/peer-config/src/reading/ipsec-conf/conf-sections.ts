import type { Note } from '../found-tunnel.ts';
import { PeerFileError } from '../peer-file-error.ts';

/**
 * The grammar of ipsec.conf(5), which strongSwan and Libreswan share: sections begin at the left margin, their parameters are
 * indented. Lines of ipsec.secrets(5) are taken in the same file. What the two do not share is not decided here.
 */

export interface Parameter {
  readonly value: string;
  readonly line: number;
}

export interface ConfSection {
  readonly type: string;
  readonly name: string;
  readonly line: number;
  readonly parameters: Map<string, Parameter>;
  /** Names of `also=`, in order. */
  readonly also: string[];
}

export interface SecretLine {
  readonly line: number;
  readonly owners: readonly string[];
  readonly secret: string;
}

export interface ConfFile {
  readonly sections: readonly ConfSection[];
  readonly secrets: readonly SecretLine[];
  readonly notes: readonly Note[];
}

export function readConfFile(text: string): ConfFile {
  const [sections, secrets, notes]: [ConfSection[], SecretLine[], Note[]] = [[], [], []];
  let section: ConfSection | null = null;
  for (const [at, raw] of text.split('\n').entries()) {
    const line = at + 1;
    const content = withoutComment(raw.trimEnd());
    const trimmed = content.trim();
    if (trimmed === '' || trimmed.startsWith('version')) continue;
    if (/^include\s/.test(trimmed)) notes.push({ line, text: 'the file that is included here was not read' });
    else if (/^[ \t]/.test(content)) addParameter(section, trimmed, line);
    else if (isSecret(trimmed)) secrets.push(readSecretLine(trimmed, line));
    else sections.push((section = readHead(trimmed, line)));
  }
  return { sections, secrets, notes };
}

function readHead(text: string, line: number): ConfSection {
  const [type = '', name = '', ...rest] = text.split(/\s+/);
  if (!['conn', 'config', 'ca'].includes(type) || name === '' || rest.length > 0) {
    throw new PeerFileError(
      line,
      'a section (`conn NAME`, `config setup`), a secret or an indented parameter is expected',
    );
  }
  return { type, name, line, parameters: new Map(), also: [] };
}

function addParameter(section: ConfSection | null, text: string, line: number): void {
  if (section === null) throw new PeerFileError(line, 'a parameter stands before the first section');
  const equals = text.indexOf('=');
  if (equals <= 0) throw new PeerFileError(line, 'NAME=VALUE is expected');
  const name = text.slice(0, equals).trim().toLowerCase();
  const value = unquote(text.slice(equals + 1).trim(), line);
  if (name === 'also') section.also.push(value);
  else section.parameters.set(name, { value, line });
}

function unquote(text: string, line: number): string {
  if (!text.startsWith('"')) return text;
  if (text.length < 2 || !text.endsWith('"')) throw new PeerFileError(line, 'a quoted text has no end');
  return text.slice(1, -1).replaceAll('\\"', '"');
}

/** `#` begins a comment, but not in quotes, nor in an identity such as `@#0102`. */
function withoutComment(line: string): string {
  let quoted = false;
  for (let at = 0; at < line.length; at++) {
    if (line[at] === '"') quoted = !quoted;
    else if (line[at] === '#' && !quoted && line[at - 1] !== '@') return line.slice(0, at);
  }
  return line;
}

/** `OWNER OWNER : PSK "secret"`. */
function isSecret(text: string): boolean {
  const words = text.split(/\s+/);
  const colon = words.findIndex((word) => word.startsWith(':'));
  return colon !== -1 && !words.slice(0, colon).some((word) => word.includes('='));
}

function readSecretLine(text: string, line: number): SecretLine {
  const words = text.split(/\s+/);
  const colon = words.findIndex((word) => word.startsWith(':'));
  const owners = words.slice(0, colon);
  const rest = text.slice(text.indexOf(':', owners.join(' ').length) + 1).trim();
  const match = /^PSK\s+(.*)$/i.exec(rest);
  if (match === null) return { line, owners: ['%never'], secret: '' };
  return { line, owners, secret: unquote((match[1] ?? '').trim(), line) };
}

const mostAlso = 64;

/** A section with what it inherits: its own parameters, then those of `also=`, then those of `conn %default`. */
export class InheritedSection {
  readonly #parameters: readonly ReadonlyMap<string, Parameter>[];

  constructor(section: ConfSection, byName: ReadonlyMap<string, ConfSection>) {
    const seen = new Set([section]);
    const queue = [...section.also];
    for (let at = 0; at < queue.length && seen.size < mostAlso; at++) {
      const other = byName.get(queue[at] ?? '');
      if (other === undefined || seen.has(other)) continue;
      seen.add(other);
      queue.push(...other.also.slice(0, mostAlso));
    }
    const fallback = byName.get('%default');
    this.#parameters = [...seen, ...(fallback === undefined ? [] : [fallback])].map(({ parameters }) => parameters);
  }

  get(name: string): Parameter | undefined {
    return this.#parameters.find((parameters) => parameters.has(name))?.get(name);
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }
}
