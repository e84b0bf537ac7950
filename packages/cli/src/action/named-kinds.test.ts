import type { SchemaParts } from '@landbridge/catalogue/schema/schema-parts';
import { services } from '@landbridge/catalogue/services';
import type { ActionDefinition } from '@landbridge/catalogue/action-definition';
import { describe, expect, it } from 'vitest';
import { namedKinds } from './named-kinds.ts';
import { idPrefixOf } from './schema-meaning.ts';

const actions = Object.assign({}, ...Object.values(services.vpc.areas).map((area) => area.actions)) as Record<
  string,
  ActionDefinition
>;

describe.each(Object.entries(namedKinds))('%s', (prefix, kind) => {
  it('is looked up by what the catalogue knows', () => {
    const { filters, response, request } = actions[kind.action]!;
    expect(Object.keys(filters)).toContain(kind.filter);
    if (kind.within !== undefined) expect(Object.keys(filters)).toContain(kind.within.filter);
    expect(Object.keys(request.properties)).toContain('Limit');
    const { properties = {} } = (response.properties[kind.set] as SchemaParts).items ?? {};
    expect(idPrefixOf(properties[kind.id]!)).toBe(prefix);
    expect(properties[kind.name]?.type).toBe('string');
  });
});
