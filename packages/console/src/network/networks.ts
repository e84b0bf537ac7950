import { kindOf, type Tunnel } from '../tunnels/tunnel.ts';
import { hostIn, rangeOf } from '../ranges/range.ts';
import type { NetworkAnswers } from './network-answers.ts';
import type { RangeBehind } from './network-ranges.ts';
import { endText } from './path-ends.ts';

export type NetworkKind = 'subnet' | 'idc' | 'dedicated';

/** Hosts that reach others or do not: a subnet, or a range behind tunnels or a line. */
export interface Network {
  readonly id: string;
  readonly kind: NetworkKind;
  readonly name: string;
  readonly range: string;
  /** Where its packets come from and arrive: the first is where they come from. */
  readonly places: readonly string[];
  /** An address that stands for all of it. */
  readonly host: string;
}

interface Sources {
  readonly answers: Pick<NetworkAnswers, 'subnets' | 'vpcs' | 'connections' | 'customerGateways'>;
  readonly ranges: readonly RangeBehind[];
  readonly stateOf: (id: string) => Pick<Tunnel, 'State'> | undefined;
}

const order: Readonly<Record<NetworkKind, number>> = { subnet: 0, idc: 1, dedicated: 2 };
const collator = new Intl.Collator(undefined, { numeric: true });

/** Subnets, then what is behind tunnels, then what is behind lines; each by its range. */
export function networksOf({ answers, ranges, stateOf }: Sources): readonly Network[] {
  const known = new Map(answers.connections.map((connection) => [connection.VpnConnectionId as string, connection]));
  const devices = new Map(answers.customerGateways.map((one) => [one.CustomerGatewayId as string, one]));
  const vpcs = new Map(answers.vpcs.map(({ VpcId, VpcName }) => [VpcId as string, VpcName]));
  const subnets = answers.subnets.map(({ SubnetId, SubnetName, CidrBlock, VpcId }) => {
    const name = [vpcs.get(VpcId) ?? VpcId, SubnetName || SubnetId].join(' / ');
    return network('subnet', name, CidrBlock, [SubnetId]);
  });
  const mapped = answers.connections.flatMap(({ VpnConnectionId, SecurityPolicyDatabaseSet }) =>
    SecurityPolicyDatabaseSet.flatMap(({ RemoteCidrBlock }) =>
      RemoteCidrBlock.map((range) => ({ range, placeId: VpnConnectionId })),
    ),
  );
  // What is behind a default route has no range that could stand for it.
  const named = [...mapped, ...ranges].filter(({ range }) => rangeOf(range) !== null && !range.endsWith('/0'));
  const [tunnels, lines] = [named.filter(({ placeId }) => known.has(placeId)), named.filter(isBehindLine)];
  const isUp = (id: string) => kindOf(stateOf(id) ?? { State: 'unknown' }) === 'good';
  const idcs = [...Map.groupBy(tunnels, ({ range }) => range)].map(([range, all]) => {
    const ids = [...new Set(all.map(({ placeId }) => placeId))].toSorted((a, b) => Number(isUp(b)) - Number(isUp(a)));
    const peers = ids.map((id) => devices.get(known.get(id)?.CustomerGatewayId ?? '')?.CustomerGatewayName ?? '');
    return network('idc', [...new Set(peers)].filter(Boolean).join(', '), range, ids);
  });
  const dedicated = [...Map.groupBy(lines, ({ range }) => range)].map(([range, all]) => {
    const ids = [...new Set(all.map(({ placeId }) => placeId))];
    return network('dedicated', ids.join(', '), range, ids);
  });
  return [...subnets, ...idcs, ...dedicated].toSorted(
    (a, b) => order[a.kind] - order[b.kind] || collator.compare(a.range, b.range) || collator.compare(a.name, b.name),
  );
}

function isBehindLine({ placeId }: RangeBehind): boolean {
  return placeId.startsWith('dcg-');
}

/** A subnet is one by its id, as several may have the same range. */
function network(kind: NetworkKind, name: string, range: string, places: readonly string[]): Network {
  const id = kind === 'subnet' ? (places[0] ?? range) : `${kind} ${range}`;
  return { id, kind, name, range, places, host: hostIn(range) ?? '' };
}

/** As an end of a path has it. */
export function endOfNetwork({ host, places }: Network): string {
  return endText({ address: host, placeId: places[0] ?? null });
}

/** Of a side of the matrix. */
export const mostNetworks = 12;

/** Those that fit: every word stands in its name, range or places. */
export function chosenNetworks(networks: readonly Network[], filter: string): readonly Network[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return networks.filter(({ name, range, kind, places }) => {
    const text = [name, range, kind, ...places].join('\n').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
