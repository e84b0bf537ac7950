import type { Note } from '../found-tunnel.ts';
import { PeerFileError } from '../peer-file-error.ts';

/** The grammar of strongswan.conf(5): sections in braces, `key = value`, references between sections, comments, includes. */

export interface Setting {
  readonly value: string;
  readonly line: number;
}

export interface Section {
  readonly line: number;
  readonly settings: Map<string, Setting>;
  readonly sections: Map<string, Section>;
  /** Names of sections whose content it takes over, from the root, with dots. */
  readonly references: string[];
}

const deepest = 32;
const nameEnd = /[#{}:.,="\r\n\t ]/;

export function readSettingsTree(text: string): { root: Section; notes: Note[] } {
  return new Reader(text).read();
}

class Reader {
  readonly #text: string;
  readonly #notes: Note[] = [];
  #at = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  read(): { root: Section; notes: Note[] } {
    const root = newSection(1);
    this.#readStatements(root, 0);
    return { root, notes: this.#notes };
  }

  #readStatements(section: Section, depth: number): void {
    if (depth > deepest) throw this.#problem(`sections are nested more than ${deepest} deep`);
    for (;;) {
      this.#skipBlank();
      if (this.#at >= this.#text.length) {
        if (depth > 0) throw this.#problem('a section is not closed: } is missing');
        return;
      }
      if (this.#text[this.#at] === '}') {
        if (depth === 0) throw this.#problem('} closes no section');
        this.#at++;
        return;
      }
      this.#readStatement(section, depth);
    }
  }

  #readStatement(section: Section, depth: number): void {
    const line = this.#line;
    const name = this.#readName('the name of a section or a setting');
    if (name === 'include' && /[\t ]/.test(this.#text[this.#at] ?? '') && !this.#isAssignment()) {
      this.#skipToEndOfInclude();
      this.#notes.push({ line, text: 'the file that is included here was not read' });
      return;
    }
    this.#skipBlank();
    const next = this.#text[this.#at];
    if (next === '=') {
      this.#at++;
      section.settings.set(name, { value: this.#readValue(), line });
      return;
    }
    const references = next === ':' ? this.#readReferences() : [];
    if (this.#text[this.#at] !== '{') throw this.#problem('= or { is expected behind a name');
    this.#at++;
    // Of two sections of the same name the settings of both count.
    const inner = section.sections.get(name) ?? newSection(line);
    inner.references.push(...references);
    section.sections.set(name, inner);
    this.#readStatements(inner, depth + 1);
  }

  #isAssignment(): boolean {
    let at = this.#at;
    while (this.#text[at] === ' ' || this.#text[at] === '\t') at++;
    return this.#text[at] === '=' || this.#text[at] === '{';
  }

  #readReferences(): string[] {
    this.#at++;
    const references: string[] = [];
    for (;;) {
      this.#skipBlank();
      const parts = [this.#readName('the name of a section')];
      while (this.#text[this.#at] === '.') {
        this.#at++;
        parts.push(this.#readName('the name of a section'));
      }
      references.push(parts.join('.'));
      this.#skipBlank();
      if (this.#text[this.#at] !== ',') return references;
      this.#at++;
    }
  }

  #readName(what: string): string {
    const start = this.#at;
    while (this.#at < this.#text.length && !nameEnd.test(this.#text[this.#at] ?? '')) this.#at++;
    if (this.#at === start) throw this.#problem(`${what} is expected`);
    return this.#text.slice(start, this.#at);
  }

  /** To the end of the line, a comment or the section; quoted parts may go over several lines. */
  #readValue(): string {
    const words: string[] = [];
    for (;;) {
      while (/[\r\t ]/.test(this.#text[this.#at] ?? '')) this.#at++;
      const char = this.#text[this.#at];
      if (char === undefined || char === '\n' || char === '#' || char === '}') return words.join(' ');
      words.push(char === '"' ? this.#readQuoted() : this.#readWord());
    }
  }

  #readWord(): string {
    const start = this.#at;
    while (this.#at < this.#text.length && !/[#}"\r\n\t ]/.test(this.#text[this.#at] ?? '')) this.#at++;
    return this.#text.slice(start, this.#at);
  }

  #readQuoted(): string {
    const begun = this.#line;
    const parts: string[] = [];
    for (this.#at++; this.#at < this.#text.length; this.#at++) {
      const char = this.#text[this.#at] ?? '';
      if (char === '"') {
        this.#at++;
        return parts.join('');
      }
      if (char === '\n') this.#line++;
      parts.push(char === '\\' ? this.#readEscape() : char);
    }
    throw new PeerFileError(begun, 'a quoted text has no end');
  }

  /** A line break behind a backslash joins two lines. */
  #readEscape(): string {
    this.#at++;
    if (this.#text[this.#at] === '\r' && this.#text[this.#at + 1] === '\n') this.#at++;
    const char = this.#text[this.#at] ?? '';
    if (char === '\n') {
      this.#line++;
      return '';
    }
    const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
    return Object.hasOwn(escapes, char) ? (escapes[char] ?? char) : char;
  }

  #skipToEndOfInclude(): void {
    while (/[\t ]/.test(this.#text[this.#at] ?? '')) this.#at++;
    if (this.#text[this.#at] === '"') this.#readQuoted();
    else this.#readWord();
  }

  #skipBlank(): void {
    for (; this.#at < this.#text.length; this.#at++) {
      const char = this.#text[this.#at] ?? '';
      if (char === '#') {
        const end = this.#text.indexOf('\n', this.#at);
        this.#at = end === -1 ? this.#text.length - 1 : end - 1;
      } else if (char === '\n') this.#line++;
      else if (!/[\r\t ]/.test(char)) return;
    }
  }

  #problem(problem: string): PeerFileError {
    return new PeerFileError(this.#line, problem);
  }
}

function newSection(line: number): Section {
  return { line, settings: new Map(), sections: new Map(), references: [] };
}
