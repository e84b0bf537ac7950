import type { Cidr } from '@landbridge/net';
import type { DirectConnectRange } from '../../domain/direct-connect/direct-connect-gateway.ts';
import { refuse } from '../../domain/refusal.ts';
import type { DirectConnectGatewayId } from '../../domain/resource-id.ts';
import type { DraftRows } from '../../image/draft.ts';
import type { Rows } from '../../image/rows.ts';
import type { Caller } from '../caller.ts';
import { checkQuota, orNotFound } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';

export interface NewDirectConnectRange {
  readonly destination: Cidr;
  readonly description: string;
}

export type DirectConnectRangeService = ReturnType<typeof directConnectRangeService>;

/** Ranges of the data centre that a Direct Connect gateway announces to its CCN. */
export function directConnectRangeService({ decide, read, quotas, clock, ids }: ServiceDependencies) {
  const change = (
    caller: Caller,
    id: DirectConnectGatewayId,
    work: (rows: DraftRows, ranges: readonly DirectConnectRange[]) => void,
  ): Promise<void> =>
    decide(caller, (rows) => {
      checkGateway(rows, caller, id);
      work(rows, rows.directConnectRanges.of('directConnectGateway', id));
    });

  return {
    list: (caller: Caller, id: DirectConnectGatewayId): Promise<readonly DirectConnectRange[]> =>
      read((rows) => {
        orNotFound(rows.directConnectGateways.find(caller, id), id);
        return rows.directConnectRanges.of('directConnectGateway', id);
      }),

    /** All or none. */
    create: (caller: Caller, id: DirectConnectGatewayId, inputs: readonly NewDirectConnectRange[]): Promise<void> =>
      change(caller, id, (rows, ranges) => {
        checkQuota(quotas, 'rangesPerDirectConnectGateway', ranges.length + inputs.length - 1, id);
        checkUnique(id, [...ranges, ...inputs]);
        const { accountId, region } = caller;
        const now = clock.now();
        for (const input of inputs) {
          const range = { ...input, accountId, region, createdAt: now, updatedAt: now, directConnectGatewayId: id };
          rows.directConnectRanges.insert({ ...range, id: ids.resourceId('dcr') });
        }
      }),

    remove: (caller: Caller, id: DirectConnectGatewayId, rangeIds: readonly string[]): Promise<void> =>
      change(caller, id, (rows, ranges) => {
        for (const range of rangeIds.map((rangeId) => named(ranges, rangeId))) {
          rows.directConnectRanges.remove(range.id);
        }
      }),

    /** Rewrites ranges in place; their ids stay. */
    replace: (
      caller: Caller,
      id: DirectConnectGatewayId,
      inputs: readonly (NewDirectConnectRange & { readonly id: string })[],
    ): Promise<void> =>
      change(caller, id, (rows, ranges) => {
        const changed = inputs.map((input) => ({ ...named(ranges, input.id), ...input, updatedAt: clock.now() }));
        const kept = ranges.filter((range) => !inputs.some((input) => input.id === range.id));
        checkUnique(id, [...kept, ...changed]);
        for (const range of changed) rows.directConnectRanges.update({ ...range, id: named(ranges, range.id).id });
      }),
  };
}

function checkGateway(rows: Rows, caller: Caller, id: DirectConnectGatewayId): void {
  const gateway = orNotFound(rows.directConnectGateways.find(caller, id), id);
  if (gateway.network === 'vpc') refuse('direct-connect-gateway-without-ccn', { id });
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
