import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { playPlanBook } from '../../testing/plan-book-model.ts';
import type { Change } from '../image/change.ts';

vi.setConfig({ testTimeout: 600_000 });

/** The kind of note that is lost. */
const lost = vi.hoisted(() => ({ kind: 'none' }));

vi.mock('../image/noting-source.ts', async (original) => {
  const real = await original<typeof import('../image/noting-source.ts')>();
  const kindOf = (note: string, { before }: Change): string => {
    if (!note.includes('=')) return 'table';
    if (note.includes('.', 0) && note.indexOf('.') < note.indexOf('=')) return 'list';
    return before === null ? 'absent key' : 'key';
  };
  const notesMetBy = (change: Change) =>
    new Set([...real.notesMetBy(change)].filter((note) => kindOf(note, change) !== lost.kind));
  return { ...real, notesMetBy };
});

vi.mock('./facts.ts', async (original) => {
  const real = await original<typeof import('./facts.ts')>();
  let count = 0;
  const noteOfUsability = (id: `vpnx-${string}`) =>
    lost.kind === 'usability' ? `lost=${count++}` : real.noteOfUsability(id);
  return { ...real, noteOfUsability };
});

/** Without the note that a derivation was used: its first result stays. */
vi.mock('../derive/derivation.ts', async (original) => {
  const real = await original<typeof import('../derive/derivation.ts')>();
  const keepDerivations: typeof real.keepDerivations = (rows, keeper) => {
    const results = new Map<string, unknown>();
    real.keepDerivations(rows, {
      isUsable: keeper.isUsable,
      derive: <Result>(name: string, formula: (...args: never) => Result): Result => {
        if (lost.kind !== 'derivation') return keeper.derive(name, formula as never);
        if (!results.has(name)) results.set(name, keeper.derive(name, formula as never));
        return results.get(name) as Result;
      },
    });
  };
  return { ...real, keepDerivations };
});

beforeEach(() => {
  lost.kind = 'none';
});
afterEach(() => {
  lost.kind = 'none';
});

test('with every note the property holds', () => {
  playPlanBook(300);
});

test.each(['key', 'absent key', 'list', 'table', 'usability', 'derivation'])(
  'without the notes of a %s it does not',
  (kind) => {
    lost.kind = kind;
    expect(() => playPlanBook(5000)).toThrow(/not what it is from scratch|others were told|not the difference/);
  },
);
