import { BusyError } from '../domain/busy-error.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { rowsIn } from '../../testing/image-of.ts';
import type { Change } from '../image/change.ts';
import type { DraftRows } from '../image/draft.ts';
import { Image } from '../image/image.ts';
import type { Database } from '../store/database.ts';
import { openSqlite } from '../store/engines/sqlite.ts';
import { migrate } from '../store/schema/migrate.ts';
import { Sealer } from '../store/sealing.ts';
import { DiskError, StaleError } from '../store/store-error.ts';
import { Store } from '../store/store.ts';
import { mostAttempts, mostInOneCommit, mostWaiting, Writer, type Commit, type WriterStore } from './writer.ts';

const sealer = new Sealer({ sealing: Buffer.alloc(32, 1), digest: Buffer.alloc(32, 2), fingerprint: '' });
let root: string;
let db: Database;
let store: Store;
const lines: string[] = [];
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'landbridge-writer-'));
  db = openSqlite(join(root, 'landbridge.db'));
  await migrate(db, 1);
  store = new Store(db, sealer);
  lines.length = 0;
});
afterEach(async () => {
  await store.close();
  rmSync(root, { recursive: true });
});

const logger = pino({}, { write: (line: string) => void lines.push(line) });

/** A store that can be made to fail. */
class FragileStore implements WriterStore {
  readonly commits: number[] = [];
  /** What happens to the next commits, in order; those after them work. */
  readonly plan: ('works' | 'fails' | 'fails after it was written' | 'stale')[] = [];
  error: Error = new DiskError('no space is left');
  isReadable = true;
  newsRead = 0;
  loads = 0;

  async load(): ReturnType<Store['load']> {
    if (!this.isReadable) throw new DiskError('cannot be read');
    this.loads++;
    return store.load();
  }

  async newsSince(generation: number): ReturnType<Store['newsSince']> {
    if (!this.isReadable) throw new DiskError('cannot be read');
    this.newsRead++;
    return store.newsSince(generation);
  }

  async commit(generation: number, ...rest: [Parameters<Store['commit']>[1], Parameters<Store['commit']>[2]]) {
    this.commits.push(generation);
    const fate = this.plan.shift() ?? 'works';
    if (fate === 'stale') throw new StaleError('somebody was faster');
    if (fate === 'fails') throw this.error;
    await store.commit(generation, ...rest);
    if (fate === 'fails after it was written') throw this.error;
  }
}

/** A controller of its own: image, writer, what it heard. */
class Controller {
  readonly store = new FragileStore();
  readonly image: Image;
  readonly writer: Writer;
  readonly heard: Commit[] = [];

  private constructor(image: Image) {
    this.image = image;
    this.writer = new Writer(this.store, image, logger);
    this.writer.onCommit((commit) => this.heard.push(commit));
  }

  static async start(): Promise<Controller> {
    const { generation, rows } = await store.load();
    return new Controller(new Image(generation, rows));
  }

  next(series = 'n'): Promise<number> {
    return this.writer.decide((rows) => rows.next(series));
  }

  value(series = 'n'): Promise<number | undefined> {
    return this.writer.read(({ counters }) => counters.get(series)?.value);
  }

  async expectExact(): Promise<void> {
    const { generation, rows } = await store.load();
    expect(this.image.generation).toBe(generation);
    expect(rowsIn(this.image)).toStrictEqual(rowsIn(new Image(generation, rows)));
  }
}

const account = (id: string, name = id) => ({ id, name, isAdministrator: false, createdAt: 1 });
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('decisions', () => {
  it('are made in order, each on what those before it changed, and share commits', async () => {
    const controller = await Controller.start();
    const count = 3 * mostInOneCommit;
    expect(await Promise.all(upTo(count).map(() => controller.next()))).toEqual(upTo(count));
    // The first was alone when it came; the others waited for its commit.
    expect(controller.store.commits.length).toBeLessThanOrEqual(5);
    expect(await controller.value()).toBe(count);
    await controller.expectExact();
  });

  it('that change nothing write nothing', async () => {
    const controller = await Controller.start();
    expect(await controller.writer.decide(({ counters }) => counters.all().length)).toBe(0);
    expect(controller.store.commits).toEqual([]);
    expect(controller.heard).toEqual([]);
  });

  it('of which one is refused stand, and it has changed nothing', async () => {
    const controller = await Controller.start();
    const refused = () =>
      controller.writer.decide((rows) => {
        throw new Error(`refused at ${rows.next('n')}`);
      });
    const decisions = [controller.next(), refused(), controller.next(), refused(), controller.next()];
    const outcomes = (await Promise.allSettled(decisions)).map((outcome) =>
      outcome.status === 'fulfilled' ? outcome.value : String(outcome.reason),
    );
    expect(outcomes).toEqual([1, 'Error: refused at 2', 2, 'Error: refused at 3', 3]);
    await controller.expectExact();
  });

  it('of which the database refuses one stand', async () => {
    const controller = await Controller.start();
    const add = (id: string, name: string) =>
      controller.writer.decide(({ accounts }) => {
        accounts.insert(account(id, name));
        return id;
      });
    await add('0', 'taken');
    const outcomes = await Promise.allSettled([add('1', 'a'), add('2', 'taken'), add('3', 'b'), add('4', 'c')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect(await controller.writer.read(({ accounts }) => accounts.all().length)).toBe(4);
    await controller.expectExact();
  });

  it('are refused when too many wait, and made when they do not any more', async () => {
    const controller = await Controller.start();
    // The first is under way.
    const first = controller.next();
    const waiting = upTo(mostWaiting).map(() => controller.next());
    await expect(controller.next()).rejects.toThrow(BusyError);
    expect(await Promise.all([first, ...waiting])).toEqual(upTo(mostWaiting + 1));
    expect(await controller.next()).toBe(mostWaiting + 2);
  });

  it('can be looked at without being made', async () => {
    const controller = await Controller.start();
    await controller.next();
    const { answer, draft } = await controller.writer.preview((rows) => rows.next('n'));
    expect(answer).toBe(2);
    expect(draft.changes).toEqual([
      { table: 'counters', key: 'n', before: { name: 'n', value: 1 }, after: { name: 'n', value: 2 } },
    ]);
    expect(await controller.value()).toBe(1);
    await controller.expectExact();
  });
});

describe('a commit that fails', () => {
  it('is told to all that were in it, changes nothing, and the next one works', async () => {
    const controller = await Controller.start();
    controller.store.plan.push('works', 'fails');
    const outcomes = await Promise.allSettled([controller.next(), controller.next(), controller.next()]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(outcomes[1]).toMatchObject({ reason: controller.store.error });
    expect(await controller.value()).toBe(1);
    await controller.expectExact();
    expect(await controller.next()).toBe(2);
    expect(controller.heard.map(({ generation }) => generation)).toEqual([1, 2]);
    expect(controller.store.loads).toBe(0);
  });

  it.each(['a disk', 'a lost answer'])('but was written is in the image before anything else: %s', async (kind) => {
    const controller = await Controller.start();
    if (kind === 'a lost answer') controller.store.error = new Error('the connection was lost');
    controller.store.plan.push('works', 'fails after it was written');
    const failing = Promise.allSettled([controller.next(), controller.next(), controller.next()]);
    const later = failing.then(() => Promise.all([controller.value(), controller.next(), controller.value()]));
    expect((await failing).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    // Heard without anybody asking, and none was decided twice.
    expect(controller.heard.map(({ generation }) => generation)[1]).toBe(2);
    expect(controller.heard[1]?.changes).toMatchObject([{ key: 'n', before: { value: 1 }, after: { value: 3 } }]);
    expect(await later).toEqual([3, 4, 3]);
    await controller.expectExact();
  });

  it('while the store cannot be read answers nothing until it can', async () => {
    const controller = await Controller.start();
    await controller.next();
    controller.store.plan.push('fails after it was written');
    controller.store.isReadable = false;
    await expect(controller.next()).rejects.toThrow('no space is left');
    await expect(controller.value()).rejects.toThrow('cannot be read');
    await expect(controller.next()).rejects.toThrow('cannot be read');
    expect(controller.heard.length).toBe(1);
    expect(lines.join('')).toContain('the store cannot be read');
    controller.store.isReadable = true;
    expect(await controller.value()).toBe(2);
    expect(await controller.next()).toBe(3);
    await controller.expectExact();
  });
});

describe('another controller', () => {
  it('that was faster is caught up with, and the decision is made again', async () => {
    const [one, other] = [await Controller.start(), await Controller.start()];
    expect([await one.next(), await one.next('m')]).toEqual([1, 1]);
    const seen: (number | undefined)[] = [];
    const answer = await other.writer.decide((rows) => {
      seen.push(rows.counters.get('n')?.value);
      return rows.next('n');
    });
    expect([answer, seen]).toEqual([2, [undefined, 1]]);
    expect(other.heard.map(({ generation, changes }) => [generation, changes.map(({ key }) => key)])).toEqual([
      [2, ['n', 'm']],
      [3, ['n']],
    ]);
    expect(other.store.loads).toBe(0);
    await other.expectExact();
  });

  it('is caught up with by loading everything where the journal is lost', async () => {
    const [one, other] = [await Controller.start(), await Controller.start()];
    await Promise.all([one.next(), one.next('m')]);
    await one.next();
    await db.deleteFrom('journal').execute();
    expect(await other.next()).toBe(3);
    expect(other.store.loads).toBe(1);
    expect(other.heard[0]?.changes.map(({ key, before }) => [key, before]).sort()).toEqual([
      ['m', null],
      ['n', null],
    ]);
    await other.expectExact();
  });

  it('that is always faster has the decision fail in the end', async () => {
    const controller = await Controller.start();
    controller.store.plan.push(...upTo(mostAttempts).map(() => 'stale' as const));
    let made = 0;
    const decision = controller.writer.decide((rows) => {
      made++;
      return rows.next('n');
    });
    await expect(decision).rejects.toThrow(StaleError);
    expect(made).toBe(mostAttempts);
    expect(await controller.next()).toBe(1);
    controller.store.plan.push(...upTo(mostAttempts - 1).map(() => 'stale' as const));
    expect(await controller.next()).toBe(2);
  });
});

describe('who listens', () => {
  it('hears each commit once, in order, before its answer, with the image as it is then', async () => {
    const controller = await Controller.start();
    const order: string[] = [];
    const stop = controller.writer.onCommit(({ generation, changes }) => {
      const { value } = controller.image.rows.counters.get('n') ?? {};
      order.push(`heard ${generation} ${changes.length} ${controller.image.generation} ${value}`);
    });
    const decide = () =>
      controller.writer.decide((rows) => rows.next('n')).then((answer) => order.push(`answered ${answer}`));
    await Promise.all([decide(), decide(), decide()]);
    expect(order).toEqual(['heard 1 1 1 1', 'answered 1', 'heard 2 1 2 3', 'answered 2', 'answered 3']);
    stop();
    await decide();
    expect(order.at(-1)).toBe('answered 4');
    expect(controller.heard.map(({ generation }) => generation)).toEqual([1, 2, 3]);
  });

  it('harms nobody by throwing', async () => {
    const controller = await Controller.start();
    controller.writer.onCommit(() => {
      throw new Error('a bad listener');
    });
    const late: number[] = [];
    controller.writer.onCommit(({ generation }) => late.push(generation));
    expect(await controller.next()).toBe(1);
    expect(late).toEqual([1]);
    expect(lines.join('')).toContain('a bad listener');
    await controller.expectExact();
  });
});

test('an image that differs is loaded anew between two commits, and what differed is announced', async () => {
  const controller = await Controller.start();
  await controller.next();
  const wrong: Change = { table: 'counters', key: 'wrong', before: null, after: { name: 'wrong', value: 1 } };
  controller.image.patch([wrong], 2);
  // Commits are at another generation now: they find out by themselves, and loading anew does not disturb them.
  const answers = Promise.all(upTo(50).map(() => controller.next()));
  await controller.writer.loadAnew();
  expect(controller.image.rows.counters.get('wrong')).toBeUndefined();
  expect(await answers).toEqual(upTo(50).map((number) => number + 1));
  expect(controller.heard.flatMap(({ changes }) => changes)).toContainEqual({
    ...wrong,
    before: wrong.after,
    after: null,
  });
  await controller.expectExact();
});

type Act =
  | { readonly kind: 'count'; readonly series: string }
  | { readonly kind: 'forget'; readonly series: string }
  | { readonly kind: 'account'; readonly id: string; readonly name: string }
  | { readonly kind: 'refused' };

const series = fc.constantFrom('a', 'b');
const actArbitrary: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ kind: fc.constant('count' as const), series }),
  fc.record({ kind: fc.constant('forget' as const), series }),
  fc.record({
    kind: fc.constant('account' as const),
    id: fc.constantFrom('1', '2', '3'),
    name: fc.constantFrom('x', 'y'),
  }),
  fc.record({ kind: fc.constant('refused' as const) }),
);
const stepArbitrary = fc.record({
  who: fc.nat(1),
  acts: fc.array(actArbitrary, { minLength: 1, maxLength: 5 }),
  fate: fc.constantFrom(
    'works' as const,
    'works' as const,
    'fails' as const,
    'fails after it was written' as const,
    'stale' as const,
  ),
  isReadable: fc.boolean(),
  isWaitedFor: fc.boolean(),
  losesJournal: fc.boolean(),
});

function act(rows: DraftRows, what: Act): void {
  if (what.kind === 'count') rows.next(what.series);
  else if (what.kind === 'forget') rows.counters.remove(what.series);
  else if (what.kind === 'account') rows.accounts.put(account(what.id, what.name));
  else {
    rows.next('a');
    throw new Error('refused');
  }
}

test(
  'two controllers, whatever they decide and whatever fails, end with the rows of the store, and heard of each change',
  { timeout: 60_000 },
  async () => {
    // What the disk does is another test's matter.
    await sql`PRAGMA synchronous = OFF`.execute(db);
    await fc.assert(
      fc.asyncProperty(fc.array(stepArbitrary, { maxLength: 12 }), async (steps) => {
        const controllers = [await Controller.start(), await Controller.start()] as const;
        // Follows by what it hears alone.
        const followers = await Promise.all(
          controllers.map(async ({ writer }) => {
            const { generation, rows } = await store.load();
            const follower = new Image(generation, rows);
            writer.onCommit(({ changes }) => follower.patch(changes, follower.generation + 1));
            return follower;
          }),
        );
        const all: Promise<unknown>[] = [];
        for (const { who, acts, fate, isReadable, isWaitedFor, losesJournal } of steps) {
          const controller = controllers[who === 0 ? 0 : 1];
          controller.store.plan.push(fate);
          controller.store.isReadable = isReadable;
          if (losesJournal) await db.deleteFrom('journal').execute();
          const made = acts.map((what) => controller.writer.decide((rows) => act(rows, what)).catch(() => undefined));
          made.push(
            controller.value().then(
              () => undefined,
              () => undefined,
            ),
          );
          all.push(...made);
          if (isWaitedFor) await Promise.all(made);
        }
        await Promise.all(all);
        for (const controller of controllers) {
          controller.store.isReadable = true;
          controller.store.plan.length = 0;
          // The last word of each, so that it finds out about the other.
          await controller.next('last');
        }
        await controllers[0].next('last');
        await controllers[1].next('last');
        await controllers[0].next('last');
        await controllers[0].expectExact();
        await controllers[1].next('last');
        await controllers[1].expectExact();
        expect(rowsIn(followers[1]!)).toStrictEqual(rowsIn(controllers[1].image));
        expect(rowsIn(followers[0]!)).toStrictEqual(rowsIn(controllers[0].image));
      }),
      { numRuns: 100 },
    );
  },
);
