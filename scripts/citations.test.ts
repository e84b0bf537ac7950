import { describe, expect, test } from 'vitest';
import { sectionsOf, wrongCitations } from './citations.ts';

const semantics =
  '# How\n\n## 5. Policies\n\n### 2.10 Lines\n\n## A. Traps\n\n## Data types\n\n#### CreateVpc\n\n**Empty arrays.** None.\n';
const pages = {
  'docs/spec/semantics.md': semantics,
  'docs/adr/0019-sources.md': '# 19. Sources are `checked`, where they come in\n',
  'packages/server/src/planner/plan.ts': '',
  'lab/test/scenario-2.test.ts': '',
};

/** Problems of one more text among the pages. */
function problemsOf(text: string, path = 'packages/net/src/a.ts'): string[] {
  const texts = new Map(Object.entries({ ...pages, [path]: text }));
  const project = {
    texts,
    paths: new Set([...texts.keys(), 'docs/adr']),
    npmScripts: new Set(['lint', 'test:lab']),
    makeTargets: new Set(['demo']),
  };
  return wrongCitations(project).map((found) => `${found.path}:${found.line} ${found.problem}`);
}

test('sections are numbers, letters and titles of headings, and titles in bold', () => {
  expect([...sectionsOf(semantics)]).toEqual(
    expect.arrayContaining(['5', '2.10', 'A', 'Policies', 'Data types', 'CreateVpc', 'Empty arrays']),
  );
});

describe('comments', () => {
  test.each([
    '// docs/spec/semantics.md',
    '// docs/spec/semantics.md section 5, as always',
    '// (docs/spec/semantics.md sections 5, 2.10 and A)',
    '/** docs/spec/semantics.md\n * section 5. */',
    '// docs/spec/semantics.md, "Data types"',
    '// docs/spec/semantics.md (sections 2.10 to A), "Data", CreateVpc',
    '// docs/spec/semantics.md, CreateVpc, and docs/spec/semantics.md, "Empty arrays"',
    '// docs/adr/0019',
    'npm run test:lab -- scenario-2 -t forged',
    '// npm run lint, npm run --silent lint, `make demo`',
  ])('%j is right', (text) => expect(problemsOf(text)).toEqual([]));

  test.each([
    ['// docs/spec/other.md', 'there is no docs/spec/other.md'],
    ['// spec/semantics.md', 'there is no spec/semantics.md'],
    ['// docs/adr/0020', 'there is no docs/adr/0020'],
    ['// docs/spec/semantics.md section 6', 'docs/spec/semantics.md has no section 6'],
    ['// docs/spec/semantics.md section 2.1', 'docs/spec/semantics.md has no section 2.1'],
    ['// docs/spec/semantics.md sections 5 and 7', 'docs/spec/semantics.md has no section 7'],
    ['/* docs/spec/semantics.md\n * section B */', 'docs/spec/semantics.md has no section B'],
    ['// docs/spec/semantics.md, "Types"', 'docs/spec/semantics.md has no "Types"'],
    ['// docs/spec/semantics.md, CreateSubnet', 'docs/spec/semantics.md has no CreateSubnet'],
    ['// docs/spec/semantics.md section 5, CreateVpc, "Other"', 'docs/spec/semantics.md has no "Other"'],
    ['`npm run build:uxfrm`', 'package.json has no script for "npm run build:uxfrm"'],
    ['npm run test:lab -- scenarios', '"npm run test:lab -- scenarios" finds no test'],
    ['`make all`', 'the Makefile has no target all'],
  ])('%j is named', (text, problem) => expect(problemsOf(text)).toEqual([`packages/net/src/a.ts:1 ${problem}`]));
});

describe('pages', () => {
  test.each([
    '[a](adr/0019-sources.md#19-sources-are-checked-where-they-come-in)',
    '[a](spec/semantics.md), [b](../docs/spec/semantics.md#5-policies)',
    '[a](../docs/adr/) [b](https://example.org/x.md) [c](#here)\n\n# Here',
    '`planner/plan.ts` and `adr/0019-sources.md`',
  ])('%j is right', (text) => expect(problemsOf(text, 'docs/page.md')).toEqual([]));

  test.each([
    ['[a](0019-sources.md)', 'there is no docs/0019-sources.md'],
    ['[a](adr/0019-sources.md#sources)', 'docs/adr/0019-sources.md has no heading #sources'],
    ['[a](#there)\n\n# Here', 'docs/page.md has no heading #there'],
    ['[a](#there)\n\n```sh\n# There\n```', 'docs/page.md has no heading #there'],
    ['`planner/gone.ts`', 'there is no planner/gone.ts'],
  ])('%j is named', (text, problem) => expect(problemsOf(text, 'docs/page.md')).toEqual([`docs/page.md:1 ${problem}`]));
});

test('every decision is on their list', () => {
  expect(problemsOf('[19](0019-sources.md)', 'docs/adr/README.md')).toEqual([]);
  expect(problemsOf('0019-sources.md', 'docs/adr/README.md')).toEqual([
    'docs/adr/README.md:1 does not list docs/adr/0019-sources.md',
  ]);
});
