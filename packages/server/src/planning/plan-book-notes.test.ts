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

/** Nobody is noted to have asked whether a tunnel works. */
vi.mock('./facts.ts', async (original) => {
  const real = await original<typeof import('./facts.ts')>();
  let lostNotes = 0;
  const noteOfUsability: typeof real.noteOfUsability = (id) =>
    lost.kind === 'answer' ? `lost ${++lostNotes}` : real.noteOfUsability(id);
  return { ...real, noteOfUsability };
});

/** Nobody is noted to use a derivation. */
vi.mock('./computation.ts', async (original) => {
  const real = await original<typeof import('./computation.ts')>();
  class Users<T> extends Set<T> {
    override add(user: T): this {
      return lost.kind === 'derivation' ? this : super.add(user);
    }
  }
  const computation: typeof real.computation = (...args) => ({ ...real.computation(...args), usedBy: new Users() });
  return { ...real, computation };
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

test.each(['key', 'absent key', 'list', 'table', 'answer', 'derivation'])(
  'without the notes of a %s it does not',
  (kind) => {
    lost.kind = kind;
    expect(() => playPlanBook(5000)).toThrow(
      /not what (it is|they are) from scratch|others were told|not the difference/,
    );
  },
);
