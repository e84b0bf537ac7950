import type { Cidr, IpAddress } from '@landbridge/net';

/**
 * An nft table of family inet as a structure: as small a vocabulary as our rules need. `drivers/nft-text.ts` writes it as nft reads it. What
 * is one tunnel's is an element of a set or a map, a counter, or a chain of its own: rules stay as they are when tunnels come and go.
 */
export interface TablePlan {
  /** Names of counters that rules speak of; their values outlive the table (drivers/nft.ts). */
  readonly counters: readonly string[];
  readonly sets: readonly (RememberingSetPlan | ListedSetPlan | DeviceMapPlan)[];
  /** A chain without a hook stands before those that lead to it. */
  readonly chains: readonly ChainPlan[];
}

/** A set that rules fill and that forgets by itself. */
export interface RememberingSetPlan {
  readonly name: string;
  /** What an element is made of. */
  readonly fields: readonly FilterField[];
  readonly size: number;
  readonly timeoutSeconds: number;
}

/** A set whose elements are the plan's: rules that are for many name it. */
export interface ListedSetPlan {
  readonly name: string;
  readonly fields: readonly FilterField[];
  /** A value for each field. No element twice. */
  readonly elements: readonly (readonly string[])[];
}

/** By the name of a device: the chain that decides, or the counter that counts. */
export interface DeviceMapPlan {
  readonly name: string;
  readonly to: 'chain' | 'counter';
  readonly elements: readonly DeviceMapElement[];
}

export interface DeviceMapElement {
  readonly device: string;
  /** A chain or a counter of the table. */
  readonly to: string;
}

export interface ChainPlan {
  readonly name: string;
  /** Absent: others lead here. */
  readonly base?: BaseChainPlan;
  readonly rules: readonly FilterRule[];
}

export interface BaseChainPlan {
  readonly type: 'filter' | 'nat';
  readonly hook: 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting';
  readonly priority: 'filter' | 'filter + 1' | 'dstnat' | 'srcnat';
  readonly policy: 'accept' | 'drop';
}

/** All matches have to fit; then the actions are done in order. */
export interface FilterRule {
  readonly matches: readonly FilterMatch[];
  readonly actions: readonly FilterAction[];
  readonly comment?: string;
}

export type FilterField =
  | 'iifname'
  | 'oifname'
  | 'ip saddr'
  | 'ip daddr'
  | 'ip version'
  | 'ip protocol'
  | 'ip6 saddr'
  | 'udp dport'
  | 'icmp type'
  | 'meta nfproto';

/** Values are names of devices (`*` at the end: any rest), addresses, ranges, numbers, or nft's own words. `not`: any other. */
export type FilterMatch =
  | { readonly field: FilterField; readonly not?: true; readonly is: string }
  | { readonly field: FilterField; readonly not?: true; readonly in: readonly string[] }
  | { readonly fields: readonly FilterField[]; readonly not?: true; readonly in: readonly (readonly string[])[] }
  | { readonly fields: readonly FilterField[]; readonly not?: true; readonly inSet: string }
  /** The destination of the packet that an ICMP error quotes: 24 bytes into the ICMP message (RFC 792). */
  | { readonly quotedDestination: readonly Cidr[] }
  /** Of a VXLAN packet (RFC 7348 section 5). */
  | { readonly vni: number }
  /** The first packet of a TCP connection, in either direction. */
  | { readonly tcpSyn: true }
  /** A segment that opens a connection, that accepts or refuses one, or one within it. */
  | { readonly tcp: 'opening' | 'accepting' | 'refusing' | 'flowing' }
  /** The announced maximum segment size, bytes. */
  | { readonly mssAbove: number };

export type FilterAction =
  | { readonly verdict: 'accept' | 'drop' }
  | { readonly goto: string }
  /** A map of devices to chains; of a device that is not in it the next rule decides. */
  | { readonly gotoBy: 'iifname' | 'oifname'; readonly map: string }
  /** A counter of the table. */
  | { readonly count: string }
  /** A map of devices to counters. */
  | { readonly countBy: 'iifname' | 'oifname'; readonly map: string }
  /** A counter of the rule's own, for people. */
  | { readonly countHere: true }
  /** The class of HTB (LimitClassPlan). */
  | { readonly limitClass: string }
  /** Maximum segment size that a SYN announces, bytes: what fits the route, or a number. */
  | { readonly mss: 'route' | number }
  | { readonly dnat: IpAddress }
  | { readonly snat: IpAddress }
  | { readonly remember: string; readonly fields: readonly FilterField[] }
  | { readonly forget: string; readonly fields: readonly FilterField[] };
