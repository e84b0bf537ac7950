import { parseCidr, type Cidr, type IpAddress } from '@landbridge/net';

/** Numbers that every gateway and VPC namespace shares. */
export const tables = {
  main: 254,
  /** Destination routing: the gateway's route table. */
  gateway: 100,
  /** Where packets from SPD tunnels may go: the network side only. */
  networkSide: 101,
  /** To each remote probe address into its tunnel, and to nothing else. */
  probes: 102,
  /** Where what no mapping fits is counted: into the SPD tunnel that it was for, whose filter drops it. */
  unmapped: 103,
  /** The default route table of a CCN. */
  ccn: 100,
} as const;

/**
 * Order of lookup in a gateway (DESIGN section 2): probes, own packets, packets of SPD tunnels, SPD, destination routing. Every packet
 * walks past every rule before its own: who has no way at all is named, so that the others, a thousand tunnels, need one rule.
 */
export const gatewayRules = {
  probe: 3,
  ownSpd: 4,
  ownInside: 5,
  ownOutside: 10,
  sealed: 20,
  fromSpdTunnel: 50,
  spd: 100,
  destination: 200,
  unmapped: 290,
  drop: 300,
} as const;

/** Of routes that a CCN announces: after those of the user's own for the same range. */
export const learnedMetric = 1000;

/** Of what drops packets when no route takes them: above the metric of any real route. */
export const lastResortMetric = 65535;

export const vpcRules = { local: 100, subnet: 200, drop: 300 } as const;

export function hostCidr(address: IpAddress): Cidr {
  return parseCidr(`${address}/32`);
}

/**
 * Reverse-path filters and redirects off, forwarding on: set in full, since a new namespace inherits the host's. ARP is answered
 * where an address is, and nowhere else: nobody on a link that is not ours hears of inner addresses. There is no IPv6.
 */
export const routerSysctls: Readonly<Record<string, string>> = {
  'net.ipv4.ip_forward': '1',
  'net.ipv4.conf.all.rp_filter': '0',
  'net.ipv4.conf.default.rp_filter': '0',
  'net.ipv4.conf.all.send_redirects': '0',
  'net.ipv4.conf.default.send_redirects': '0',
  'net.ipv4.conf.all.accept_redirects': '0',
  'net.ipv4.conf.default.accept_redirects': '0',
  'net.ipv4.conf.all.arp_ignore': '1',
  'net.ipv6.conf.all.forwarding': '0',
  'net.ipv6.conf.all.disable_ipv6': '1',
  'net.ipv6.conf.default.disable_ipv6': '1',
  'net.ipv6.conf.all.accept_ra': '0',
  'net.ipv6.conf.default.accept_ra': '0',
};
