import { CidrIndex, type Cidr } from '@landbridge/net';

/** A route of a CCN that stands in the way of those decided after it. */
export interface Claim<Route extends { readonly destination: Cidr }> {
  readonly route: Route;
  /** Enabled by hand. */
  readonly isChosen: boolean;
  /** Routes that arrived later are not in its way. */
  readonly until: number;
}

type Numbered<Route extends { readonly destination: Cidr }> = readonly [number: number, Claim<Route>];

/** Claims in the order in which they were made. What overlaps a destination is found without a look at all the others. */
export class CcnClaims<Route extends { readonly destination: Cidr }> {
  /** All that may ever be claimed or asked for. */
  readonly #destinations: CidrIndex<Cidr>;
  readonly #at = new Map<Cidr, Numbered<Route>[]>();
  /** Destination → the claims that lie within it, its own among them. */
  readonly #within = new Map<Cidr, Numbered<Route>[]>();
  #count = 0;

  constructor(destinations: Iterable<Cidr>) {
    this.#destinations = new CidrIndex([...new Set(destinations)].map((destination) => [destination, destination]));
  }

  add(claim: Claim<Route>): void {
    const { destination } = claim.route;
    const numbered = [this.#count++, claim] as const;
    append(this.#at, destination, numbered);
    for (const around of this.#destinations.around(destination)) append(this.#within, around, numbered);
  }

  /** The earliest of those that overlap the destination and are meant. */
  first(destination: Cidr, isMeant: (claim: Claim<Route>) => boolean): Claim<Route> | undefined {
    const wider = this.#destinations.around(destination).filter((around) => around !== destination);
    const lists = [this.#within.get(destination), ...wider.map((around) => this.#at.get(around))];
    const found = lists.map((list) => list?.find(([, claim]) => isMeant(claim))).filter((each) => each !== undefined);
    return found.sort(([a], [b]) => a - b)[0]?.[1];
  }
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
