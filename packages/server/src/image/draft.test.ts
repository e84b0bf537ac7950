import { parseCidr } from '@landbridge/net';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rowsIn } from '../../testing/image-of.ts';
import { sampleRows } from '../../testing/sample-rows.ts';
import type { CustomerGateway } from '../domain/vpn/customer-gateway.ts';
import { sampleConnection } from '../../testing/sample-network.ts';
import type { VpnConnection } from '../domain/vpn/vpn-connection.ts';
import type { Change } from './change.ts';
import { Draft, type DraftRows } from './draft.ts';
import { Image } from './image.ts';
import type { AllRows } from './tables.ts';

/** Over an image that nobody may change. */
function draftOver(rows: Partial<AllRows>): Draft {
  return new Draft(new Image(7, rows));
}

const [first] = sampleRows.customerGateways;
const gateway = (id: string, accountId = 'admin', createdAt = 0): CustomerGateway => {
  return {
    ...first!,
    id: `cgw-${id}`,
    address: `192.0.2.${id.length}` as CustomerGateway['address'],
    accountId,
    createdAt,
  };
};

describe('a draft', () => {
  test('shows its own changes at once, wherever they are looked up', () => {
    const draft = draftOver({ customerGateways: [gateway('a'), gateway('b')] });
    draft.attempt(({ customerGateways }) => {
      const scope = { accountId: 'admin', region: 'local' };
      const added = gateway('c', 'admin', -1);
      customerGateways.insert(added);
      customerGateways.update(gateway('b', 'tenant'));
      customerGateways.remove('cgw-a');
      expect(customerGateways.get('cgw-c')).toBe(added);
      expect(customerGateways.get('cgw-a')).toBeUndefined();
      expect(customerGateways.all()).toEqual([added, gateway('b', 'tenant')]);
      expect(customerGateways.of('account', 'admin')).toEqual([added]);
      expect(customerGateways.of('address', 'admin', 'local', added.address)).toEqual([added]);
      expect(customerGateways.list(scope)).toEqual([added]);
      expect(customerGateways.find(scope, 'cgw-b')).toBeUndefined();
      expect(customerGateways.find({ ...scope, accountId: 'tenant' }, 'cgw-b')).toEqual(gateway('b', 'tenant'));
    });
    expect(draft.changes.map(({ key, before, after }) => [key, before !== null, after !== null])).toEqual([
      ['cgw-c', false, true],
      ['cgw-b', true, true],
      ['cgw-a', true, false],
    ]);
  });

  test('keeps to what is there: an insertion is new, an update is not', () => {
    draftOver({ customerGateways: [gateway('a')] }).attempt(({ customerGateways }) => {
      expect(() => customerGateways.insert(gateway('a'))).toThrow('customerGateways: cgw-a is there already');
      expect(() => customerGateways.update(gateway('b'))).toThrow('customerGateways: cgw-b is gone');
      customerGateways.remove('cgw-a');
      customerGateways.remove('cgw-a');
      expect(() => customerGateways.update(gateway('a'))).toThrow('customerGateways: cgw-a is gone');
      customerGateways.insert(gateway('a'));
      customerGateways.put(gateway('b'));
      customerGateways.put(gateway('b', 'tenant'));
      expect(customerGateways.all().length).toBe(2);
    });
  });

  test('says nothing of what came and went, or stayed', () => {
    const draft = draftOver({ customerGateways: [gateway('a')] });
    draft.attempt(({ customerGateways }) => {
      customerGateways.insert(gateway('b'));
      customerGateways.remove('cgw-b');
      customerGateways.put(customerGateways.get('cgw-a')!);
    });
    expect(draft.changes).toEqual([]);
  });

  test('removes a row with its parts, and theirs', () => {
    const draft = draftOver(sampleRows);
    draft.attempt(({ ccns, vpnConnections, ccnAttachments }) => {
      ccns.remove('ccn-network1');
      vpnConnections.remove('vpnx-tunnel01');
      ccnAttachments.remove('vpc-network1');
    });
    const removed = Map.groupBy(draft.changes, ({ table }) => table);
    expect(Object.fromEntries([...removed].map(([table, { length }]) => [table, length]))).toEqual({
      ccns: 1,
      ccnRouteTables: 2,
      ccnRouteChoices: 2,
      ccnRoutePolicyLists: 3,
      ccnAttachmentRequests: 1,
      ccnBandwidthLimits: 2,
      vpnConnections: 1,
      findingMutes: 2,
      preSharedKeys: 1,
      ccnAttachments: 1,
      ccnSelectionPolicies: 2,
    });
    expect(draft.changes.every(({ after }) => after === null)).toBe(true);
  });

  test('counts each series from 1 on, or behind where it was', () => {
    const draft = draftOver({ counters: [{ name: 'old', value: 7 }] });
    const numbers = draft.attempt((rows) => [rows.next('new'), rows.next('new'), rows.next('old')]);
    expect(numbers).toEqual([1, 2, 8]);
    expect(draft.rows.generation).toBe(8);
  });

  test('holds no trace of what threw', () => {
    const draft = draftOver(sampleRows);
    draft.attempt((rows) => {
      rows.next('kept');
      rows.record({ kind: 'end-of-events', resourceId: 'vpnx-tunnel01' });
    });
    const before = { changes: draft.changes, log: [...draft.log] };
    const failing = () =>
      draft.attempt((rows) => {
        rows.next('kept');
        rows.next('lost');
        rows.ccns.remove('ccn-network1');
        rows.record({ kind: 'end-of-events', resourceId: 'vpnx-tunnel02' });
        throw new Error('changed my mind');
      });
    expect(failing).toThrow('changed my mind');
    expect({ changes: draft.changes, log: draft.log }).toEqual(before);
    expect(draft.rows.counters.get('kept')?.value).toBe(1);
    expect(draft.rows.ccns.get('ccn-network1')).toBeDefined();
  });
});

type Step =
  | { readonly kind: 'put' | 'insert' | 'update'; readonly row: CustomerGateway }
  | { readonly kind: 'remove'; readonly id: string };

const rowArbitrary = fc
  .tuple(fc.constantFrom('a', 'bb', 'ccc'), fc.constantFrom('admin', 'tenant'), fc.nat(2))
  .map(([id, account, age]) => gateway(id, account, age));
const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom('put' as const, 'insert' as const, 'update' as const), row: rowArbitrary }),
  fc.record({ kind: fc.constant('remove' as const), id: fc.constantFrom('cgw-a', 'cgw-bb', 'cgw-ccc') }),
);
/** Steps of one decision, and whether it throws in the end. Some throw on their own. */
const decisionArbitrary = fc.record({ steps: fc.array(stepArbitrary), throws: fc.boolean() });

function take({ customerGateways }: DraftRows, steps: readonly Step[]): void {
  for (const step of steps) {
    if (step.kind === 'remove') customerGateways.remove(step.id);
    else customerGateways[step.kind](step.row);
  }
}

test('a draft equals an image to which each decision that stood was applied', { timeout: 30_000 }, () => {
  fc.assert(
    fc.property(fc.array(rowArbitrary), fc.array(decisionArbitrary), (initial, decisions) => {
      const rows = { customerGateways: [...new Map(initial.map((row) => [row.id, row])).values()] };
      const [image, applied] = [new Image(0, rows), new Image(0, rows)];
      const before = rowsIn(image);
      const draft = new Draft(image);
      for (const { steps, throws } of decisions) {
        const alone = new Draft(applied);
        const decide = (its: DraftRows) => {
          take(its, steps);
          if (throws) throw new Error('refused');
        };
        const outcomes = [draft, alone].map((one) => {
          try {
            one.attempt(decide);
            return 'stands';
          } catch (error) {
            return (error as Error).message;
          }
        });
        expect(outcomes[0]).toBe(outcomes[1]);
        if (outcomes[0] === 'stands') applied.patch(alone.changes, applied.generation + 1);
        expect(draft.all('customerGateways')).toEqual(applied.all('customerGateways'));
        for (const account of ['admin', 'tenant']) {
          const expected = applied.rows.customerGateways.of('account', account);
          expect(draft.rows.customerGateways.of('account', account)).toEqual(expected);
          expect(draft.rows.customerGateways.list({ accountId: account, region: 'local' })).toEqual(expected);
        }
        for (const id of ['cgw-a', 'cgw-bb', 'cgw-ccc']) {
          expect(draft.rows.customerGateways.get(id)).toEqual(applied.rows.customerGateways.get(id));
        }
      }
      expect(rowsIn(image)).toEqual(before);
      image.patch(draft.changes, 1);
      expect(rowsIn(image)).toStrictEqual(rowsIn(applied));
    }),
  );
});

const blocks = ['0.0.0.0/0', '10.0.0.0/8', '10.0.0.0/24', '10.0.0.7/32', '10.0.1.0/24'].map(parseCidr);
const tunnelArbitrary = fc.record({
  id: fc.constantFrom('a', 'b', 'c', 'd'),
  vpnGatewayId: fc.constantFrom('vpngw-one', 'vpngw-two'),
  createdAt: fc.nat(2),
  policies: fc.array(
    fc.record({ local: fc.constantFrom(...blocks), remotes: fc.array(fc.constantFrom(...blocks), { maxLength: 3 }) }),
    { maxLength: 2 },
  ),
});
const tunnelSteps = fc.array(fc.record({ tunnel: tunnelArbitrary, isRemoval: fc.boolean() }), { maxLength: 6 });

function tunnelOf({ id, ...fields }: typeof tunnelArbitrary extends fc.Arbitrary<infer T> ? T : never): VpnConnection {
  return { ...sampleConnection(1), ...fields, id: `vpnx-${id}`, mode: 'spd' };
}

test('a draft finds ranges as an image with its changes does, and forgets those of what threw', () => {
  const decisions = fc.array(fc.record({ steps: tunnelSteps, throws: fc.boolean() }), { maxLength: 5 });
  fc.assert(
    fc.property(
      fc.array(tunnelArbitrary),
      decisions,
      fc.constantFrom(...blocks),
      fc.constantFrom(...blocks),
      (initial, taken, local, remote) => {
        const rows = { vpnConnections: [...new Map(initial.map((one) => [one.id, tunnelOf(one)])).values()] };
        const [image, applied] = [new Image(0, rows), new Image(0, rows)];
        const draft = new Draft(image);
        const expectSame = () => {
          for (const gateway of ['vpngw-one', 'vpngw-two']) {
            const [own, expected] = [draft.rows.vpnConnections, applied.rows.vpnConnections];
            expect(own.overlapping('mappings', [local, remote], gateway)).toEqual(
              expected.overlapping('mappings', [local, remote], gateway),
            );
            expect(own.overlapping('remotes', [remote], gateway)).toEqual(
              expected.overlapping('remotes', [remote], gateway),
            );
            expect(own.size()).toBe(expected.size());
            expect(own.countRanges('mappings', gateway)).toBe(expected.countRanges('mappings', gateway));
          }
        };
        for (const { steps, throws } of taken) {
          expectSame();
          const decide = ({ vpnConnections }: DraftRows) => {
            for (const { tunnel, isRemoval } of steps) {
              if (isRemoval) vpnConnections.remove(`vpnx-${tunnel.id}`);
              else vpnConnections.put(tunnelOf(tunnel));
              // Within a decision as well.
              vpnConnections.overlapping('mappings', [local, remote], tunnel.vpnGatewayId);
            }
            if (throws) throw new Error('refused');
          };
          if (throws) expect(() => draft.attempt(decide)).toThrow('refused');
          else {
            let told: readonly Change[] = [];
            draft.attempt(decide, (changes) => {
              told = changes;
              return null;
            });
            const alone = new Draft(applied);
            alone.attempt(decide);
            // What it alone has changed, whatever was changed before it.
            expect(new Set(told)).toEqual(new Set(alone.changes));
            applied.patch(alone.changes, applied.generation + 1);
          }
        }
        expectSame();
      },
    ),
    { numRuns: 500 },
  );
});
