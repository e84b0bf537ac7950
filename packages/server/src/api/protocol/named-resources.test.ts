import { idOf, idPrefixes, object } from '@landbridge/catalogue/schema/request-schemas';
import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { resourcePrefixes } from '../../domain/resource-id.ts';
import { namedResources } from './named-resources.ts';

describe('the resources that a call names', () => {
  it('are of the kinds that the catalogue has', () => {
    expect([...resourcePrefixes].sort()).toEqual([...idPrefixes].sort());
  });

  it.each(idPrefixes)('are found by ids of %s, alone or in other text', (prefix) => {
    const id = `${prefix}-0abc123z`;
    const request = object({ Id: idOf(prefix), Note: Type.String() });
    expect(namedResources(request, { Id: id })).toEqual({ ids: [id], isAboutResources: true });
    const inside = { Note: `qcs::vpc:region:uin/1:x/${id}, not ${id}9 nor x${id}` };
    expect(namedResources(request, inside)).toEqual({ ids: [id], isAboutResources: false });
  });
});
