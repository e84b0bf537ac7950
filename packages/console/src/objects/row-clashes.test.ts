import { describe, expect, it } from 'vitest';
import { rowClashes } from './row-clashes.ts';

const row = (id: string, ...cells: string[]) => ({ id, cells, isOwn: true });

describe('rows that were chosen', () => {
  it('clash where they are another way now, or gone, and not by what became of others', () => {
    const chosen = [row('a', '10.0.0.0/8', 'ENABLE'), row('b', '10.1.0.0/16', 'ENABLE'), row('c', '::', 'ENABLE')];
    const now = [row('a', '10.0.0.0/8', 'DISABLE'), row('c', '::', 'ENABLE'), row('d', '10.2.0.0/16', 'ENABLE')];
    expect(rowClashes(chosen, now)).toEqual([
      { field: 'a', theirs: '10.0.0.0/8 · DISABLE', yours: '10.0.0.0/8 · ENABLE' },
      { field: 'b', theirs: '', yours: '10.1.0.0/16 · ENABLE' },
    ]);
    expect(rowClashes(now, now)).toEqual([]);
  });
});
