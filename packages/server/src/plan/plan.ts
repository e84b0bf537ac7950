import type { Cidr, IpAddress } from '@landbridge/net';
import type { CcnId, DirectConnectGatewayId, VpcId, VpnConnectionId, VpnGatewayId } from '../domain/resource-id.ts';
import type { CcnRangeKey } from '../domain/ccn/ccn-range-key.ts';
import type { TablePlan } from './packet-filter.ts';

/**
 * What one network namespace shall look like: plain JSON, comparable, printable, without secrets.
 * A plan is the only thing that crosses from the deciding side to the acting side.
 */
export type PlanKey = 'host' | VpcId | VpnGatewayId | CcnId | DirectConnectGatewayId;

/** What a plan is the network of. */
export type PlanKind = AdjacentPlan['kind'];

export interface NetnsPlan {
  readonly key: PlanKey;
  /** `lb-<resource id>`; null is the host's own namespace, where only objects listed here are ours. */
  readonly netns: string | null;
  /** Name → value, such as `net.ipv4.ip_forward` → `1`. Per-device names are applied when the device exists. */
  readonly sysctls: Readonly<Record<string, string>>;
  /** Name → least value: a larger one stays. What the namespace has no say in is left as it is. */
  readonly sysctlMinima?: Readonly<Record<string, number>>;
  readonly links: readonly LinkPlan[];
  readonly rules: readonly RulePlan[];
  /** For any facts: which of them are routes now, and by which next hops, choose-routes.ts says. */
  readonly routes: readonly RoutePlan[];
  /** Of a CCN: what it may lead where, in the order in which it is decided. Absent where there is nothing of it. */
  readonly candidates?: readonly CcnCandidatePlan[];
  /** Addresses answered by ARP for somebody else (`ip neigh … proxy`). */
  readonly proxies: readonly ProxyPlan[];
  /** The nft table `inet landbridge`, or null for no table. */
  readonly filter: TablePlan | null;
  /** The nft table `inet landbridge-neighbours`; absent for no table. It remembers: whatever changes `filter` leaves it alone. */
  readonly neighbourBound?: TablePlan;
  readonly charon: CharonPlan | null;
  /** Tunnels whose routes are used, and announced to a CCN, only while they work; absent where there are none. */
  readonly watches?: readonly TunnelWatch[];
  /** Absent where nobody is told, and nobody follows, when routes move. */
  readonly switching?: SwitchingPlan;
  /**
   * Kinds of neighbours that make their cables to here: their ends are left alone even where no link names them, since the plans of
   * their makers may be newer than this one. Absent where nobody does.
   */
  readonly cablesFrom?: readonly PlanKind[];
}

/** What it means that the best route of a destination leads elsewhere now. */
export type SwitchingPlan = {
  /** The table whose moves count. */
  readonly table: number;
} & (
  | { readonly tells: 'route-switched'; readonly resourceId: VpnGatewayId }
  /** The VPN gateways among the neighbours hear which of their ranges is announced, or not any more; all neighbours' routes follow. */
  | { readonly tells: 'ranges' }
);

/** The plan at the other end of a link. Who makes the pair of devices, the link's kind says: a `veth-peer` is made there. */
export type AdjacentPlan =
  | { readonly kind: 'host'; readonly key: 'host' }
  | { readonly kind: 'vpc'; readonly key: VpcId }
  | { readonly kind: 'vpn-gateway'; readonly key: VpnGatewayId }
  | { readonly kind: 'ccn'; readonly key: CcnId }
  | { readonly kind: 'direct-connect-gateway'; readonly key: DirectConnectGatewayId };

/** A plan as it is handed over. */
export interface IssuedPlan extends NetnsPlan {
  /** Of the rows that it was made from; reported back once the plan is applied. */
  readonly generation: number;
}

/** How it is found out whether a tunnel works. */
export interface TunnelWatch {
  readonly id: VpnConnectionId;
  /** A missing CHILD_SA is a fault. Not so where the first packet brings it about. */
  readonly needsChildSa: boolean;
  /** Null without a health check. */
  readonly probe: ProbePlan | null;
  /** Tunnels with a gateway route that meets one of its own: while one of them serves, its return may wait. */
  readonly alternatives: readonly VpnConnectionId[];
  /** So may it while the gateway's CCN leads one of its destinations to another instance. Absent: it never does. */
  readonly otherPath?: OtherPathPlan;
}

/** `always`, or while the CCN serves one of these. */
export type OtherPathPlan = 'always' | readonly CcnRangeKey[];

/** ICMP echo inside the tunnel (docs/spec/semantics.md section 7). */
export interface ProbePlan {
  readonly localAddress: IpAddress;
  readonly remoteAddress: IpAddress;
  readonly intervalMs: number;
  /** The interval that was asked for, where it is a shorter one that does not fit. */
  readonly wantedIntervalMs?: number;
  /** A later answer is none. */
  readonly timeoutMs: number;
  /** Unanswered probes in a row that fail the tunnel. */
  readonly threshold: number;
}

interface LinkCommon {
  readonly name: string;
  readonly addresses: readonly AddressPlan[];
  /** Bytes; left as it is when absent. */
  readonly mtu?: number;
  /** Ethernet address; the kernel's choice when absent. */
  readonly mac?: string;
  /** Stations on this link that the kernel never forgets, however full its neighbour table is. */
  readonly neighbours?: readonly NeighbourPlan[];
  /** Of a pair of veths with Ethernet addresses of ours. */
  readonly cable?: CablePlan;
  /** Where it leads, if to another plan's namespace. */
  readonly adjacent?: AdjacentPlan;
  /** Outbound limit of everything that leaves by this link, Mbit/s. */
  readonly egressLimitMbps?: number;
  /** An IFB of the same namespace that everything passes before it leaves by this link; absent where there is none. */
  readonly redirect?: string;
}

/** A limit that several links share: a class of HTB. */
export interface LimitClassPlan {
  /** `1:` and a hexadecimal number; nft sets it as a packet's `meta priority`. */
  readonly classId: string;
  /** For people. */
  readonly limits: string;
  readonly limitMbps: number;
}

export type LinkPlan =
  | (LinkCommon & { readonly kind: 'loopback' })
  | (LinkCommon & { readonly kind: 'bridge' })
  /** This plan makes and removes the pair; the far end is listed as `veth-peer` by the plan of its namespace. */
  | (LinkCommon & { readonly kind: 'veth'; readonly peer: { readonly netns: string | null; readonly name: string } })
  /** `master`: a bridge of the host that it is to be a port of. */
  | (LinkCommon & { readonly kind: 'veth-peer'; readonly master?: string })
  /** Takes in what other links redirect to it, and lets it go where it was going: at the rate of its class, if any. */
  | (LinkCommon & { readonly kind: 'ifb'; readonly classes: readonly LimitClassPlan[] })
  /** A MACVLAN of a host interface, moved here. */
  | (LinkCommon & { readonly kind: 'macvlan'; readonly parent: string })
  /** A veth whose far end in the host's namespace, a `veth-peer` of the host's plan, is named like `port`. */
  | (LinkCommon & { readonly kind: 'bridge-port'; readonly port: string })
  /** A host interface, or a VLAN of it, moved here under this name; a port of `master`, if there is one. */
  | (LinkCommon & {
      readonly kind: 'attached';
      readonly hostInterface: string;
      readonly vlanId: number | null;
      readonly master: string | null;
    })
  /** Ethernet in UDP of the host's own namespace, to one other host; `mtu` is that of the inner packets. */
  | (LinkCommon & {
      readonly kind: 'vxlan';
      readonly vni: number;
      readonly remoteAddress: IpAddress;
      readonly underlayAddress: IpAddress | null;
      readonly port: number;
      readonly mtu: number;
    })
  /** The device of one VPN connection: an xfrm interface or a TUN of uxfrm. `mtu` is the upper bound there. */
  | (LinkCommon & { readonly kind: 'tunnel'; readonly ifId: number; readonly mtu: number });

/** A permanent entry; without an Ethernet address one that the kernel keeps resolved by itself. */
export interface NeighbourPlan {
  readonly address: IpAddress;
  readonly mac: string | null;
}

/** Both ends of a pair of veths: the plans of both name them, and whichever is applied first makes them as they shall be. */
export interface CablePlan {
  readonly near: CableEndPlan;
  readonly far: CableEndPlan;
}

export interface CableEndPlan {
  readonly netns: string | null;
  readonly name: string;
  readonly mac: string;
  /** The other end. */
  readonly neighbour: NeighbourPlan;
}

export interface AddressPlan {
  /** `address/prefix length` with host bits, such as `10.0.1.1/24`. */
  readonly address: string;
  /** `host`: never lent to packets of others, such as ICMP errors. */
  readonly scope: 'global' | 'link' | 'host';
}

/** An `ip rule` of family IPv4. */
export interface RulePlan {
  readonly priority: number;
  readonly iif?: string;
  readonly from?: Cidr;
  readonly to?: Cidr;
  readonly action: { readonly kind: 'lookup'; readonly table: number } | { readonly kind: 'blackhole' };
}

export interface RoutePlan {
  /** 254 is the main table. */
  readonly table: number;
  readonly destination: Cidr;
  readonly metric: number;
  readonly kind: 'unicast' | 'blackhole' | 'unreachable';
  /**
   * One, or several for multipath; empty unless unicast. Those of them are used that have what they need; where none has, there
   * is no such route. Routes of the same destination and another metric stand by.
   */
  readonly nextHops: readonly NextHopPlan[];
  /** Preferred source address of packets made here. */
  readonly source?: IpAddress;
}

export interface NextHopPlan {
  readonly device: string;
  /** Absent: directly on the device. */
  readonly via?: IpAddress;
  /** Absent: it is used whatever happens. */
  readonly needs?: NeedPlan;
}

/** What a next hop is used for as long as it is there; any one suffices. */
export type NeedPlan =
  /** A tunnel that works. */
  | { readonly tunnels: readonly VpnConnectionId[] }
  /** A range that the CCN serves: one of the candidates in the CCN's plan, which lead to another instance. */
  | { readonly ranges: readonly CcnRangeKey[] };

/** A range that a CCN leads to an instance while one of the tunnels works and nothing serves that stands before it. */
export interface CcnCandidatePlan {
  readonly key: CcnRangeKey;
  readonly destination: Cidr;
  readonly instance: PlanKey;
  /** Any one suffices; absent: none is needed. */
  readonly tunnels?: readonly VpnConnectionId[];
  /** Listed before it; while one of them serves, this one does not. Absent: nothing stands before it. */
  readonly yieldsTo?: readonly CcnRangeKey[];
}

export interface ProxyPlan {
  readonly device: string;
  readonly address: IpAddress;
}

export interface CharonPlan {
  readonly connections: readonly ConnectionPlan[];
}

/** One VPN connection in charon's terms; algorithm texts are strongSwan proposal keywords (swanctl.conf(5)). */
export interface ConnectionPlan {
  readonly id: VpnConnectionId;
  /** From VpnConnection.epoch: a new value drops the SAs. */
  readonly epoch: number;
  readonly version: 1 | 2;
  readonly aggressive: boolean;
  readonly localAddress: IpAddress;
  readonly remoteAddress: IpAddress;
  /** IKE identities as charon parses them: an address, or `fqdn:` and a name. */
  readonly localId: string;
  readonly remoteId: string;
  /** What the pre-shared key is found by (domain/vpn/key-owners.ts). */
  readonly keyOwners: readonly string[];
  readonly ikeProposals: readonly string[];
  readonly ikeRekeySeconds: number;
  /** Delay between liveness checks; 0 switches DPD off. */
  readonly dpdDelaySeconds: number;
  readonly dpdTimeoutSeconds: number;
  readonly dpdAction: 'clear' | 'restart';
  /** `never`: neither end can begin it, since the host is drained. In no plan that is handed over (agent/drainable-source.ts). */
  readonly negotiation: 'active' | 'passive' | 'on-traffic' | 'never';
  readonly ifId: number;
  readonly espProposals: readonly string[];
  readonly espRekeySeconds: number;
  readonly espLifeSeconds: number;
  readonly espRekeyBytes: number;
  readonly espLifeBytes: number;
  readonly children: readonly ChildPlan[];
}

export interface ChildPlan {
  /** Unique in the gateway and stable: `vpnx-…` or `vpnx-…:<local>=<remote>`. */
  readonly name: string;
  readonly localTs: Cidr;
  readonly remoteTs: Cidr;
}
