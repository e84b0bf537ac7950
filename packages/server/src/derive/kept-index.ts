import { CidrIndex, type Cidr } from '@landbridge/net';

interface Route {
  readonly destination: Cidr;
}

const indexesOfRanges = new WeakMap<readonly Cidr[], CidrIndex<Cidr>>();
const indexesOfRoutes = new WeakMap<readonly Route[], CidrIndex<Route>>();

/** Of a list that is kept and never changes, as tables and derivations hand them out: made once for all who ask about it. */
export function rangesAt(ranges: readonly Cidr[]): CidrIndex<Cidr> {
  const index = indexesOfRanges.get(ranges) ?? new CidrIndex(ranges.map((range) => [range, range]));
  indexesOfRanges.set(ranges, index);
  return index;
}

/** The same of routes, by their destinations. */
export function routesAt<Row extends Route>(routes: readonly Row[]): CidrIndex<Row> {
  const index = indexesOfRoutes.get(routes) ?? new CidrIndex<Route>(routes.map((route) => [route.destination, route]));
  indexesOfRoutes.set(routes, index);
  // What the list holds.
  return index as CidrIndex<Row>;
}
