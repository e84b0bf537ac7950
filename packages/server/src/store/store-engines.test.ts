import type { Kysely } from 'kysely';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { rowsIn } from '../../testing/image-of.ts';
import { sampleRows } from '../../testing/sample-rows.ts';
import { worldArbitrary } from '../../testing/simulation/arbitrary-world.ts';
import type { OwnedEvent } from '../domain/operator/event.ts';
import type { LogEntry } from '../domain/operator/log-entry.ts';
import { taskRetentionMs, type Task } from '../domain/operator/task.ts';
import type { Change } from '../image/change.ts';
import { differenceTo } from '../image/difference.ts';
import { Draft, type DraftRows } from '../image/draft.ts';
import { Image } from '../image/image.ts';
import type { AllRows } from '../image/tables.ts';
import { tableNames } from '../image/tables.ts';
import { openSqlite } from './engines/sqlite.ts';
import { eventsKeptPerResource, seriesKept } from './event-log.ts';
import { journalLength } from './journal.ts';
import type { Columns } from './schema/columns.ts';
import { migrate } from './schema/migrate.ts';
import { Sealer } from './sealing.ts';
import { StaleError } from './store-error.ts';
import { Store } from './store.ts';
import { tasksBetweenLooks, tasksKeptPerAccount } from './task-log.ts';

/** A kind of database that the store runs on. */
interface StoreEngine {
  readonly name: string;
  /** An empty database. */
  readonly open: () => Promise<Kysely<Columns>>;
}

const sealer = new Sealer({ sealing: Buffer.alloc(32, 1), digest: Buffer.alloc(32, 2), fingerprint: '' });

/** What every engine must do alike; PostgreSQL joins here. */
const engines: readonly StoreEngine[] = [{ name: 'SQLite', open: () => Promise.resolve(openSqlite(':memory:')) }];

describe.each(engines)('the store on $name', ({ open }) => {
  let db: Kysely<Columns>;
  let store: Store;
  /** What the store must hold. */
  let image: Image;
  beforeEach(async () => {
    db = await open();
    await migrate(db, 1);
    store = new Store(db, sealer);
    image = new Image(0);
  });
  afterEach(() => store.close());

  async function decide(decision: (rows: DraftRows) => void): Promise<void> {
    const draft = new Draft(image);
    draft.attempt(decision);
    await store.commit(image.generation, draft.changes, draft.log);
    image.patch(draft.changes, image.generation + 1);
  }

  /** The changes that lead from what is there to these rows. */
  async function become(rows: Partial<AllRows>): Promise<void> {
    const changes = differenceTo(image, rows);
    await store.commit(image.generation, changes, []);
    image.patch(changes, image.generation + 1);
  }

  async function expectStored(): Promise<void> {
    const { generation, rows } = await store.load();
    expect(generation).toBe(image.generation);
    expect(rowsIn(new Image(generation, rows))).toStrictEqual(rowsIn(image));
  }

  test('the samples have a row of every table', () => {
    for (const table of tableNames) expect([table, sampleRows[table].length]).not.toEqual([table, 0]);
  });

  it('gives every row back as it was', async () => {
    await become(sampleRows);
    const { rows } = await store.load();
    for (const table of tableNames) {
      const sorted = (list: readonly unknown[]) => list.map((row) => JSON.stringify(row, sortedKeys)).toSorted();
      expect([table, sorted(rows[table])]).toEqual([table, sorted(sampleRows[table])]);
    }
    await expectStored();
  });

  it('replaces rows, be it the whole row', async () => {
    await become(sampleRows);
    const marked = <Row extends object>(rows: readonly Row[], name: keyof Row, value: unknown) =>
      rows.map((row) => ({ ...row, [name]: value }));
    const [first, ...others] = sampleRows.vpnConnections;
    await become({
      ...sampleRows,
      vpcs: marked(sampleRows.vpcs, 'tags', []),
      vpnConnections: [{ ...others[0]!, id: first!.id, ifId: first!.ifId }, ...others],
      vpnGateways: marked(sampleRows.vpnGateways, 'bandwidthMbps', 99),
      preSharedKeys: marked(sampleRows.preSharedKeys, 'sealedKey', 'v1:new'),
      ccnRoutePolicyLists: marked(sampleRows.ccnRoutePolicyLists, 'policies', []),
      directConnectLines: marked(sampleRows.directConnectLines, 'localAddress', '198.18.9.1/30'),
      subnetInterfaces: marked(sampleRows.subnetInterfaces, 'createdAt', 99),
      ccnBandwidthLimits: marked(sampleRows.ccnBandwidthLimits, 'limitMbps', 99),
      counters: marked(sampleRows.counters, 'value', 99),
    });
    await expectStored();
  });

  it('removes rows in whatever order they are named', async () => {
    for (const order of [1, -1]) {
      await become(sampleRows);
      const removals = differenceTo(image, {}).toSorted(() => order);
      await store.commit(image.generation, removals, []);
      image.patch(removals, image.generation + 1);
      await expectStored();
    }
  });

  it('writes references in whatever order they are named', async () => {
    const backwards = differenceTo(image, sampleRows).toReversed();
    await store.commit(0, backwards, []);
    image.patch(backwards, 1);
    await expectStored();
  });

  it('holds whatever users may build, step by step', { timeout: 30_000 }, async () => {
    const accounts = ['admin', 'tenant-a', 'tenant-b'].map((id) => ({
      id,
      name: id,
      isAdministrator: false,
      createdAt: 0,
    }));
    await fc.assert(
      fc.asyncProperty(fc.array(worldArbitrary, { minLength: 1, maxLength: 3 }), async (worlds) => {
        for (const { desired } of worlds) await become({ accounts, ...desired });
        await expectStored();
      }),
      { numRuns: 15 },
    );
  });

  describe('keeps its rules', () => {
    beforeEach(() => become(sampleRows));

    /** Nothing of the commit is there, and the next one works. */
    async function expectRefused(decision: (rows: DraftRows) => void, message = /constraint|has no/i): Promise<void> {
      const draft = new Draft(image);
      draft.attempt((rows) => {
        rows.counters.put({ name: 'refused', value: 1 });
        rows.record({ kind: 'task', task: task(1) });
        decision(rows);
      });
      await expect(store.commit(image.generation, draft.changes, draft.log)).rejects.toThrow(message);
      await expectStored();
      expect(await store.tasks.find('admin', task(1).requestId)).toBeUndefined();
      expect(await store.newsSince(image.generation)).toEqual({ generation: image.generation, rows: [] });
      await decide((rows) => void rows.next('accepted'));
      await expectStored();
    }

    it('a row that others refer to stays', () =>
      expectRefused(({ customerGateways }) => customerGateways.remove('cgw-device01')));

    it('nothing refers to what is not there', () =>
      expectRefused(({ vpnConnections }) => {
        vpnConnections.update({ ...vpnConnections.all()[0]!, customerGatewayId: 'cgw-nowhere1' });
      }));

    it('what is unique is there once', () =>
      expectRefused(({ vpnGateways }) => {
        const [one, other] = vpnGateways.all();
        vpnGateways.update({ ...one!, publicAddress: other!.publicAddress });
      }));

    it('a key is there once', async () => {
      const [after] = sampleRows.vpcs;
      const insertion = { table: 'vpcs', key: after!.id, before: null, after: after! } as const;
      await expect(store.commit(image.generation, [insertion], [])).rejects.toThrow(/constraint/i);
      await expectStored();
    });

    it.each(['update', 'removal'])('the %s of a row that is not there is refused', async (kind) => {
      const before = { ...sampleRows.vpcs[0]!, id: 'vpc-nowhere1' } as const;
      const after = kind === 'removal' ? null : { ...before, name: 'new' };
      const change: Change = { table: 'vpcs', key: before.id, before, after };
      await expect(store.commit(image.generation, [change], [])).rejects.toThrow('the store has no vpcs vpc-nowhere1');
      await expectStored();
    });
  });

  describe('lets unique values change hands in one commit', () => {
    beforeEach(() => become(sampleRows));

    it('from a row that goes', async () => {
      await decide(({ vpnConnections }) => {
        const { ifId } = vpnConnections.get('vpnx-tunnel01')!;
        const heir = vpnConnections.get('vpnx-tunnel02')!;
        vpnConnections.update({ ...heir, ifId });
        vpnConnections.remove('vpnx-tunnel01');
      });
      await expectStored();
    });

    it('to a row that comes', async () => {
      await decide(({ vpnGateways }) => {
        const giver = vpnGateways.get('vpngw-gateway1')!;
        vpnGateways.insert({ ...giver, id: 'vpngw-gateway9' });
        vpnGateways.update({ ...giver, publicAddress: '203.0.113.140' as typeof giver.publicAddress });
      });
      await expectStored();
    });

    it('in a ring, and what refers to the rows goes on doing so', async () => {
      await decide(({ vpnGateways, accounts, vpnGatewayRoutes }) => {
        const [one, other] = [vpnGateways.get('vpngw-gateway1')!, vpnGateways.get('vpngw-gateway2')!];
        vpnGateways.update({ ...one, publicAddress: other.publicAddress });
        vpnGateways.update({ ...other, publicAddress: one.publicAddress });
        const [admin, tenant] = [accounts.get('admin')!, accounts.get('tenant')!];
        accounts.update({ ...admin, name: 'tenant' });
        accounts.update({ ...tenant, name: 'admin' });
        const [low, high] = vpnGatewayRoutes.of('vpnGateway', 'vpngw-gateway1');
        vpnGatewayRoutes.update({ ...low!, priority: high!.priority });
        vpnGatewayRoutes.update({ ...high!, priority: low!.priority });
      });
      await expectStored();
    });
  });

  describe('tells what changed', () => {
    const vpcIds = async (since: number) => {
      const news = await store.newsSince(since);
      return news && { ...news, rows: news.rows.map(({ table, key, row }) => [table, key, row !== null]) };
    };
    const [sample] = sampleRows.vpcs;
    const vpc = (id: `vpc-${string}`, name = '') => ({ ...sample!, id, name });

    beforeEach(async () => {
      await become({ accounts: sampleRows.accounts });
      await decide(({ vpcs }) => vpcs.insert(vpc('vpc-1')));
      await decide(({ vpcs }) => vpcs.insert(vpc('vpc-2')));
      await decide(({ vpcs }) => vpcs.remove('vpc-1'));
    });

    it('since a generation: rows as they are now, each once', async () => {
      expect(await vpcIds(4)).toEqual({ generation: 4, rows: [] });
      expect(await vpcIds(3)).toEqual({ generation: 4, rows: [['vpcs', 'vpc-1', false]] });
      expect((await vpcIds(1))?.rows.toSorted()).toEqual([
        ['vpcs', 'vpc-1', false],
        ['vpcs', 'vpc-2', true],
      ]);
      await decide(({ vpcs }) => vpcs.put(vpc('vpc-2', 'new')));
      expect(await store.newsSince(4)).toEqual({
        generation: 5,
        rows: [{ table: 'vpcs', key: 'vpc-2', row: vpc('vpc-2', 'new') }],
      });
    });

    it('of rows with keys of several parts', async () => {
      await become(sampleRows);
      const late = new Image(0);
      late.catchUp((await store.newsSince(0))!.rows, image.generation);
      expect(rowsIn(late)).toStrictEqual(rowsIn(image));
      await become({ accounts: sampleRows.accounts });
      late.catchUp((await store.newsSince(image.generation - 1))!.rows, image.generation);
      expect(rowsIn(late)).toStrictEqual(rowsIn(image));
    });

    it('of a commit that only wrote a log: nothing, but the generation', async () => {
      await decide((rows) => rows.record({ kind: 'task', task: task(1) }));
      expect(await store.newsSince(4)).toEqual({ generation: 5, rows: [] });
    });

    it('or that nobody remembers: before a hole, and behind a store that is older', async () => {
      await db.deleteFrom('journal').where('generation', '=', 3).execute();
      expect(await store.newsSince(3)).not.toBeNull();
      expect(await store.newsSince(2)).toBeNull();
      expect(await store.newsSince(1)).toBeNull();
      expect(await store.newsSince(5)).toBeNull();
    });

    it('or that the journal does not reach back so far', async () => {
      await db.deleteFrom('journal').execute();
      expect(await store.newsSince(3)).toBeNull();
      expect(await store.newsSince(4)).toEqual({ generation: 4, rows: [] });
    });

    it('for a bounded number of commits', async () => {
      await db
        .updateTable('generation')
        .set({ value: journalLength + 2 })
        .execute();
      await store.commit(journalLength + 2, [], []);
      const entries = await db.selectFrom('journal').select('generation').orderBy('generation').execute();
      expect(entries.map(({ generation }) => generation)).toEqual([4, journalLength + 3]);
    });
  });

  it('is stale for who decided at another generation, and nothing is written', async () => {
    await become(sampleRows);
    const change: Change = { table: 'counters', key: 'n', before: null, after: { name: 'n', value: 1 } };
    for (const generation of [0, 2]) {
      await expect(store.commit(generation, [change], [{ kind: 'task', task: task(1) }])).rejects.toThrow(StaleError);
    }
    await expectStored();
    expect(await store.tasks.find('admin', task(1).requestId)).toBeUndefined();
    expect(await store.generation()).toBe(1);
  });

  it('lets one of two commits of one generation through', async () => {
    const commit = (name: string) =>
      store.commit(0, [{ table: 'counters', key: name, before: null, after: { name, value: 1 } }], []);
    const outcomes = await Promise.allSettled(['a', 'b', 'c'].map(commit));
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect((await store.load()).rows.counters).toHaveLength(1);
  });

  describe('keeps tasks', () => {
    const put = (...tasks: readonly Task[]) =>
      store.commit(
        image.generation,
        [],
        tasks.map((one): LogEntry => ({ kind: 'task', task: one })),
      );

    it('of the last gateway that a call touched, for its own account', async () => {
      await put({ ...task(1), generation: 2, vpnGatewayId: 'vpngw-other001' }, task(1));
      expect(await store.tasks.find('admin', task(1).requestId)).toEqual(task(1));
      expect(await store.tasks.find('tenant', task(1).requestId)).toBeUndefined();
    });

    it('for a while', async () => {
      await put({ ...task(1), createdAt: 10 }, { ...task(2), createdAt: 11 });
      image.patch([], 1);
      const later = Array.from({ length: tasksBetweenLooks }, (_, number) => task(3 + number));
      await put(...later.map((one) => ({ ...one, createdAt: 11 + taskRetentionMs })));
      const found = [1, 2, 3].map((number) => store.tasks.find('admin', task(number).requestId));
      expect((await Promise.all(found)).map((one) => one?.requestId.at(-1))).toEqual([undefined, '2', '3']);
    });

    it('of an account up to a number, the newest, and those of others', async () => {
      const all = Array.from({ length: tasksKeptPerAccount + 5 }, (_, number) => task(number));
      await put(task(0, 'tenant'), ...all);
      const isKept = async (number: number, account = 'admin') =>
        (await store.tasks.find(account, task(number, account).requestId)) !== undefined;
      expect(await isKept(4)).toBe(false);
      expect(await isKept(5)).toBe(true);
      expect(await isKept(tasksKeptPerAccount + 4)).toBe(true);
      expect(await isKept(0, 'tenant')).toBe(true);
    });

    it('of an account that made its calls one by one up to little more', async () => {
      const all = Array.from({ length: tasksKeptPerAccount + 2 * tasksBetweenLooks }, (_, number) => task(number));
      await put(...all.slice(0, tasksKeptPerAccount));
      for (const [number, one] of all.slice(tasksKeptPerAccount).entries()) {
        image.patch([], 1 + number);
        await put(one);
      }
      const found = await Promise.all(all.map(({ requestId }) => store.tasks.find('admin', requestId)));
      const kept = found.filter((one) => one !== undefined);
      expect(kept.length).toBeGreaterThanOrEqual(tasksKeptPerAccount);
      expect(kept.length).toBeLessThan(tasksKeptPerAccount + tasksBetweenLooks);
      expect(kept).toEqual(all.slice(-kept.length));
    });
  });

  describe('keeps events', () => {
    const gatewayId = 'vpngw-gateway1';
    const event = (at: number, changes: Partial<OwnedEvent> = {}): OwnedEvent => ({
      ...{ accountId: 'admin', resourceId: 'vpnx-tunnel01', vpnGatewayId: gatewayId, kind: 'tunnel-up' },
      ...{ message: `at ${at}`, at },
      ...changes,
    });
    let number = 0;
    const append = (events: readonly OwnedEvent[]) =>
      store.events.append(
        'test',
        events.map((one) => ({ number: ++number, event: one })),
      );
    const page = async (selection: Partial<Parameters<typeof store.events.page>[1]> = {}, account = 'admin') => {
      const all = { resourceId: undefined, since: undefined, until: undefined, kinds: undefined, beforeId: undefined };
      const asked = { ...all, offset: 0, limit: 100, ...selection };
      const { total, events } = await store.events.page(account, asked);
      return [total, events.map(({ message }) => message)];
    };

    it('the newest first, of a tunnel, of a gateway with its tunnels, since a time, in pages', async () => {
      await append([
        event(1),
        event(2, { resourceId: gatewayId }),
        event(3, { resourceId: 'vpnx-tunnel02' }),
        event(4, { accountId: 'tenant' }),
      ]);
      expect(await page()).toEqual([3, ['at 3', 'at 2', 'at 1']]);
      expect(await page({ resourceId: 'vpnx-tunnel01' })).toEqual([1, ['at 1']]);
      expect(await page({ resourceId: gatewayId })).toEqual([3, ['at 3', 'at 2', 'at 1']]);
      expect(await page({ since: 2 })).toEqual([2, ['at 3', 'at 2']]);
      expect(await page({ offset: 1, limit: 1 })).toEqual([3, ['at 2']]);
      expect(await page({}, 'tenant')).toEqual([1, ['at 4']]);
    });

    it('of a resource up to a number, the newest', async () => {
      await append([event(0, { resourceId: gatewayId })]);
      await append(Array.from({ length: eventsKeptPerResource + 3 }, (_, at) => event(at)));
      const [total, messages] = await page({ resourceId: 'vpnx-tunnel01', limit: 1000 });
      expect(total).toBe(eventsKeptPerResource);
      expect((messages as string[]).at(-1)).toBe('at 3');
      expect((await page({ resourceId: gatewayId }))[0]).toBe(eventsKeptPerResource + 1);
    });

    it('of a series up to where it has them, and of series the newest', async () => {
      const one = (at: number) => ({ number: at, event: event(at) });
      await store.events.append('a', [one(1), one(2)]);
      await store.events.append('a', [one(1), one(2), one(3)]);
      await store.events.append('a', []);
      await store.events.append('b', [one(4)]);
      expect(await page()).toEqual([4, ['at 4', 'at 3', 'at 2', 'at 1']]);
      for (let series = 0; series < seriesKept - 1; series++)
        await store.events.append(`s${series}`, [{ number: 1, event: undefined }]);
      await store.events.append('b', [one(4)]);
      expect((await page())[0]).toBe(4);
      await store.events.append('one more', [{ number: 1, event: undefined }]);
      // Whoever is so old does not come back.
      await store.events.append('b', [one(4)]);
      expect((await page())[0]).toBe(5);
    });

    it('of an account after one of them, the oldest first, of some kinds', async () => {
      await append([event(1), event(2, { kind: 'finding-raised' }), event(3, { kind: 'state-changed' }), event(4)]);
      await append([event(5, { kind: 'finding-raised', accountId: 'tenant' }), event(6, { kind: 'finding-cleared' })]);
      const kinds = ['finding-raised', 'finding-cleared', 'state-changed'] as const;
      const after = async (id: number, limit = 10) =>
        (await store.events.after('admin', { id, kinds, limit })).map(({ id: found, at }) => [found, at] as const);
      const all = await after(0);
      expect(all.map(([, at]) => at)).toEqual([2, 3, 6]);
      expect(await after(all[0]![0])).toEqual(all.slice(1));
      expect(await after(0, 1)).toEqual(all.slice(0, 1));
      expect(await after(all[2]![0])).toEqual([]);
    });

    it('of findings, those that were told and not that they are gone', async () => {
      const finding = (at: number, kind: 'finding-raised' | 'finding-cleared', more: Partial<OwnedEvent> = {}) =>
        event(at, { kind, finding: 'pre-shared-key-differs', ...more });
      const other = { resourceId: 'vpnx-tunnel02' } as const;
      await append([finding(1, 'finding-raised'), finding(2, 'finding-cleared'), finding(3, 'finding-raised', other)]);
      await append([finding(4, 'finding-raised', { finding: 'esp-not-received' }), event(5)]);
      const told = async () =>
        (await store.events.toldFindings()).map(({ resourceId, code }) => `${resourceId} ${code}`);
      expect((await told()).toSorted()).toEqual([
        'vpnx-tunnel01 esp-not-received',
        'vpnx-tunnel02 pre-shared-key-differs',
      ]);
      await append([finding(6, 'finding-raised'), finding(7, 'finding-cleared', other)]);
      expect((await told()).toSorted()).toEqual([
        'vpnx-tunnel01 esp-not-received',
        'vpnx-tunnel01 pre-shared-key-differs',
      ]);
    });

    it('and how far webhooks were told of them: a new one from now on, until it is gone', async () => {
      await append([event(1), event(2)]);
      const newest = (await store.events.after('admin', { id: 0, kinds: ['tunnel-up'], limit: 10 })).at(-1)?.id;
      const { webhookProgress } = store;
      expect(await webhookProgress.read('hook-one00000')).toBe(newest);
      await append([event(3)]);
      expect(await webhookProgress.read('hook-one00000')).toBe(newest);
      await webhookProgress.write(new Map([['hook-one00000', 77]]));
      expect(await webhookProgress.read('hook-one00000')).toBe(77);
      await webhookProgress.keepOnly(new Set(['hook-two00000']));
      expect(await webhookProgress.read('hook-one00000')).toBe(Number(newest) + 1);
      await webhookProgress.write(
        new Map([
          ['hook-one00000', 77],
          ['hook-two00000', 78],
        ]),
      );
      await webhookProgress.forget('hook-one00000');
      expect(await webhookProgress.read('hook-one00000')).toBe(Number(newest) + 1);
      expect(await webhookProgress.read('hook-two00000')).toBe(78);
    });

    it('until their resource is gone', async () => {
      await append([event(1), event(2, { resourceId: 'vpnx-tunnel02' })]);
      await decide((rows) => rows.record({ kind: 'end-of-events', resourceId: 'vpnx-tunnel01' }));
      expect(await page()).toEqual([1, ['at 2']]);
    });

    it('under numbers that none has again: who goes on after one misses nothing, though it is gone', async () => {
      await append([event(1), event(2)]);
      const last = async () => (await store.events.after('admin', { id: 0, kinds: ['tunnel-up'], limit: 10 })).at(-1);
      const told = (await last())?.id ?? 0;
      await decide((rows) => rows.record({ kind: 'end-of-events', resourceId: 'vpnx-tunnel01' }));
      await append([event(3, { resourceId: 'vpnx-tunnel02' })]);
      expect((await last())?.id).toBeGreaterThan(told);
    });
  });
});

function task(number: number, accountId = 'admin'): Task {
  return {
    ...{
      accountId,
      vpnGatewayId: 'vpngw-gateway1',
      vpnConnectionId: null,
      generation: 3,
      createdAt: Math.floor(number / 2),
    },
    requestId: `${accountId}-${String(number).padStart(5, '0')}`,
  };
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
