import { readFile } from 'node:fs/promises';
import { Compile } from 'typebox/compile';
import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
import { SiteError } from './objects-of-site.ts';
import { siteSchema, type Site } from './site-schema.ts';

/** What is wrong with a site file: file, line and field of each problem. */
export class SiteFileError extends Error {
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'SiteFileError';
  }
}

export type Place = readonly (string | number)[];

export interface SiteFile {
  readonly site: Site;
  /** `FILE:LINE` of a place in it. */
  readonly where: (place: Place) => string;
}

const validator = Compile(siteSchema);
const mostBytes = 16 * 1024 * 1024;

/** Throws SiteFileError, and what reading the file throws. */
export async function readSiteFile(path: string): Promise<SiteFile> {
  return parseSite(await readFile(path, 'utf8'), path);
}

/** @param name what messages call the file. Throws SiteFileError. */
export function parseSite(text: string, name: string): SiteFile {
  if (text.length > mostBytes) throw new SiteFileError([`${name}: a site file has at most ${mostBytes} bytes`]);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const [flaw] = document.errors;
  if (flaw !== undefined) {
    const line = flaw.linePos?.[0].line ?? 1;
    throw new SiteFileError([`${name}:${line}: ${flaw.message.split(' at line ')[0] ?? flaw.message}`]);
  }
  const where = (place: Place) => `${name}:${lineOf(document, lines, place)}`;
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  if (!validator.Check(value)) {
    const problems = problemsOf(value).map(({ place, message }) => `${where(place)}: ${fieldName(place)}${message}`);
    throw new SiteFileError([...new Set(problems)]);
  }
  return { site: value, where };
}

/** Says where in the file it is. */
export function located(error: unknown, { where }: SiteFile): unknown {
  if (!(error instanceof SiteError)) return error;
  return new SiteFileError([`${where(error.place)}: ${fieldName(error.place)}${error.message}`]);
}

interface Problem {
  readonly place: Place;
  readonly message: string;
}

function problemsOf(value: unknown): Problem[] {
  return validator.Errors(value).flatMap((error): Problem[] => {
    const place = placeOf(error.instancePath);
    const { keyword, params, message } = error as { keyword: string; params: Record<string, unknown>; message: string };
    // Said of each field as well.
    if (keyword === 'additionalProperties') return [];
    if (keyword === 'boolean') return [{ place, message: 'there is no such field' }];
    const allowed = params['allowedValues'];
    if (Array.isArray(allowed)) return [{ place, message: `must be one of ${allowed.join(', ')}` }];
    return [{ place, message: meansOf(error.schemaPath) ?? message }];
  });
}

/** Words of a pattern, where its schema has some: those of the catalogue are in two languages. */
function meansOf(schemaPath: string): string | undefined {
  let schema: unknown = siteSchema;
  for (const step of schemaPath.replace(/^#\/?/, '').split('/').filter(Boolean)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof schema !== 'object' || schema === null) return undefined;
    const next: unknown = (schema as Record<string, unknown>)[name];
    if (typeof next !== 'object') break;
    schema = next;
  }
  const { means } = schema as { readonly means?: string | { readonly en: string } };
  return typeof means === 'object' ? means.en : means;
}

function placeOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function fieldName(place: Place): string {
  return place.length === 0 ? '' : `${place.join('.')}: `;
}

/** Of the innermost part of the place that is there. */
function lineOf(document: Document, lines: LineCounter, place: Place): number {
  for (let length = place.length; length > 0; length--) {
    const path = place.slice(0, length).map((step) => (/^\d+$/.test(String(step)) ? Number(step) : step));
    const node = document.getIn(path, true);
    if (isNode(node) && node.range != null) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
