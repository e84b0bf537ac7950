import type { TaggedPrefix } from '../../domain/tag/resource-name.ts';
import type { Rows } from '../../image/rows.ts';
import type { Caller } from '../caller.ts';
import type { ServiceDependencies } from '../dependencies.ts';

export interface FoundResource {
  readonly id: string;
  readonly name: string;
}

/** What it can be found by. */
interface Known extends FoundResource {
  readonly texts: readonly string[];
}

export type FoundResourceService = ReturnType<typeof foundResourceService>;

export function foundResourceService({ read }: ServiceDependencies) {
  return {
    /** In the order of their lists; upper and lower case are the same. */
    find: (caller: Caller, prefix: TaggedPrefix, part: string): Promise<readonly FoundResource[]> =>
      read((rows) => {
        const wanted = part.toLowerCase();
        const fits = (text: string) => text.toLowerCase().includes(wanted);
        return listed[prefix](rows, caller).filter(({ id, name, texts }) => [id, name, ...texts].some(fits));
      }),
  };
}

const listed: Readonly<Record<TaggedPrefix, (rows: Rows, caller: Caller) => readonly Known[]>> = {
  vpnx: (rows, caller) => rows.vpnConnections.list(caller).map((row) => known(row)),
  vpngw: (rows, caller) => rows.vpnGateways.list(caller).map((row) => known(row, row.publicAddress)),
  cgw: (rows, caller) => rows.customerGateways.list(caller).map((row) => known(row, row.address)),
  vpc: (rows, caller) =>
    rows.vpcs.list(caller).map((row) => known(row, row.cidr, ...row.secondaryRanges.map(({ cidr }) => cidr))),
  subnet: (rows, caller) => rows.subnets.list(caller).map((row) => known(row, row.cidr)),
  rtb: (rows, caller) => rows.routeTables.list(caller).map((row) => known(row)),
  ccn: (rows, caller) => rows.ccns.list(caller).map((row) => known(row, row.description)),
  dcg: (rows, caller) => rows.directConnectGateways.list(caller).map((row) => known(row)),
};

function known({ id, name }: FoundResource, ...texts: readonly string[]): Known {
  return { id, name, texts };
}
