import { isDeepStrictEqual } from 'node:util';
import { Secret } from './secret.ts';

/** What a site is made of, one object of the service each. */
export type Kind =
  | 'vpc'
  | 'range'
  | 'routeTable'
  | 'subnet'
  | 'interface'
  | 'customerGateway'
  | 'vpnGateway'
  | 'tunnel'
  | 'directConnectGateway'
  | 'dcRange'
  | 'line'
  | 'ccn'
  | 'ccnRouteTable'
  | 'ccnInstance'
  | 'ccnSelection'
  | 'ccnLimit'
  | 'gatewayRoute'
  | 'announcement'
  | 'vpcRoute';

/** `KIND NAME`, such as `tunnel gw/to-idc`: what reports call it, and what references name. */
export type Key = `${Kind} ${string}`;

export type FieldValue = string | number | boolean | Secret | readonly unknown[];
export type Fields = Readonly<Record<string, FieldValue | undefined>>;

/** An object, as the file wants it or as the service has it. */
export interface SiteObject {
  readonly key: Key;
  readonly kind: Kind;
  /** Those of what it is inside of, and its own, such as `gw/to-idc`. */
  readonly path: readonly [string, ...string[]];
  /** What can be compared. An undefined one may be anything. */
  readonly fields: Fields;
  /** What must be there before it. */
  readonly needs: readonly Key[];
  /** What matters only when it is made. */
  readonly onCreation?: Fields;
  /** Where the file has it. */
  readonly place?: readonly (string | number)[];
}

/** An object that the service has. */
export interface PresentObject extends SiteObject {
  /** Of its own, or of what it is a part of. */
  readonly id: string;
  /** Made for this site, or a part of what was. */
  readonly isOwn: boolean;
}

export function keyOf(kind: Kind, ...path: readonly string[]): Key {
  return `${kind} ${path.join('/')}`;
}

/** `tunnel gw/to-idc` → `to-idc`. */
export function lastName(key: Key): string {
  return key.slice(Math.max(key.indexOf(' '), key.lastIndexOf('/')) + 1);
}

/** Fields that shall be otherwise than they are. */
export function differingFields(wanted: Fields, present: Fields): string[] {
  return Object.keys(wanted).filter((name) => {
    const value = wanted[name];
    return value !== undefined && !isSame(value, present[name]);
  });
}

function isSame(one: FieldValue, other: FieldValue | undefined): boolean {
  return one instanceof Secret ? one.equals(other) : isDeepStrictEqual(one, other);
}
