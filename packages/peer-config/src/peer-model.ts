import type { Cidr, IpAddress } from '@landbridge/net';

/**
 * A customer's device as Landbridge needs it to be: all that a configuration file of it says, whatever the vendor. Everything is
 * seen from the device: `local` is the device and the networks behind it, `remote` the gateway and the networks behind that. Words
 * for algorithms are those of the gateway's rows (docs/spec/actions.md, IKEOptionsSpecification and IPSECOptionsSpecification).
 */
export interface PeerModel {
  readonly device: PeerDevice;
  /** One tunnel, or a failover pair: two to different gateways, the preferred one first, both by route. */
  readonly tunnels: readonly [PeerTunnel] | readonly [PeerTunnel, PeerTunnel];
}

export interface PeerDevice {
  /** What the gateway sees of it: the customer gateway's address. */
  readonly publicAddress: IpAddress;
  /** What its own interface holds; another one than `publicAddress` behind a NAT. */
  readonly address: IpAddress;
  /** The interface that faces the Internet, in the vendor's spelling: `GigabitEthernet0/0`, `eth0`. */
  readonly interfaceName: string;
}

export interface PeerTunnel {
  /** `^[a-z][a-z0-9-]*$`, at most 24 characters: what objects of the device are called after. */
  readonly id: string;
  /** For people; any text. */
  readonly name: string;
  /** Of its routes, where there are two tunnels: 0 is preferred to 100, as in a gateway's route table. */
  readonly priority: number;
  readonly gatewayAddress: IpAddress;
  readonly localIdentity: PeerIdentity;
  readonly remoteIdentity: PeerIdentity;
  /** Null leaves a place to fill in. */
  readonly preSharedKey: string | null;
  readonly ike: PeerIke;
  readonly esp: PeerEsp;
  readonly dpd: PeerDpd;
  /** UDP encapsulation where a NAT is found on the path (RFC 3947, RFC 7296 section 2.23). */
  readonly natTraversal: boolean;
  /** The device begins; else it waits for the gateway. */
  readonly initiates: boolean;
  readonly traffic: PeerTraffic;
  /** Largest packet, bytes, that may enter the tunnel. */
  readonly mtu: number;
  /** Largest TCP segment, bytes, that connections through the tunnel may agree on. */
  readonly mss: number;
  /** Null where the tunnel has none. */
  readonly healthCheck: PeerHealthCheck | null;
}

export type PeerEncryption =
  'des' | '3des' | 'aes128' | 'aes192' | 'aes256' | 'aes128gcm16' | 'aes192gcm16' | 'aes256gcm16' | 'null';
export type PeerIntegrity = 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512';
/** IANA "Transform Type 4" numbers (RFC 7296 section 3.3.2). */
export type PeerDhGroup = 1 | 2 | 5 | 14 | 15 | 16 | 19 | 20 | 21 | 24;

/** ID payload (RFC 7296 section 3.5). */
export type PeerIdentity =
  { readonly kind: 'address'; readonly value: IpAddress } | { readonly kind: 'fqdn'; readonly value: string };

export interface PeerIke {
  readonly version: 1 | 2;
  /** IKEv1 only. */
  readonly aggressive: boolean;
  readonly encryption: Exclude<PeerEncryption, 'null'>;
  /** Integrity, and PRF in any case. */
  readonly integrity: PeerIntegrity;
  readonly dhGroup: PeerDhGroup;
  readonly lifetimeSeconds: number;
}

export interface PeerEsp {
  readonly encryption: PeerEncryption;
  /** Means nothing when the cipher is AEAD. */
  readonly integrity: PeerIntegrity;
  /** Null: no Diffie-Hellman of its own for a CHILD_SA. */
  readonly pfsGroup: PeerDhGroup | null;
  readonly lifetimeSeconds: number;
  readonly lifetimeKilobytes: number;
}

export interface PeerDpd {
  readonly enabled: boolean;
  /** Silence after which the peer counts as dead. */
  readonly timeoutSeconds: number;
  readonly action: 'clear' | 'restart';
}

/** What the tunnel carries. */
export type PeerTraffic = PolicyTraffic | RouteTraffic;

/** A CHILD_SA for each pair of ranges. */
export interface PolicyTraffic {
  readonly mode: 'policy';
  readonly pairs: readonly PeerPair[];
}

/** One CHILD_SA, 0.0.0.0/0 on both sides; routes decide. */
export interface RouteTraffic {
  readonly mode: 'route';
  /** Ranges behind the gateway: they are routed into the tunnel. */
  readonly remotes: readonly Cidr[];
  /** Ranges behind the gateway in which its own address lies: what carries the tunnel cannot be sent into it. */
  readonly withheld: readonly Cidr[];
  /** Ranges behind the device, where its firewall has to know them. */
  readonly locals: readonly Cidr[];
}

export interface PeerPair {
  readonly local: Cidr;
  readonly remote: Cidr;
}

/**
 * ICMP echo inside the tunnel. The device owns `localAddress` and answers; it may run the mirror image of the check to switch
 * its own routes (docs/spec/semantics.md section 7).
 */
export interface PeerHealthCheck {
  readonly localAddress: IpAddress;
  readonly remoteAddress: IpAddress;
  readonly intervalMs: number;
  /** Unanswered probes in a row that count as a failure. */
  readonly threshold: number;
  readonly timeoutMs: number;
}
