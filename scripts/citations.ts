/**
 * What comments and pages say about where something is found, and whether it is there. Pure: paths and texts in, problems out.
 * Looked at are, in every text:
 * - pages: `docs/….md`, and decisions as `docs/adr/NNNN` without the rest of the name;
 * - sections after a page: `docs/spec/semantics.md section 9`, `sections 5, 6 and 8 to 11`, `, "Data types"`, `, CreateVpc`;
 * - commands: npm's scripts and targets of make, as somebody would type them, and whether a test is found that way;
 * and on pages of documentation moreover links, with their anchors, and source files between backticks.
 */
export interface Project {
  /** Texts that may cite, by path from the root. */
  readonly texts: ReadonlyMap<string, string>;
  /** Every file and folder, from the root. */
  readonly paths: ReadonlySet<string>;
  readonly npmScripts: ReadonlySet<string>;
  readonly makeTargets: ReadonlySet<string>;
}

export interface WrongCitation {
  readonly path: string;
  readonly line: number;
  readonly problem: string;
}

type Complain = (offset: number, problem: string) => void;

/** Lists them all. */
const decisions = 'docs/adr/README.md';

/** Folders that paths on pages may begin in. */
const roots = ['', 'docs/', 'packages/', 'packages/server/src/', 'packages/uxfrm/'];

export function wrongCitations(project: Project): WrongCitation[] {
  return [...project.texts].flatMap(([path, text]) => {
    const found: WrongCitation[] = [];
    const complain: Complain = (offset, problem) => found.push({ path, line: lineAt(text, offset), problem });
    checkPages(project, text, complain);
    checkCommands(project, text, complain);
    if (path === decisions) checkDecisions(project, text, complain);
    if (path.endsWith('.md')) {
      checkLinks(project, path, text, complain);
      checkSourceFiles(project, path, text, complain);
    }
    return found;
  });
}

/** `spec/semantics.md` is how nobody finds it; in a link it is right where the page stands. */
const pagePattern = /\bdocs\/(?:[\w-]+\/)*(?:[\w-]+\.md|adr\/\d{4})|(?<!\]\(|[\w./])spec\/[\w-]+\.md/g;
/** What may stand between the words of a citation when it is wrapped inside of a comment. */
const gap = String.raw`(?:\s|\s*\n\s*(?:\*|\/\/|#)\s*)`;
const number = String.raw`(?:\d+(?:\.\d+)?|[A-G])\b`;
const sectionPattern = new RegExp(
  `^,?${gap}\\(?sections?${gap}(${number}(?:(?:,|${gap}and|${gap}to)${gap}${number})*)`,
);
/** The beginning of a title in quotes, or a name of the API. */
const titlePattern = new RegExp(`^,${gap}(?:"([^"]+)"|([A-Z][a-z]+[A-Z]\\w+))`);

function checkPages({ texts, paths }: Project, text: string, complain: Complain): void {
  for (const { 0: page, index } of text.matchAll(pagePattern)) {
    const known = page.endsWith('.md') ? paths.has(page) : [...paths].some((path) => path.startsWith(`${page}-`));
    if (!known) {
      complain(index, `there is no ${page}`);
      continue;
    }
    const rest = text.slice(index + page.length, index + page.length + 300);
    for (const problem of problemsOfSections(sectionsOf(texts.get(page) ?? ''), rest))
      complain(index, `${page} ${problem}`);
  }
}

/** `rest` is what follows the name of the page: numbers first, then names and titles, as in `section 9, "Route tables"`. */
function* problemsOfSections(sections: ReadonlySet<string>, rest: string): Generator<string> {
  const numbers = sectionPattern.exec(rest);
  for (const cited of numbers?.[1]?.match(new RegExp(number, 'g')) ?? [])
    if (!sections.has(cited)) yield `has no section ${cited}`;
  rest = rest.slice(numbers?.[0].length ?? 0);
  for (let found = titlePattern.exec(rest); found !== null; found = titlePattern.exec(rest)) {
    const [all, title, name] = found;
    if (title !== undefined && ![...sections].some((section) => section.startsWith(title))) yield `has no "${title}"`;
    if (name !== undefined && !sections.has(name)) yield `has no ${name}`;
    rest = rest.slice(all.length);
  }
}

const headingPattern = /^#+ +(?:(\d+\.\d+|\d+|[A-G])\.? +)?(.+?) *$/gm;

/** Numbers and titles of headings, and the titles of paragraphs that begin with one in bold. */
export function sectionsOf(page: string): ReadonlySet<string> {
  const headings = [...page.matchAll(headingPattern)].flatMap(([, number, title]) => [number ?? '', title ?? '']);
  const paragraphs = [...page.matchAll(/^(?:- )?\*\*(.+?)\.?\*\*/gm)].map(([, title]) => title ?? '');
  return new Set([...headings, ...paragraphs]);
}

function checkDecisions({ paths }: Project, text: string, complain: Complain): void {
  for (const path of paths)
    if (/^docs\/adr\/\d{4}-/.test(path) && !text.includes(`](${path.slice('docs/adr/'.length)})`))
      complain(0, `does not list ${path}`);
}

function checkCommands({ npmScripts, makeTargets, paths }: Project, text: string, complain: Complain): void {
  for (const { 0: command, 1: script = '', index } of text.matchAll(/\bnpm run (?:--silent )?([a-z][\w:-]*)/g))
    if (!npmScripts.has(script)) complain(index, `package.json has no script for "${command}"`);
  for (const { 0: command, 1: filter = '', index } of text.matchAll(
    /\bnpm run (?:--silent )?test:\w+ -- ([a-z][\w/-]*)/g,
  ))
    if (![...paths].some((path) => path.endsWith('.test.ts') && path.includes(filter)))
      complain(index, `"${command}" finds no test`);
  for (const { 1: target = '', index } of text.matchAll(/(?:`|^)make ([a-z][\w-]*)/gm))
    if (!makeTargets.has(target)) complain(index, `the Makefile has no target ${target}`);
}

function checkLinks({ texts, paths }: Project, path: string, text: string, complain: Complain): void {
  for (const { 1: target = '', index } of text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)) {
    const [file = '', anchor] = target.split('#');
    const page = file === '' ? path : resolve(path, file);
    if (!paths.has(page)) complain(index, `there is no ${page}`);
    else if (anchor !== undefined && !anchorsOf(texts.get(page) ?? '').has(anchor))
      complain(index, `${page} has no heading #${anchor}`);
  }
}

/** As forges make them of headings; a comment in a block of commands is none. */
function anchorsOf(page: string): ReadonlySet<string> {
  const prose = page.replaceAll(/^ *```[^]*?^ *```$/gm, '');
  const headings = [...prose.matchAll(/^#+ +(.+?) *$/gm)].map(([, heading]) => heading ?? '');
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

function checkSourceFiles({ paths }: Project, path: string, text: string, complain: Complain): void {
  for (const { 1: file = '', index } of text.matchAll(/`((?:[\w.-]+\/)+[\w.-]+\.(?:ts|sh|cpp|h|json|cjs|md))`/g)) {
    const candidates = [...roots.map((root) => root + file), resolve(path, file)];
    if (!candidates.some((candidate) => paths.has(candidate))) complain(index, `there is no ${file}`);
  }
}

/** `target` as seen from the folder of `path`. */
function resolve(path: string, target: string): string {
  const parts = path.split('/').slice(0, -1);
  for (const part of target.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
