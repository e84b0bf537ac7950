import type { Cidr } from '@landbridge/net';
import type { FoundKey } from './found-key.ts';

/** What a device's configuration says of a thing. */
export interface Said<T> {
  readonly value: T;
  /** Where, from 1; null: nowhere, it is the documented default. */
  readonly line: number | null;
}

/** Null: the file does not say, and what the device does then is not documented, or depends on more than the file. */
export type Saying<T> = Said<T> | null;

/** Addresses of an end as the device takes them: any, or these. */
export type FoundAddress = { readonly kind: 'any' } | { readonly kind: 'these'; readonly ranges: readonly Cidr[] };

export type FoundIdentity =
  | { readonly kind: 'any' }
  /** An address of this range. */
  | { readonly kind: 'address'; readonly range: Cidr }
  | { readonly kind: 'fqdn'; readonly name: string }
  /** `*.DOMAIN`. */
  | { readonly kind: 'fqdn-within'; readonly domain: string }
  /** A kind that the gateway does not have (key id, e-mail address, distinguished name). */
  | { readonly kind: 'other'; readonly text: string };

/**
 * Algorithms that the device takes together; null: anything. Words are those of PeerEncryption and PeerIntegrity, and the
 * dialect's own for what the gateway does not have. A group of null: no Diffie-Hellman.
 */
export interface FoundProposal {
  readonly encryption: readonly string[] | null;
  /** Without meaning where the cipher is AEAD. */
  readonly integrity: readonly string[] | null;
  /** Empty: as the integrity. */
  readonly prf: readonly string[] | null;
  readonly groups: readonly (number | null)[] | null;
}

/** Seconds between which a lifetime ends: some devices say when they renew keys, some when keys die, some both. */
export interface FoundLifetime {
  readonly from: number;
  readonly to: number;
}

/** What goes through one CHILD_SA, seen from the device: any of `locals` with any of `remotes`. */
export interface FoundSelectors {
  readonly locals: readonly Cidr[];
  readonly remotes: readonly Cidr[];
  readonly line: number | null;
}

/** A tunnel of a device's configuration, seen from the device. */
export interface FoundTunnel {
  /** As the file calls it. */
  readonly name: string;
  readonly line: number;
  readonly ikeVersions: Saying<readonly (1 | 2)[]>;
  readonly localAddress: Saying<FoundAddress>;
  readonly remoteAddress: Saying<FoundAddress>;
  readonly localIdentity: Saying<FoundIdentity>;
  readonly remoteIdentity: Saying<FoundIdentity>;
  readonly authentication: Saying<'psk' | 'other'>;
  readonly key: Saying<FoundKey>;
  /** IKEv1 only. */
  readonly aggressive: Saying<boolean>;
  readonly ikeProposals: Saying<readonly FoundProposal[]>;
  readonly ikeLifetime: Saying<FoundLifetime>;
  readonly espProposals: Saying<readonly FoundProposal[]>;
  readonly espLifetime: Saying<FoundLifetime>;
  readonly encapsulation: Saying<'tunnel' | 'transport' | 'ah' | 'gre'>;
  readonly selectors: Saying<readonly FoundSelectors[]>;
  /** Destinations that are routed into it; null also where selectors decide. */
  readonly routes: Saying<readonly Cidr[]>;
  readonly dpd: Saying<boolean>;
  readonly natTraversal: Saying<'detected' | 'forced' | 'off'>;
  readonly begins: Saying<'at-once' | 'with-traffic' | 'never'>;
}

export type Dialect =
  'swanctl' | 'strongswan-ipsec-conf' | 'libreswan' | 'vyos' | 'cisco-ios' | 'fortigate' | 'routeros';

/** What was left out of account, and where. */
export interface Note {
  readonly line: number;
  readonly text: string;
}

export interface PeerFile {
  readonly dialect: Dialect;
  readonly tunnels: readonly FoundTunnel[];
  /** Some are there only once their tunnel was looked at. */
  readonly notes: readonly Note[];
}

/** A tunnel of which the file says nothing yet. */
export function nothingSaid(name: string, line: number): FoundTunnel {
  return {
    ...{ name, line, ikeVersions: null, localAddress: null, remoteAddress: null, localIdentity: null },
    ...{ remoteIdentity: null, authentication: null, key: null, aggressive: null, ikeProposals: null },
    ...{ ikeLifetime: null, espProposals: null, espLifetime: null, encapsulation: null, selectors: null },
    ...{ routes: null, dpd: null, natTraversal: null, begins: null },
  };
}

export function byDefault<T>(value: T): Said<T> {
  return { value, line: null };
}

export function said<T>(value: T, line: number): Said<T> {
  return { value, line };
}
