import { CidrIndex, everything, type Cidr } from '@landbridge/net';
import type { Ccn, CcnInstance, CcnRouteChoice } from '../domain/ccn/ccn.ts';
import { ccnRangeKey, type CcnRangeKey } from '../domain/ccn/ccn-range-key.ts';
import type { VpnConnectionId, VpnGatewayId } from '../domain/resource-id.ts';
import { assumeUsable } from '../domain/vpn/tunnel-usability.ts';
import type { Rows } from '../image/rows.ts';
import { ccnRoutesOf, conflict, mayShare, type CcnRoute, type TableOfCcn } from './ccn-routes.ts';
import { derivation } from './derivation.ts';
import { ccnRangesOf } from './vpn-gateway-ccn-range.ts';

/**
 * A route of a CCN's table that is enabled whenever a tunnel that leads there works and none of those is that stand before it:
 * what `ccnRoutesOf` says for any usability, said once for all of them.
 */
export interface CcnCandidate {
  readonly key: CcnRangeKey;
  readonly destination: Cidr;
  readonly instance: CcnInstance;
  /** Of the instance. */
  readonly region: string;
  /** Any one of them has to work; null where none is needed. */
  readonly tunnels: readonly VpnConnectionId[] | null;
  /** While one of these is enabled, it is not. */
  readonly yieldsTo: readonly CcnRangeKey[];
}

/** In the order in which they are decided. Routes that are disabled whatever tunnels do are not among them. */
export function ccnCandidatesOf(table: TableOfCcn, rows: Rows): readonly CcnCandidate[] {
  return candidatesOf(table, rows, assumeUsable);
}

/** Enabled whatever tunnels do. */
export function isCertain({ tunnels, yieldsTo }: CcnCandidate): boolean {
  return tunnels === null && yieldsTo.length === 0;
}

const candidatesOf = derivation(
  'candidates of a CCN',
  ({ ccnId, routeTableId }: TableOfCcn) => ({ ccnId, routeTableId }),
  (table, rows): readonly CcnCandidate[] => {
    const ccn = rows.ccns.get(table.ccnId);
    if (ccn === undefined) return [];
    const tunnelsOf = tunnelsBehind(rows);
    const choiceOf = choicesOf(rows.ccnRouteChoices.of('routeTable', table.routeTableId));
    const decisions = new Decisions(ccn, ccnRoutesOf(table, rows, assumeUsable), choiceOf);
    return decisions.candidates(tunnelsOf);
  },
);

type ChoiceOf = (route: CcnRoute) => CcnRouteChoice | undefined;
type TunnelsOf = (route: CcnRoute) => readonly VpnConnectionId[] | null;

function choicesOf(choices: readonly CcnRouteChoice[]): ChoiceOf {
  const keyOf = (instanceId: string, destination: Cidr) => `${instanceId} ${destination}`;
  const found = new Map(choices.map((choice) => [keyOf(choice.instanceId, choice.destination), choice]));
  return ({ instance, destination }) => found.get(keyOf(instance.id, destination));
}

/** Of VPN gateways alone. */
function tunnelsBehind(rows: Rows): TunnelsOf {
  const known = new Map<VpnGatewayId, ReadonlyMap<Cidr, readonly VpnConnectionId[]>>();
  return ({ instance, destination }) => {
    if (instance.kind !== 'vpn-gateway') return null;
    const ranges = known.get(instance.id) ?? new Map(tunnelsOfGateway(instance.id, rows, assumeUsable));
    known.set(instance.id, ranges);
    return ranges.get(destination) ?? [];
  };
}

const tunnelsOfGateway = derivation(
  'tunnels to the ranges of a gateway',
  (id: VpnGatewayId) => id,
  (id, rows) => ccnRangesOf(id, rows, assumeUsable).map(({ destination, tunnels }) => [destination, tunnels] as const),
);

/** A route in its place among those that are decided before and after it. */
interface Turn {
  readonly route: CcnRoute;
  /** Enabled by hand. */
  readonly isChosen: boolean;
  /** Disabled by hand: then; routes that arrived until then do not step in by themselves. */
  readonly disabledAt: number | null;
}

/** Routes enabled by hand first, then the others as they came. */
class Decisions {
  readonly #ccn: Ccn;
  readonly #turns: readonly Turn[];
  /** Destination → turns. */
  readonly #places: CidrIndex<number>;

  /** @param routes in order of arrival. */
  constructor(ccn: Ccn, routes: readonly CcnRoute[], choiceOf: ChoiceOf) {
    this.#ccn = ccn;
    const turns = routes.map((route): Turn => {
      const choice = choiceOf(route);
      return {
        route,
        isChosen: choice?.enabled === true,
        disabledAt: choice?.enabled === false ? choice.updatedAt : null,
      };
    });
    this.#turns = [...turns.filter(({ isChosen }) => isChosen), ...turns.filter(({ isChosen }) => !isChosen)];
    this.#places = new CidrIndex(this.#turns.map(({ route }, place) => [route.destination, place]));
  }

  candidates(tunnelsOf: TunnelsOf): CcnCandidate[] {
    const candidates = new Map<Turn, CcnCandidate>();
    for (const [place, turn] of this.#turns.entries()) {
      const { route } = turn;
      if (turn.disabledAt !== null || (!turn.isChosen && this.#isUnwantedDefault(route))) continue;
      const before = this.#before(turn, place);
      const rivals = before.map((earlier) => candidates.get(earlier)).filter((rival) => rival !== undefined);
      if (before.some(({ disabledAt }) => disabledAt !== null) || rivals.some(isCertain)) continue;
      const { destination, instance, region, routeTableId } = route;
      const key = ccnRangeKey(routeTableId, instance.id, destination);
      const yieldsTo = rivals.map((rival) => rival.key);
      candidates.set(turn, { key, destination, instance, region, tunnels: tunnelsOf(route), yieldsTo });
    }
    return [...candidates.values()];
  }

  #isUnwantedDefault({ destination }: CcnRoute): boolean {
    return destination === everything && !this.#ccn.routeOverlap;
  }

  /** Whom this one has to wait for, were they enabled, in the order of their turns. */
  #before(turn: Turn, place: number): Turn[] {
    const overlapping = this.#places.overlapping(turn.route.destination).sort((a, b) => a - b);
    return overlapping.flatMap((at) => {
      const earlier = this.#turns[at];
      return at < place && earlier !== undefined && this.#hasToWait(turn, earlier) ? [earlier] : [];
    });
  }

  #hasToWait({ route, isChosen }: Turn, earlier: Turn): boolean {
    if (isChosen) return earlier.route.destination === route.destination && !mayShare(route, earlier.route, this.#ccn);
    if (earlier.disabledAt !== null && earlier.disabledAt < route.arrivedAt) return false;
    return conflict(route, earlier, this.#ccn);
  }
}
