import { describe, expect, it } from 'vitest';
import { changedFields, clashesOf, nested } from './difference.ts';

const base = { name: 'a', group: '14', cipher: 'aes' };

describe('the difference between an object and a form', () => {
  it('is the fields that the form says otherwise, and no others', () => {
    expect(changedFields(base, base)).toEqual([]);
    expect(changedFields(base, { ...base, group: '19' })).toEqual(['group']);
  });

  it('clashes where somebody else changed what the form says otherwise, touched or not', () => {
    const now = { ...base, name: 'b', group: '20' };
    const draft = { ...base, group: '19', cipher: '3des' };
    expect(clashesOf(base, now, draft)).toEqual([
      { field: 'name', theirs: 'b', yours: 'a' },
      { field: 'group', theirs: '20', yours: '19' },
    ]);
  });

  it('does not clash where both say the same, where theirs was taken, and where mine was kept on purpose', () => {
    const now = { ...base, group: '20' };
    expect(clashesOf(base, now, now)).toEqual([]);
    expect(clashesOf({ ...base, group: '20' }, now, { ...base, group: '19' })).toEqual([]);
    expect(changedFields(now, { ...base, group: '19' })).toEqual(['group']);
  });

  it('is nested as the call takes it', () => {
    expect(nested({ Name: 'a', 'Ike.Group': '14', 'Ike.Version': '2' })).toEqual({
      ...{ Name: 'a', Ike: { Group: '14', Version: '2' } },
    });
  });
});
