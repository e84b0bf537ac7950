/** Addresses of a subnet that somebody has, or was seen with lately. */

interface IpNeighbour {
  readonly dst?: string;
  readonly state?: readonly string[];
}

/** @param answer to `ip -json neighbour show` of the subnet's bridge */
export function addressesOfNeighbours(answer: string): Map<string, string> {
  const entries = (answer.trim() === '' ? [] : JSON.parse(answer)) as readonly IpNeighbour[];
  return new Map(
    entries.flatMap(({ dst, state = [] }) => (dst === undefined ? [] : [[dst, state.join(' ')] as const])),
  );
}

interface NftSet {
  readonly elem?: readonly (Element | { readonly elem: { readonly val: Element } })[];
}
interface Element {
  readonly concat?: readonly unknown[];
}

/** Of packets that came out of the subnet in the last minutes. @param answer to `list set` of the set `heard` (planner/neighbour-bound.ts) */
export function addressesHeard(answer: string, bridge: string): string[] {
  return answer
    .split('\n')
    .filter((line) => line.trim() !== '')
    .flatMap((line) => (JSON.parse(line) as { readonly nftables: readonly { readonly set?: NftSet }[] }).nftables)
    .flatMap(({ set }) => set?.elem ?? [])
    .map((element) => ('elem' in element ? element.elem.val : element).concat ?? [])
    .flatMap(([device, address]) => (device === bridge && typeof address === 'string' ? [address] : []));
}
