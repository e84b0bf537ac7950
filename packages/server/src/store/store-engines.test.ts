import { parseCidr, parseIpAddress } from '@landbridge/net';
import type { Kysely } from 'kysely';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CcnRoutePolicy } from '../domain/ccn/ccn-route-policy.ts';
import type { CcnRouteTableId } from '../domain/resource-id.ts';
import type { CcnBandwidthLimit } from '../domain/ccn/ccn-bandwidth-limit.ts';
import type { Ccn } from '../domain/ccn/ccn.ts';
import type { DesiredState } from '../domain/desired-state.ts';
import type { DirectConnectGateway } from '../domain/direct-connect/direct-connect-gateway.ts';
import type { DirectConnectLine } from '../domain/direct-connect/direct-connect-line.ts';
import { sampleConnection, sampleGatewayRoute, sampleNetwork } from '../../testing/sample-network.ts';
import type { Task } from '../domain/operator/task.ts';
import type { PlanKey } from '../planner/plan.ts';
import { ccnScenario } from '../../testing/simulation/ccn-worlds.ts';
import { migrate } from './migrate.ts';
import { Sealer } from './sealing.ts';
import { openSqlite } from './sqlite-database.ts';
import { Store } from './store.ts';
import type { Tables } from './tables.ts';
import { tasksKeptPerAccount } from './tasks.ts';
import type { Transaction } from './transaction.ts';

/** A kind of database that the store runs on. */
interface StoreEngine {
  readonly name: string;
  /** An empty database. */
  readonly open: () => Promise<Kysely<Tables>>;
}

const local = parseCidr('10.0.1.0/24');
const desired: DesiredState = sampleNetwork(
  [sampleConnection(1), sampleConnection(2, [{ local, remotes: [parseCidr('192.168.2.0/24')] }])],
  [sampleGatewayRoute('192.168.1.0/24', 1)],
  ['192.168.1.0/24', '192.168.2.0/24'],
);
const sealer = new Sealer({ sealing: Buffer.alloc(32, 1), digest: Buffer.alloc(32, 2), fingerprint: '' });

/** What every engine must do alike; PostgreSQL joins here. */
const engines: readonly StoreEngine[] = [{ name: 'SQLite', open: () => Promise.resolve(openSqlite(':memory:')) }];

describe.each(engines)('the store on $name', ({ open }) => {
  let store: Store;
  const lines: string[] = [];
  beforeEach(async () => {
    const db = await open();
    await migrate(db, 1);
    store = new Store(db, sealer, pino({}, { write: (line: string) => void lines.push(line) }));
    await store.transaction(async (transaction) => {
      for (const account of ['admin', 'tenant']) {
        await transaction.accounts.insert({
          id: account,
          name: account,
          isAdministrator: account === 'admin',
          createdAt: 1,
        });
      }
    });
  });
  afterEach(() => store.close());

  it('gives every row back as it was', async () => {
    await store.transaction((transaction) => insertAll(transaction, desired));
    expect(await store.readDesiredState()).toEqual(desired);
  });

  it('replaces rows whole', async () => {
    await store.transaction((transaction) => insertAll(transaction, desired));
    const changed = await store.transaction((transaction) => changeAll(transaction, desired));
    expect(await store.readDesiredState()).toEqual(changed);
  });

  it('removes rows in the order of their references', async () => {
    await store.transaction((transaction) => insertAll(transaction, desired));
    await store.transaction((transaction) => removeAll(transaction, desired));
    const left = await store.readDesiredState();
    expect(Object.values(left).flat()).toEqual([]);
  });

  it('refuses to break a reference', async () => {
    await store.transaction((transaction) => insertAll(transaction, desired));
    const [vpc] = desired.vpcs;
    await expect(store.transaction(({ vpcs }) => vpcs.remove(vpc!.id))).rejects.toThrow();
    expect((await store.readDesiredState()).vpcs).toHaveLength(1);
  });

  it('keeps accounts and regions apart', async () => {
    await store.transaction((transaction) => insertAll(transaction, desired));
    const [vpc] = desired.vpcs;
    const { accountId, region, id } = vpc!;
    await store.transaction(async ({ vpcs }) => {
      expect(await vpcs.find({ accountId, region }, id)).toEqual(vpc);
      for (const scope of [
        { accountId: 'tenant', region },
        { accountId, region: 'other' },
      ]) {
        expect(await vpcs.find(scope, id)).toBeUndefined();
        expect(await vpcs.list(scope)).toEqual([]);
      }
    });
  });

  it('keeps pre-shared keys with their tunnels', async () => {
    await store.transaction((transaction) => insertAll(transaction, desired));
    const [first, second] = desired.vpnConnections.map(({ id }) => id);
    await store.transaction(async ({ preSharedKeys }) => {
      await preSharedKeys.put(first!, 'one');
      await preSharedKeys.put(first!, 'two');
      await preSharedKeys.put(second!, 'two');
    });
    expect(await store.preSharedKey(first!)).toBe('two');
    expect(await store.preSharedKeyDigest(first!)).toBe(await store.preSharedKeyDigest(second!));
    await store.transaction((transaction) => removeAll(transaction, desired));
    expect(await store.preSharedKey(first!)).toBeUndefined();
  });

  it('keeps lines of both kinds, and limits of CCNs with their CCN', async () => {
    const owned = { accountId: 'admin', region: 'local', createdAt: 1 };
    const gateway: Omit<DirectConnectGateway, 'id'> = {
      ...{
        ...owned,
        name: 'dc',
        network: 'ccn',
        vpcId: null,
        modeType: 'standard',
        asn: null,
        generation: 1,
        tags: [],
      },
    };
    const address = parseIpAddress('203.0.113.11');
    const common = { accountId: 'admin', localAddress: '198.18.0.1/30', peerAddress: address, createdAt: 1 };
    const lines: readonly DirectConnectLine[] = [
      { ...common, kind: 'interface', directConnectGatewayId: 'dcg-1', interfaceName: 'eth1', vlanId: null },
      { ...common, kind: 'interface', directConnectGatewayId: 'dcg-2', interfaceName: 'eth2', vlanId: 7 },
      {
        ...{ ...common, kind: 'vxlan', directConnectGatewayId: 'dcg-3', vni: 0, remoteAddress: address },
        ...{ underlayAddress: null, port: 4789, underlayMtu: 1500 },
      },
    ];
    const ccn: Ccn = {
      ...{ ...owned, id: 'ccn-1', name: 'ccn', description: '', qosLevel: 'gold', prepaid: false, tags: [] },
      ...{
        metering: 'bandwidth',
        bandwidthLimit: 'inter-region',
        routeEcmp: false,
        routeOverlap: false,
        generation: 1,
      },
    };
    const limits: readonly CcnBandwidthLimit[] = [
      { ccnId: ccn.id, region: 'a', peerRegion: null, limitMbps: 20, createdAt: 1 },
      { ccnId: ccn.id, region: 'b', peerRegion: 'a', limitMbps: 30, createdAt: 1 },
    ];
    await store.transaction(async (transaction) => {
      for (const { directConnectGatewayId: id } of lines) {
        await transaction.directConnectGateways.insert({ ...gateway, id });
      }
      for (const line of lines) await transaction.directConnectLines.insert(line);
      await transaction.ccns.insert(ccn);
      for (const limit of limits) await transaction.ccnBandwidthLimits.insert(limit);
    });
    const read = await store.readDesiredState();
    expect([read.directConnectLines, read.ccnBandwidthLimits]).toEqual([lines, limits]);
    await store.transaction(async (transaction) => {
      expect(await transaction.directConnectLines.find('dcg-3')).toEqual(lines[2]);
      for (const id of ['dcg-1', 'dcg-3'] as const) await transaction.directConnectLines.remove(id);
      await transaction.ccnBandwidthLimits.remove(ccn.id, limits[0]!);
    });
    const left = await store.readDesiredState();
    expect([left.directConnectLines, left.ccnBandwidthLimits]).toEqual([lines.slice(1, 2), limits.slice(1)]);
    await store.transaction(({ ccns }) => ccns.remove(ccn.id));
    expect((await store.readDesiredState()).ccnBandwidthLimits).toEqual([]);
  });

  it('keeps tasks for a while', async () => {
    const task = {
      requestId: 'r',
      accountId: 'admin',
      vpnGatewayId: 'vpngw-gateway1',
      generation: 3,
      createdAt: 10,
    } as const;
    await store.transaction(async ({ tasks }) => {
      await tasks.put({ ...task, generation: 2 });
      await tasks.put(task);
      expect(await tasks.find('admin', 'r')).toEqual(task);
      expect(await tasks.find('tenant', 'r')).toBeUndefined();
      await tasks.removeOlderThan(10);
      expect(await tasks.find('admin', 'r')).toEqual(task);
      await tasks.removeOlderThan(11);
      expect(await tasks.find('admin', 'r')).toBeUndefined();
    });
  });

  it('keeps the newest tasks of an account, and those of others', async () => {
    const task = (number: number, accountId = 'admin') => ({
      ...{ accountId, vpnGatewayId: 'vpngw-gateway1', generation: 1, createdAt: Math.floor(number / 2) },
      requestId: `${accountId}-${String(number).padStart(5, '0')}`,
    });
    await store.transaction(async ({ tasks }) => {
      await tasks.put(task(0, 'tenant') as Task);
      for (let number = 0; number < tasksKeptPerAccount + 5; number++) await tasks.put(task(number) as Task);
      const isKept = async (number: number, account?: string) =>
        (await tasks.find(account ?? 'admin', task(number, account).requestId)) !== undefined;
      expect(await isKept(4)).toBe(false);
      expect(await isKept(5)).toBe(true);
      expect(await isKept(tasksKeptPerAccount + 4)).toBe(true);
      expect(await isKept(0, 'tenant')).toBe(true);
    });
  });

  it('keeps route tables of CCNs with their policies, and every version of those', async () => {
    const rows = ccnScenario({
      ...{
        tunnels: [],
        custom: { input: [dropAll], broadcast: [dropAll], selectedFrom: ['10.0.1.0/24', '0.0.0.0/0'] },
      },
    }).desired;
    const [standard, custom] = rows.ccnRouteTables;
    const [attachment] = rows.ccnAttachments;
    await store.transaction((transaction) => insertCcns(transaction, rows));
    const inForce = async () => {
      const { ccnRouteTables, ccnRoutePolicies, ccnSelectionPolicies, ccnAttachments } = await store.readDesiredState();
      return { ccnRouteTables, ccnRoutePolicies, ccnSelectionPolicies, ccnAttachments };
    };
    const { ccnRouteTables, ccnAttachments } = rows;
    const ccnRoutePolicies = [...rows.ccnRoutePolicies].reverse();
    const ccnSelectionPolicies = [...rows.ccnSelectionPolicies].reverse();
    expect(await inForce()).toEqual({ ccnRouteTables, ccnAttachments, ccnRoutePolicies, ccnSelectionPolicies });

    const routeTableId = custom!.id;
    const next = { routeTableId, direction: 'input', version: 2, policies: [], createdAt: 7 } as const;
    await store.transaction(async (transaction) => {
      await transaction.ccnRoutePolicies.insert(next);
      const versions = await transaction.ccnRoutePolicies.versions(routeTableId, 'input');
      expect(versions.map(({ version, policies }) => [version, policies.length])).toEqual([
        [2, 0],
        [1, 1],
      ]);
      await transaction.ccnRoutePolicies.removeUpTo({ ...next, version: 1 });
      expect(await transaction.ccnRoutePolicies.versions(routeTableId, 'input')).toEqual([next]);
      await transaction.ccnRouteTables.update({ ...custom!, name: 'new' });
      await transaction.ccnAttachments.update({ ...attachment!, routeTableId, boundAt: 8 });
    });
    expect((await inForce()).ccnRouteTables.map(({ name }) => name)).toEqual(['default', 'new']);
    expect((await inForce()).ccnAttachments[0]).toMatchObject({ routeTableId, boundAt: 8 });

    const remove = (id: CcnRouteTableId) => store.transaction(({ ccnRouteTables: tables }) => tables.remove(id));
    await expect(remove(routeTableId)).rejects.toThrow();
    await store.transaction(async (transaction) => {
      for (const { instance } of rows.ccnAttachments) await transaction.ccnAttachments.remove(instance.id);
      expect(await transaction.ccnSelectionPolicies.all()).toEqual([]);
      await transaction.ccnRouteTables.remove(routeTableId);
      expect(await transaction.ccnRoutePolicies.inForce()).toEqual([]);
      expect(await transaction.ccnRouteTables.list({ accountId: 'tenant' })).toEqual([]);
      expect(await transaction.ccnRouteTables.list({ accountId: 'admin' })).toEqual([standard]);
      await transaction.ccns.remove(rows.ccns[0]!.id);
      expect(await transaction.ccnRouteTables.all()).toEqual([]);
    });
  });

  it('counts each series without a gap or a repetition', async () => {
    const next = () =>
      store.transaction(async ({ counters }) => {
        const number = await counters.next('n');
        await Promise.resolve();
        return number;
      });
    const numbers = await Promise.all(Array.from({ length: 20 }, next));
    expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect(await store.transaction(({ counters }) => counters.next('other'))).toBe(1);
  });

  it('begins a series behind what is taken, and never goes back to it', async () => {
    const next = (taken: number) => store.transaction(({ counters }) => counters.next('behind', taken));
    expect([await next(7), await next(7), await next(0), await next(100)]).toEqual([8, 9, 10, 11]);
  });

  it('leaves nothing behind when a transaction fails, and announces nothing', async () => {
    const heard: unknown[] = [];
    store.onCommit((keys) => heard.push(keys));
    const failing = store.transaction(async (transaction) => {
      await insertAll(transaction, desired);
      transaction.changed('host');
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect((await store.readDesiredState()).vpcs).toEqual([]);
    expect(heard).toEqual([]);
  });

  it('announces the named keys after the commit, once each', async () => {
    const heard: (readonly PlanKey[])[] = [];
    store.onCommit(() => {
      throw new Error('a bad listener');
    });
    const stop = store.onCommit((keys) => heard.push(keys));
    await store.transaction(async (transaction) => {
      await insertAll(transaction, desired);
      transaction.changed('vpc-network1', 'host');
      transaction.changed('host');
      expect(heard).toEqual([]);
    });
    expect(heard).toEqual([['vpc-network1', 'host']]);
    expect(lines.join('')).toContain('a commit listener failed');
    stop();
    await store.transaction(async (transaction) => transaction.changed('host'));
    expect(heard).toHaveLength(1);
  });
});

const dropAll: CcnRoutePolicy = {
  ...{ action: 'drop', audience: [], description: 'text' },
  conditions: [{ kind: 'destination', pattern: 'within', values: [local] }],
};

async function insertCcns(transaction: Transaction, rows: DesiredState): Promise<void> {
  for (const row of rows.ccns) await transaction.ccns.insert(row);
  for (const row of rows.ccnRouteTables) await transaction.ccnRouteTables.insert(row);
  for (const row of rows.ccnAttachments) await transaction.ccnAttachments.insert(row);
  for (const row of rows.ccnRoutePolicies) await transaction.ccnRoutePolicies.insert(row);
  for (const row of rows.ccnSelectionPolicies) await transaction.ccnSelectionPolicies.insert(row);
}

async function insertAll(transaction: Transaction, rows: DesiredState): Promise<void> {
  for (const row of rows.vpcs) await transaction.vpcs.insert(row);
  for (const row of rows.routeTables) await transaction.routeTables.insert(row);
  for (const row of rows.subnets) await transaction.subnets.insert(row);
  for (const row of rows.subnetInterfaces) await transaction.subnetInterfaces.insert(row);
  for (const row of rows.vpnGateways) await transaction.vpnGateways.insert(row);
  for (const row of rows.vpcRoutes) await transaction.vpcRoutes.insert(row);
  for (const row of rows.customerGateways) await transaction.customerGateways.insert(row);
  for (const row of rows.vpnConnections) await transaction.vpnConnections.insert(row);
  for (const row of rows.vpnGatewayRoutes) await transaction.vpnGatewayRoutes.insert(row);
}

/** Updates a column of every row and returns the state that should be stored now. */
async function changeAll(transaction: Transaction, rows: DesiredState): Promise<DesiredState> {
  const renamed = <T>(list: readonly T[]) =>
    list.map((row) => ({ ...row, name: 'new', tags: [{ key: 'k', value: 'v' }] }));
  const disabled = <T>(list: readonly T[]) => list.map((row) => ({ ...row, enabled: false, description: 'off' }));
  const next: DesiredState = {
    ...rows,
    vpcs: renamed(rows.vpcs),
    routeTables: renamed(rows.routeTables),
    subnets: renamed(rows.subnets),
    vpnGateways: renamed(rows.vpnGateways),
    customerGateways: renamed(rows.customerGateways),
    vpnConnections: renamed(rows.vpnConnections),
    vpcRoutes: disabled(rows.vpcRoutes),
    vpnGatewayRoutes: disabled(rows.vpnGatewayRoutes),
  };
  for (const row of next.vpcs) await transaction.vpcs.update(row);
  for (const row of next.routeTables) await transaction.routeTables.update(row);
  for (const row of next.subnets) await transaction.subnets.update(row);
  for (const row of next.vpnGateways) await transaction.vpnGateways.update(row);
  for (const row of next.vpcRoutes) await transaction.vpcRoutes.update(row);
  for (const row of next.customerGateways) await transaction.customerGateways.update(row);
  for (const row of next.vpnConnections) await transaction.vpnConnections.update(row);
  for (const row of next.vpnGatewayRoutes) await transaction.vpnGatewayRoutes.update(row);
  return next;
}

async function removeAll(transaction: Transaction, rows: DesiredState): Promise<void> {
  for (const { id } of rows.vpnGatewayRoutes) await transaction.vpnGatewayRoutes.remove(id);
  for (const { id } of rows.vpnConnections) await transaction.vpnConnections.remove(id);
  for (const { id } of rows.customerGateways) await transaction.customerGateways.remove(id);
  for (const { id } of rows.vpcRoutes) await transaction.vpcRoutes.remove(id);
  for (const { id } of rows.vpnGateways) await transaction.vpnGateways.remove(id);
  for (const row of rows.subnetInterfaces) await transaction.subnetInterfaces.remove(row);
  for (const { id } of rows.subnets) await transaction.subnets.remove(id);
  for (const { id } of rows.routeTables) await transaction.routeTables.remove(id);
  for (const { id } of rows.vpcs) await transaction.vpcs.remove(id);
}
