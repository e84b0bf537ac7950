import { slugs } from '../objects/addresses.ts';

/** A piece of a text; where it is an id of an object that has a page, that too. */
export interface TextPart {
  readonly text: string;
  readonly id?: string;
}

/** Whole ids, with the quotes that the service sets around them. */
const quotedId = new RegExp(`(\`?)(?<![\\w-])((?:${Object.keys(slugs).join('|')})-[0-9a-z]{8})(?![\\w-])\\1`, 'g');

/** A text of the service, which is not to be trusted, in pieces that joined are the text again. */
export function partsOf(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const { 0: found, 2: id = '', index } of text.matchAll(quotedId)) {
    if (index > end) parts.push({ text: text.slice(end, index) });
    parts.push({ text: found, id });
    end = index + found.length;
  }
  return end < text.length ? [...parts, { text: text.slice(end) }] : parts;
}

/** Ids in texts, each once. */
export function idsIn(texts: readonly string[]): readonly string[] {
  const ids = texts.flatMap((text) => partsOf(text).flatMap(({ id }) => (id === undefined ? [] : [id])));
  return [...new Set(ids)];
}
