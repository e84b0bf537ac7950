import type { Cidr, IpAddress } from '@landbridge/net';

/**
 * The kernel has one table of neighbours for all namespaces, and every packet to an address that nobody has takes a place in
 * it for seconds. Here is how many places one namespace may take at a time, whoever sends at whatever rate (docs/adr/0020). It
 * says how many, not who may reach whom, and is a table apart from the packet filter: who was heard is not forgotten when that changes.
 */
const bounds = {
  /** Addresses of a VPC that packets were seen from lately. */
  hosts: 4096,
  /** Addresses that packets were sent to, and none was seen from. */
  unheard: 128,
} as const;

/** Longer than the kernel asks for an address: three times, a second apart. */
const unheardSeconds = 4;
/** As long as a host may be silent and still count as known. */
const heardMinutes = 10;

/**
 * Hosts of subnets that have been heard of are reached whatever happens; of the others, `unheard` at a time. Heard is what the check
 * of sources let in, hence after it. The text is the same for every VPC.
 */
export const boundHosts = `
set heard {
  typeof iifname . ip saddr
  size ${bounds.hosts}
  flags dynamic,timeout
  timeout ${heardMinutes}m
}
set unheard {
  typeof oifname . ip daddr
  size ${bounds.unheard}
  flags dynamic,timeout
  timeout ${unheardSeconds}s
}
chain hear {
  type filter hook prerouting priority filter + 1; policy accept;
  iifname != "subnet-*" accept
  iifname . ip saddr != @heard delete @unheard { iifname . ip saddr }
  update @heard { iifname . ip saddr }
}
chain ask {
  type filter hook postrouting priority filter; policy accept;
  oifname != "subnet-*" accept
  oifname . ip daddr @heard accept
  update @unheard { oifname . ip daddr } accept
  ip version 4 counter drop comment "too many addresses that nobody has"
}
`;

/**
 * On a link that is not ours: the stations that are meant to be there are answered whatever happens, of the others (anybody
 * there can write any sender) `unheard` at a time.
 */
export function boundStations(device: string, segment: Cidr, known: readonly IpAddress[]): string {
  return `
set stations {
  type ipv4_addr
  size ${bounds.unheard}
  flags dynamic,timeout
  timeout ${unheardSeconds}s
}
chain ask {
  type filter hook postrouting priority filter; policy accept;
  oifname != "${device}" accept
  ip daddr != ${segment} accept
  ip daddr { ${known.join(', ')} } accept
  update @stations { ip daddr } accept
  ip version 4 counter drop comment "too many addresses that nobody has"
}
`;
}
