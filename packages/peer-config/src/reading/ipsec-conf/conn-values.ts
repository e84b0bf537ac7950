import type { Cidr } from '@landbridge/net';
import { byDefault, said, type FoundIdentity, type FoundTunnel, type Note, type Saying } from '../found-tunnel.ts';
import { identityOfAddress, readRange, readSwanAddress, readSwanIdentity } from '../swan-values.ts';
import type { Parameter } from './conf-sections.ts';

/** What conns of strongSwan and Libreswan say in the same words. */

export type Conn = Pick<ReadonlyMap<string, Parameter>, 'get' | 'has'>;

export function say<T>(parameter: Parameter | undefined, read: (text: string) => T | null): Saying<T> {
  const value = parameter === undefined ? null : read(parameter.value);
  return parameter === undefined || value === null ? null : said(value, parameter.line);
}

export function sayOr<T>(parameter: Parameter | undefined, fallback: T, read: (text: string) => T | null): Saying<T> {
  return parameter === undefined ? byDefault(fallback) : say(parameter, read);
}

/**
 * `left` is this end, unless only `right` is said to be it: by `%defaultroute`, or because it is the only one with an address of the
 * device. Both daemons find out by looking at their interfaces, which a file does not show.
 */
export function localSide(conn: Conn, deviceAddress: string | null): 'left' | 'right' {
  const isDevice = (side: string) => {
    const value = conn.get(side)?.value;
    return value === '%defaultroute' || (value !== undefined && value === deviceAddress);
  };
  return isDevice('right') && !isDevice('left') ? 'right' : 'left';
}

export function readAddress(parameter: Parameter | undefined): FoundTunnel['localAddress'] {
  return sayOr(parameter, { kind: 'any' }, (text) => readSwanAddress(text.split(',').map((word) => word.trim())));
}

/** `id`, or else the address; whoever may have any address may be anybody. */
export function readIdentity(
  id: Parameter | undefined,
  address: FoundTunnel['localAddress'],
  isLocal: boolean,
): Saying<FoundIdentity> {
  if (id !== undefined) return say(id, readSwanIdentity);
  return isLocal || address?.value.kind === 'these' ? identityOfAddress(address) : null;
}

/** Ranges with commas or blanks between, in braces or not; null when one cannot be told. */
export function readRanges({ value, line }: Parameter, notes: Note[]): Cidr[] | null {
  const words = value
    .replaceAll(/[{}]/g, ' ')
    .split(/[\s,]+/)
    .filter((word) => word !== '');
  const ranges = words
    .filter((word) => !isIpv6(word))
    .map((word) => {
      const bracket = word.indexOf('[');
      if (bracket !== -1) notes.push({ line, text: 'the protocol and port of a selector were left out of account' });
      return readRange(bracket === -1 ? word : word.slice(0, bracket));
    });
  return ranges.includes(null) ? null : ranges.filter((range) => range !== null);
}

function isIpv6(word: string): boolean {
  return word.includes(':');
}

export function readAuto(value: string): 'at-once' | 'with-traffic' | 'never' {
  if (value === 'start' || value === 'up') return 'at-once';
  return value === 'route' || value === 'ondemand' ? 'with-traffic' : 'never';
}
