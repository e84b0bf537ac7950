import type { SchemaParts } from './schema/schema-parts.ts';
import { describe, expect, it } from 'vitest';
import type { ErrorReason } from './errors/error-registry.ts';
import { everyActionErrors } from './errors/every-action-errors.ts';
import { allActions } from './services.ts';

/** Paths of parameters that nobody said a word about. */
function unsaid({ properties = {} }: SchemaParts, prefix = ''): string[] {
  return Object.entries(properties).flatMap(([name, member]) => {
    const item = member.items ?? member;
    const isSaid = member.description !== undefined || item.description !== undefined;
    return [...(isSaid ? [] : [prefix + name]), ...unsaid(item, `${prefix}${name}.`)];
  });
}

/** Paths of texts with a pattern that nobody put into words: a refusal could not say what is expected. */
function unexplained(schema: SchemaParts, path: string): string[] {
  const { properties = {}, items, pattern, means } = schema;
  return [
    ...(pattern !== undefined && means === undefined ? [path] : []),
    ...(items === undefined ? [] : unexplained(items, path)),
    ...Object.entries(properties).flatMap(([name, member]) => unexplained(member, `${path}.${name}`)),
  ];
}

it('no two services have an Action of the same name', () => {
  const names = allActions.map(({ name }) => name);
  expect(names).toEqual([...new Set(names)]);
});

it('PreviewChanges refuses what Actions that change something do', () => {
  const notPreviewed: readonly ErrorReason[] = ['dry-run', 'client-token-of-other-call', ...everyActionErrors];
  const ofChanges = allActions
    .filter(({ definition }) => definition.effect === 'changes')
    .flatMap(({ definition }) => definition.errors)
    .filter((reason) => !notPreviewed.includes(reason));
  const preview = allActions.find(({ name }) => name === 'PreviewChanges');
  expect(new Set(preview?.definition.errors)).toEqual(new Set([...ofChanges, 'preview-of-unknown']));
});

it('what is for administrators only is refused to everybody else', () => {
  const refused = allActions.filter(({ definition }) => definition.errors.includes('administrator-only'));
  const reserved = allActions.filter(({ definition }) => definition.forAdministrators);
  const others = refused.filter((action) => !reserved.includes(action)).map(({ name }) => name);
  expect(reserved.length).toBeGreaterThan(8);
  expect(refused).toEqual(expect.arrayContaining(reserved));
  // Of somebody else's account; what is previewed.
  expect(others).toEqual(['PreviewChanges', 'DescribeAuditEvents']);
});

describe.each(allActions)('$name', ({ name, definition }) => {
  const { summary, request, errors, filters, effect } = definition;

  it('is said in a sentence of each language', () => {
    expect(summary.en).toMatch(/^[A-Z].*\.$/);
    expect(summary.zh).toMatch(/^[^a-z]*[\u4e00-\u9fff].*。$/u);
  });

  it('has words about each parameter, and about each pattern', () => {
    expect(unsaid(request)).toEqual([]);
    expect(unexplained(request, name)).toEqual([]);
  });

  it('lists each error once, and filters where there is a parameter for them', () => {
    expect(errors).toEqual([...new Set(errors)]);
    expect('Filters' in request.properties).toBe(Object.keys(filters).length > 0);
  });

  it('changes something exactly when its name says so', () => {
    expect(effect).toBe(
      /^(Describe|Get|Check|Inquir|Generate|Download|Trace|Preview|Compare)/.test(name) ? 'reads' : 'changes',
    );
  });
});
