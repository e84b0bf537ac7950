import { parseCidr } from '@landbridge/net';
import * as fc from 'fast-check';
import type { VpnConnectionId } from '../../src/domain/resource-id.ts';
import type { AllRows } from '../../src/image/tables.ts';
import { joined, type TableShape } from '../../src/image/table-shape.ts';
import { tables, type RowOf, type TableName } from '../../src/image/tables.ts';
import type { NetworkRows } from '../image-of.ts';
import { worldArbitrary } from './arbitrary-world.ts';
import { ccnWorldArbitrary } from './arbitrary-ccn-routing.ts';

/** One row that comes, changes or goes: as it is in some world, or not at all where that world has none of its key. */
export interface Step<Name extends TableName = TableName> {
  readonly table: Name;
  readonly key: string;
  readonly row: RowOf<Name> | null;
}

/** A network, and rows of others like it that come into it one by one. They have the same ids, so that they meet. */
export interface History {
  readonly start: NetworkRows;
  /** Every row of any of the worlds, and for each key that there is none. */
  readonly steps: readonly Step[];
  readonly tunnels: readonly VpnConnectionId[];
}

export const historyArbitrary: fc.Arbitrary<History> = fc
  .oneof(fc.tuple(worldArbitrary, worldArbitrary), fc.tuple(ccnWorldArbitrary, ccnWorldArbitrary))
  .map(([{ desired: start }, { desired: other }]) => {
    const worlds = [start, other, variantOf(start)];
    const names = Object.keys(start) as (keyof NetworkRows)[];
    const steps = names.flatMap((table) => stepsOf(table, worlds));
    const tunnels = [...new Set([...start.vpnConnections, ...other.vpnConnections].map(({ id }) => id))];
    return { start, steps, tunnels };
  })
  .filter(({ steps }) => steps.length > 0);

const secondaryRange = { cidr: parseCidr('10.240.0.0/16'), addedAt: 2 };

/** What the worlds have none of, or not by itself: a gateway's check that comes and goes, several regions, limits between them, secondary ranges, whole VPCs that are published, attached interfaces. */
function variantOf({ ccnAttachments, ccns, subnets, vpcs, vpnGateways, ...rest }: NetworkRows): NetworkRows {
  return {
    ...{ ...rest, ccns, subnets },
    ccnAttachments: ccnAttachments.map((row) => ({ ...row, region: 'elsewhere' })),
    ccnBandwidthLimits: ccns.map(({ id }) => {
      return { ccnId: id, region: 'elsewhere', peerRegion: null, limitMbps: 20, createdAt: 0 };
    }),
    vpcs: vpcs.map((row) => ({ ...row, publishVpcCidr: true, secondaryRanges: [secondaryRange] })),
    vpnGateways: vpnGateways.map((row) => ({ ...row, checksSources: !row.checksSources })),
    subnetInterfaces: subnets.map(({ id, vpcId, accountId }, number) => {
      return { accountId, vpcId, subnetId: id, interfaceName: `eth${number}`, vlanId: null, createdAt: 0 };
    }),
  };
}

function stepsOf(table: keyof NetworkRows, worlds: readonly NetworkRows[]): Step[] {
  const rows = worlds.flatMap((world) => world[table] as readonly RowOf<typeof table>[]);
  const keyed = rows.map((row) => ({ table, key: keyOf(table, row), row }));
  // A tunnel without a peer is what the rules of the API keep from being.
  if (table === 'customerGateways') return keyed;
  const gone = [...new Set(keyed.map(({ key }) => key))].map((key) => ({ table, key, row: null }));
  return [...keyed, ...gone];
}

export function keyOf<Name extends TableName>(table: Name, row: RowOf<Name>): string {
  return joined((tables[table] as unknown as TableShape<RowOf<Name>>).key(row));
}

/** Rows with those of the steps in their place. */
export function withSteps(rows: Partial<AllRows>, steps: readonly Step[]): Partial<AllRows> {
  const next: Record<string, readonly unknown[]> = { ...rows };
  for (const { table, key, row } of steps) {
    const others = (next[table] ?? []).filter((other) => keyOf(table, other as never) !== key);
    next[table] = row === null ? others : [...others, row];
  }
  return next;
}
