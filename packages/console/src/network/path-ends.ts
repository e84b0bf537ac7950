import { addressOf, hostIn } from '../ranges/range.ts';

/** One end of a way: `10.0.1.10`, `10.0.1.10@subnet-…`, or a range, of which one address is asked for. */
export interface PathEnd {
  readonly address: string;
  /** A subnet, tunnel or Direct Connect gateway; null: where the address is. */
  readonly placeId: string | null;
}

/** Null: it is none. */
export function endOf(text: string): PathEnd | null {
  const [where = '', place, ...more] = text.trim().split('@');
  const address = addressOf(where) === null ? hostIn(where) : where;
  if (address === null || more.length > 0) return null;
  if (place === undefined) return { address, placeId: null };
  return /^(subnet|vpnx|dcg)-[0-9a-z]+$/.test(place) ? { address, placeId: place } : null;
}

export function endText({ address, placeId }: PathEnd): string {
  return placeId === null ? address : `${address}@${placeId}`;
}

export const protocols = ['icmp', 'tcp', 'udp', 'esp'] as const;
export type Protocol = (typeof protocols)[number];

export interface PathQuestion {
  readonly from: PathEnd;
  readonly to: PathEnd;
  readonly protocol: Protocol | null;
  readonly port: number | null;
}

/** What an address (`?from=…&to=…&protocol=…&port=…`) asks for; null: not whole. */
export function questionOf(search: URLSearchParams): PathQuestion | null {
  const [from, to] = [endOf(search.get('from') ?? ''), endOf(search.get('to') ?? '')];
  if (from === null || to === null) return null;
  const port = Number(search.get('port') ?? '');
  return {
    ...{ from, to },
    protocol: protocols.find((name) => name === search.get('protocol')) ?? null,
    port: Number.isInteger(port) && port >= 1 && port <= 65_535 ? port : null,
  };
}

/** The same address with other parameters; null takes one out. */
export function searchWith(search: URLSearchParams, changed: Readonly<Record<string, string | null>>): string {
  const next = new URLSearchParams(search);
  for (const [name, value] of Object.entries(changed)) {
    if (value === null || value === '') next.delete(name);
    else next.set(name, value);
  }
  return next.toString();
}
