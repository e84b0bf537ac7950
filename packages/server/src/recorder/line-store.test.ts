import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { patience } from '@landbridge/testbed/poll';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RecordedKind, RecordedSelection } from '../domain/operator/timeline.ts';
import { LineStore, type LineToKeep } from './line-store.ts';
import { bytesOfShelf } from './shelves.ts';

const roomy = { subjectBytes: 1024 * 1024, hostBytes: 256 * 1024 * 1024 };

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'landbridge-recorder-'));
  path = join(folder, 'recorder.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lineOf = (subject: string, text: string, at = 0, kind: RecordedKind = 'event', holder = 'vpngw-one00000') =>
  ({ subject, holder, kind, at, text, detail: null }) satisfies LineToKeep;

const everything = (subject: string): RecordedSelection => ({
  ...{ subject, from: null, to: null, kinds: null, order: 'oldest-first', after: null, limit: 100 },
});

/** Page by page, as far as it goes. */
function textsOf(store: LineStore, selection: RecordedSelection): string[] {
  const texts: string[] = [];
  let after: number | null = selection.after;
  for (;;) {
    const { lines, next, isLast } = store.page({ ...selection, after });
    texts.push(...lines.map(({ text }) => text));
    if (isLast) return texts;
    expect(next).not.toBe(after);
    after = next;
  }
}

function withStore<T>(work: (store: LineStore) => T, bounds = roomy): T {
  const store = new LineStore(path, bounds);
  try {
    return work(store);
  } finally {
    store.close();
  }
}

describe('lines', () => {
  it('are of their subject, and of its gateway as well; in either order, by kind, and after a restart', () => {
    withStore((store) => {
      store.append([lineOf('vpnx-a0000000', '1'), lineOf('vpnx-b0000000', '2', 0, 'ike')]);
      store.append([
        lineOf('vpngw-one00000', '3', 0, 'plan'),
        lineOf('vpnx-a0000000', '4', 0, 'ike'),
        lineOf('vpnx-c0000000', 'of another', 0, 'ike', 'vpngw-two00000'),
      ]);
    });
    withStore((store) => {
      const read = (subject: string, more: Partial<RecordedSelection> = {}) =>
        textsOf(store, { ...everything(subject), limit: 1, ...more });
      expect(read('vpnx-a0000000')).toEqual(['1', '4']);
      expect(read('vpngw-one00000')).toEqual(['1', '2', '3', '4']);
      expect(read('vpngw-one00000', { order: 'newest-first' })).toEqual(['4', '3', '2', '1']);
      expect(read('vpngw-one00000', { kinds: ['ike'], limit: 10 })).toEqual(['2', '4']);
      expect(read('vpnx-a0000000', { kinds: ['ike'] })).toEqual(['4']);
      expect(read('vpnx-gone0000')).toEqual([]);
      store.append([lineOf('vpnx-a0000000', '5')]);
      expect(read('vpnx-a0000000')).toEqual(['1', '4', '5']);
    });
  });

  it('have all that was told with them', () => {
    const detail = { state: 'down', isFirst: false };
    withStore((store) => {
      store.append([{ ...lineOf('vpnx-a0000000', 'down: why', 1234, 'state'), detail }]);
      const page = store.page(everything('vpnx-a0000000'));
      expect(page.lines).toEqual([
        { id: 1, subject: 'vpnx-a0000000', kind: 'state', at: 1234, text: 'down: why', detail },
      ]);
      expect(page.storySince).toBe(1234);
    });
  });
});

describe('since when a story is whole', () => {
  const bounds = { subjectBytes: 16_384, hostBytes: 256 * 1024 * 1024 };
  const flood = (store: LineStore, subject: string, from: number) => {
    for (let n = 0; n < 100; n++) store.append([lineOf(subject, 'x'.repeat(200), from + n)]);
  };

  it('of a gateway no story of its tunnels, nor its own, is missing from then on, whatever else is older', () => {
    withStore((store) => {
      store.append([lineOf('vpngw-one00000', 'a plan', 1, 'plan'), lineOf('vpnx-a0000000', 'quiet', 2)]);
      const since = (subject: string) => store.page(everything(subject)).storySince;
      expect(since('vpngw-one00000')).toBe(1);
      flood(store, 'vpngw-one00000', 1000);
      const own = textsOf(store, { ...everything('vpngw-one00000'), kinds: ['event'] }).length - 1;
      expect(own).toBeLessThan(100);
      expect(since('vpngw-one00000')).toBe(1100 - own);
      expect(since('vpnx-a0000000')).toBe(2);
      flood(store, 'vpnx-a0000000', 5000);
      expect(since('vpngw-one00000')).toBe(since('vpnx-a0000000'));
      expect(since('vpnx-a0000000')).toBeGreaterThan(5000);
    }, bounds);
    withStore((store) => expect(store.page(everything('vpngw-one00000')).storySince).toBeGreaterThan(5000), bounds);
  });
});

describe('what is gone', () => {
  it('gives its number to nobody: a gateway never tells of a tunnel that was another one’s', () => {
    withStore((store) => {
      store.append([lineOf('vpnx-a0000000', 'of the first', 0, 'event', 'vpngw-one00000')]);
      store.append([lineOf('vpnx-a0000000', 'of the second', 0, 'event', 'vpngw-two00000')]);
    });
    // Nothing is held by the first any more; its lines are there.
    withStore((store) => {
      store.append([lineOf('vpnx-b0000000', 'of the third', 0, 'event', 'vpngw-three000')]);
      expect(textsOf(store, everything('vpngw-three000'))).toEqual(['of the third']);
      expect(textsOf(store, everything('vpngw-one00000'))).toEqual(['of the first']);
      expect(textsOf(store, everything('vpngw-two00000'))).toEqual(['of the second']);
    });
  });

  it('leaves no shelf to another subject', () => {
    const bounds = { subjectBytes: 1024 * 1024, hostBytes: 256 * 1024 };
    const idsOf = () => {
      const file = new DatabaseSync(path);
      try {
        return file
          .prepare('SELECT id FROM shelves ORDER BY id')
          .all()
          .map(({ id }) => Number(id));
      } finally {
        file.close();
      }
    };
    withStore((store) => store.append([lineOf('vpnx-a0000000', 'x'), lineOf('vpnx-b0000000', 'x')]), bounds);
    const before = idsOf();
    withStore((store) => {
      for (let round = 0; round < 20; round++) {
        store.append(Array.from({ length: 200 }, () => lineOf('vpnx-noisy000', 'x'.repeat(200), 0, 'ike')));
      }
    }, bounds);
    const after = idsOf();
    expect(before).toHaveLength(2);
    expect(after.filter((id) => before.includes(id))).toEqual([]);
    expect(Math.min(...after)).toBeGreaterThan(Math.max(...before));
  });
});

describe('a clock that is set', () => {
  it(
    'loses nothing and mixes no order, whatever is asked in whatever pages',
    () => {
      const subjects = ['vpnx-a0000000', 'vpnx-b0000000', 'vpngw-one00000'];
      const kinds: RecordedKind[] = ['ike', 'event', 'probes'];
      const happened = fc.record({
        subject: fc.constantFrom(...subjects),
        kind: fc.constantFrom(...kinds),
        at: fc.integer({ min: 0, max: 50 }),
      });
      const asked = fc.record({
        subject: fc.constantFrom(...subjects),
        from: fc.option(fc.integer({ min: 0, max: 50 })),
        to: fc.option(fc.integer({ min: 0, max: 50 })),
        kinds: fc.option(fc.subarray(kinds, { minLength: 1 })),
        order: fc.constantFrom('oldest-first' as const, 'newest-first' as const),
        limit: fc.integer({ min: 1, max: 7 }),
      });
      /** What one process writes. */
      const lives = fc.array(fc.array(happened, { maxLength: 6 }), { maxLength: 4 });
      let file = 0;
      fc.assert(
        fc.property(fc.array(lives, { minLength: 1, maxLength: 3 }), asked, (restarts, selection) => {
          path = join(folder, `${++file}.db`);
          const all = restarts.flat(2).map((line, index) => ({ ...line, text: String(index) }));
          let told = 0;
          for (const batches of restarts) {
            withStore((store) => {
              for (const batch of batches)
                store.append(batch.map(({ subject, kind, at }) => lineOf(subject, String(told++), at, kind)));
            });
          }
          const { subject, from, to } = selection;
          const expected = all.filter(
            (line) =>
              (line.subject === subject || subject === 'vpngw-one00000') &&
              (from === null || line.at >= from) &&
              (to === null || line.at < to) &&
              (selection.kinds === null || selection.kinds.includes(line.kind)),
          );
          if (selection.order === 'newest-first') expected.reverse();
          const found = withStore((store) => textsOf(store, { ...selection, after: null }));
          expect(found).toEqual(expected.map(({ text }) => text));
        }),
        { numRuns: 50 },
      );
    },
    30_000 * patience,
  );
});

describe('bounds', () => {
  const long = 'x'.repeat(200);

  it('of a subject: its oldest lines go, kind by kind, and nobody else’s', () => {
    const bounds = { ...roomy, subjectBytes: 16_384 };
    withStore((store) => {
      store.append([lineOf('vpnx-quiet000', 'quiet'), lineOf('vpnx-noisy000', 'the story')]);
      for (let round = 0; round < 50; round++) {
        store.append(
          Array.from({ length: 20 }, (_, n) => lineOf('vpnx-noisy000', `${round * 20 + n} ${long}`, 0, 'ike')),
        );
      }
      expect(textsOf(store, everything('vpnx-quiet000'))).toEqual(['quiet']);
      const [first, ...rest] = textsOf(store, everything('vpnx-noisy000'));
      expect(first).toBe('the story');
      const kept = rest.map((text) => Number(text.split(' ')[0]));
      expect(kept).toEqual(Array.from(kept, (_, index) => 1000 - kept.length + index));
      const bytes = rest.reduce((sum, text) => sum + text.length, 0);
      expect(bytes).toBeLessThan(bytesOfShelf('handshakes', bounds.subjectBytes));
      expect(bytes).toBeGreaterThan(bytesOfShelf('handshakes', bounds.subjectBytes) / 2);
    }, bounds);
  });

  it('of gateways: one without a line is forgotten at the next start', () => {
    const bounds = { subjectBytes: 1024 * 1024, hostBytes: 256 * 1024 };
    const holders = (): unknown[] => {
      using database = new DatabaseSync(path, { readOnly: true });
      return database.prepare('SELECT name FROM holders ORDER BY id').all();
    };
    withStore((store) => {
      store.append([lineOf('vpnx-gone0000', 'the oldest', 0, 'ike', 'vpngw-gone0000')]);
      for (let round = 0; round < 100; round++) {
        store.append(Array.from({ length: 200 }, () => lineOf('vpnx-here0000', `${round} ${long}`, round, 'ike')));
      }
      expect(textsOf(store, everything('vpnx-gone0000'))).toEqual([]);
    }, bounds);
    expect(holders()).toEqual([{ name: 'vpngw-gone0000' }, { name: 'vpngw-one00000' }]);
    withStore((store) => store.append([lineOf('vpnx-here0000', 'the newest')]), bounds);
    withStore(() => undefined, bounds);
    expect(holders()).toEqual([{ name: 'vpngw-one00000' }]);
  });

  it('of the host: the oldest of all go, and the file grows no further', () => {
    const bounds = { subjectBytes: 1024 * 1024, hostBytes: 1024 * 1024 };
    withStore((store) => {
      for (let round = 0; round < 100; round++) {
        store.append(
          Array.from({ length: 200 }, (_, n) => lineOf(`vpnx-0000000${n % 10}`, `${round} ${long}`, round, 'ike')),
        );
      }
      expect(store.usedBytes).toBeLessThanOrEqual(bounds.hostBytes);
      const texts = textsOf(store, { ...everything('vpngw-one00000'), limit: 500 });
      expect(texts.at(-1)).toMatch(/^99 /);
      expect(texts.length).toBeGreaterThan(1500);
      expect(Number(texts[0]?.split(' ')[0])).toBeGreaterThan(50);
    }, bounds);
    expect(statSync(path).size).toBeLessThanOrEqual(bounds.hostBytes + 200 * 400);
    // A smaller bound than before takes effect with the next line.
    withStore(
      (store) => {
        store.append([lineOf('vpnx-00000000', 'last')]);
        expect(store.usedBytes).toBeLessThanOrEqual(bounds.hostBytes / 2);
        expect(textsOf(store, everything('vpnx-00000000')).at(-1)).toBe('last');
      },
      { ...bounds, hostBytes: bounds.hostBytes / 2 },
    );
  });

  it('of a question: it looks at so many lines, and goes on from there', () => {
    withStore((store) => {
      store.append(Array.from({ length: 3000 }, (_, n) => lineOf('vpnx-a0000000', String(n), n, 'probes')));
      store.append([lineOf('vpngw-one00000', 'the one', 7000, 'event')]);
      const selection = { ...everything('vpngw-one00000'), kinds: ['event' as const] };
      expect(store.page(selection)).toMatchObject({ lines: [], isLast: false, next: 2000 });
      expect(textsOf(store, selection)).toEqual(['the one']);
      store.append(
        Array.from({ length: 200 }, (_, n) => lineOf('vpnx-b0000000', `${n} ${'x'.repeat(4000)}`, 8000, 'ike')),
      );
      const long = store.page({ ...everything('vpnx-b0000000'), limit: 500 });
      expect([long.lines.length, long.isLast]).toEqual([65, false]);
      // By time it is found at once.
      expect(store.page({ ...selection, from: 6000 }).lines).toHaveLength(1);
    });
  });
});
