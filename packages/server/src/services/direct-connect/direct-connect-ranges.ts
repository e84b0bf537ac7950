import type { Cidr } from '@landbridge/net';
import type { DirectConnectGateway, DirectConnectRange } from '../../domain/direct-connect/direct-connect-gateway.ts';
import { refuse } from '../../domain/refusal.ts';
import type { DirectConnectGatewayId } from '../../domain/resource-id.ts';
import type { Transaction } from '../../store/transaction.ts';
import type { Caller } from '../caller.ts';
import { touchCcnOf } from '../ccn/ccn-changes.ts';
import { checkQuota, orNotFound } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';

export interface NewDirectConnectRange {
  readonly destination: Cidr;
  readonly description: string;
}

export type DirectConnectRangeService = ReturnType<typeof directConnectRangeService>;

/** Ranges of the data centre that a Direct Connect gateway announces to its CCN. */
export function directConnectRangeService({ store, quotas, clock, ids }: ServiceDependencies) {
  const change = (
    caller: Caller,
    id: DirectConnectGatewayId,
    work: (transaction: Transaction, ranges: readonly DirectConnectRange[]) => Promise<void>,
  ): Promise<void> =>
    store.transaction(async (transaction) => {
      const gateway = await findGateway(transaction, caller, id);
      await work(transaction, await transaction.directConnectRanges.listOfGateway(id));
      await touchCcnOf(transaction, id);
      await transaction.directConnectGateways.update({ ...gateway, generation: gateway.generation + 1 });
      transaction.changed(id);
    });

  return {
    list: (caller: Caller, id: DirectConnectGatewayId): Promise<DirectConnectRange[]> =>
      store.transaction(async (transaction) => {
        orNotFound(await transaction.directConnectGateways.find(caller, id), id);
        return transaction.directConnectRanges.listOfGateway(id);
      }),

    /** All or none. */
    create: (caller: Caller, id: DirectConnectGatewayId, inputs: readonly NewDirectConnectRange[]): Promise<void> =>
      change(caller, id, async (transaction, ranges) => {
        checkQuota(quotas, 'rangesPerDirectConnectGateway', ranges.length + inputs.length - 1);
        checkUnique(id, [...ranges, ...inputs]);
        const { accountId, region } = caller;
        const now = clock.now();
        for (const input of inputs) {
          const range = { ...input, accountId, region, createdAt: now, updatedAt: now, directConnectGatewayId: id };
          await transaction.directConnectRanges.insert({ ...range, id: ids.resourceId('dcr') });
        }
      }),

    remove: (caller: Caller, id: DirectConnectGatewayId, rangeIds: readonly string[]): Promise<void> =>
      change(caller, id, async (transaction, ranges) => {
        for (const range of rangeIds.map((rangeId) => named(ranges, rangeId))) {
          await transaction.directConnectRanges.remove(range.id);
        }
      }),

    /** Rewrites ranges in place; their ids stay. */
    replace: (
      caller: Caller,
      id: DirectConnectGatewayId,
      inputs: readonly (NewDirectConnectRange & { readonly id: string })[],
    ): Promise<void> =>
      change(caller, id, async (transaction, ranges) => {
        const changed = inputs.map((input) => ({ ...named(ranges, input.id), ...input, updatedAt: clock.now() }));
        const kept = ranges.filter((range) => !inputs.some((input) => input.id === range.id));
        checkUnique(id, [...kept, ...changed]);
        for (const { id: rangeId } of changed) await transaction.directConnectRanges.remove(named(ranges, rangeId).id);
        for (const range of changed) {
          await transaction.directConnectRanges.insert({ ...range, id: named(ranges, range.id).id });
        }
      }),
  };
}

async function findGateway(
  transaction: Transaction,
  caller: Caller,
  id: DirectConnectGatewayId,
): Promise<DirectConnectGateway> {
  const gateway = orNotFound(await transaction.directConnectGateways.find(caller, id), id);
  if (gateway.network === 'vpc') refuse('direct-connect-gateway-without-ccn', { id });
  return gateway;
}

function named(ranges: readonly DirectConnectRange[], id: string): DirectConnectRange {
  return orNotFound(
    ranges.find((range) => range.id === id),
    id,
  );
}

function checkUnique(id: DirectConnectGatewayId, ranges: readonly Pick<DirectConnectRange, 'destination'>[]): void {
  const seen = new Set<Cidr>();
  for (const { destination } of ranges) {
    if (seen.has(destination)) refuse('direct-connect-range-exists', { id, destination });
    seen.add(destination);
  }
}
