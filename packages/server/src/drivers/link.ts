import { isProofPortName, kindOf } from '../plan/names.ts';
import type { LinkPlan, NetnsPlan } from '../plan/plan.ts';
import { planReturn } from './host-port.ts';
import { netnsArgument, readIp, type IpCommand, type Kernel, type Netns } from './kernel.ts';

/** A device as `ip -details -json addr show` tells it. */
export interface ActualLink {
  readonly name: string;
  /** `veth`, `bridge`, `xfrm` …; null for hardware and loopback. */
  readonly kind: string | null;
  readonly up: boolean;
  readonly mtu: number;
  readonly mac: string | null;
  readonly master: string | null;
  readonly alias: string | null;
  /** Of an xfrm interface. */
  readonly ifId: number | null;
  readonly vxlan: ActualVxlan | null;
  readonly addresses: readonly ActualAddress[];
}

export interface ActualVxlan {
  readonly vni: number;
  readonly remoteAddress: string;
  readonly underlayAddress: string | null;
  readonly port: number;
}

export interface ActualAddress {
  /** With the prefix length. */
  readonly address: string;
  readonly scope: 'global' | 'link' | 'host' | 'other';
}

export interface LinkChanges {
  /** Make devices and give them their properties. */
  readonly additions: readonly IpCommand[];
  readonly removals: readonly IpCommand[];
  /** Devices that another plan, or a daemon, has to make first. */
  readonly missing: readonly string[];
  /** Names of the devices that exist once `additions` are done. */
  readonly present: ReadonlySet<string>;
}

export interface LinkDiffOptions {
  /** TUN devices get their MTU from uxfrm. */
  readonly tunnelMtu: 'ours' | 'daemon';
}

/** With what the plan of the namespace says about devices that it does not list. */
export type LinkContext = LinkDiffOptions & Pick<NetnsPlan, 'cablesFrom'>;

/** Devices the kernel puts into a new namespace by itself when tunnel modules are loaded. */
const kernelMade = new Set([
  ...['lo', 'tunl0', 'gre0', 'gretap0', 'erspan0', 'sit0', 'ip_vti0'],
  ...['ip6tnl0', 'ip6_vti0', 'ip6gre0', 'ip6gretap0', 'ip6erspan0'],
]);

/**
 * Starts the alias of a host interface that was moved into one of our namespaces; its former name follows, and what it had (words of
 * host-port.ts): whoever gives it back needs nothing else.
 */
const attachedMark = 'landbridge-attached:';
/** IFALIASZ of linux/if.h is 256 with the closing NUL. */
const longestAlias = 255;

export async function readLinks(kernel: Kernel, netns: Netns, signal?: AbortSignal): Promise<ActualLink[]> {
  const [links = []] = await readIp(kernel, netns, ['address show'], signal);
  return parseLinks(links);
}

/** Those of them that are there. */
export async function readDevices(
  kernel: Kernel,
  netns: Netns,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<ActualLink[]> {
  const queries = names.map((name) => `address show dev ${name}`);
  return (await readIp(kernel, netns, queries, signal)).flatMap(parseLinks);
}

export function parseLinks(answer: readonly unknown[]): ActualLink[] {
  return (answer as readonly Partial<IpLink>[]).filter((link) => link.ifname !== undefined).map(parseLink);
}

interface IpLink {
  readonly ifname: string;
  readonly flags?: readonly string[];
  readonly mtu?: number;
  readonly address?: string;
  readonly master?: string;
  readonly ifalias?: string;
  readonly linkinfo?: { readonly info_kind?: string; readonly info_data?: LinkData };
  readonly addr_info?: readonly {
    readonly family: string;
    readonly local: string;
    readonly prefixlen: number;
    readonly scope: string;
  }[];
}

interface LinkData {
  readonly if_id?: string | number;
  readonly id?: number;
  readonly remote?: string;
  readonly local?: string;
  readonly port?: number;
}

function parseVxlan(info: IpLink['linkinfo']): ActualVxlan | null {
  if (info?.info_kind !== 'vxlan') return null;
  const { id = -1, remote = '', local, port = 0 } = info.info_data ?? {};
  return { vni: id, remoteAddress: remote, underlayAddress: local ?? null, port };
}

function parseLink(link: Partial<IpLink>): ActualLink {
  const ifId = link.linkinfo?.info_data?.if_id;
  return {
    name: link.ifname ?? '',
    kind: link.linkinfo?.info_kind ?? null,
    up: link.flags?.includes('UP') ?? false,
    mtu: link.mtu ?? 0,
    mac: link.address ?? null,
    master: link.master ?? null,
    alias: link.ifalias ?? null,
    ifId: ifId === undefined ? null : Number(ifId),
    vxlan: parseVxlan(link.linkinfo),
    addresses: (link.addr_info ?? [])
      .filter((info) => info.family === 'inet')
      .map((info) => ({ address: `${info.local}/${info.prefixlen}`, scope: parseScope(info.scope) })),
  };
}

function parseScope(scope: string): ActualAddress['scope'] {
  const names: Record<string, ActualAddress['scope']> = {
    ...{ '0': 'global', global: 'global', '253': 'link', link: 'link', '254': 'host', host: 'host' },
  };
  return names[scope] ?? 'other';
}

/**
 * What brings the devices of a namespace in line. In the host's namespace no device is ever removed: the ones that are
 * ours there are far ends, and go with the pair.
 */
export function diffLinks(
  kernel: Kernel,
  netns: Netns,
  wanted: readonly LinkPlan[],
  actual: readonly ActualLink[],
  options: LinkContext,
  hostPorts: HostPortWords = new Map(),
): LinkChanges {
  const have = new Map(actual.map((link) => [link.name, link]));
  const additions: IpCommand[] = [];
  const removals: IpCommand[] = [];
  const missing: string[] = [];
  const present = new Set<string>(have.keys());
  for (const wish of wanted) {
    const link = withoutMissingMaster(wish, have, missing);
    let existing = have.get(link.name);
    if (existing && !isSameKind(link, existing)) {
      // It stands in the way of its successor: this removal cannot wait until the additions are done.
      additions.push(...planRemoval(kernel, netns, existing));
      present.delete(link.name);
      existing = undefined;
    }
    if (existing) {
      additions.push(...planProperties(netns, link, existing, options));
      continue;
    }
    const creation = planCreation(kernel, netns, link, hostPorts);
    if (creation === null) {
      missing.push(link.kind === 'attached' ? `${link.name} (it has more than can be given back)` : link.name);
      continue;
    }
    additions.push(...creation, ...planProperties(netns, link, null, options));
    present.add(link.name);
  }
  if (netns !== null) {
    const names = new Set(wanted.map((link) => link.name));
    for (const link of actual) {
      if (names.has(link.name) || kernelMade.has(link.name) || isTunnelKind(link)) continue;
      if (isForeignEnd(link, options.cablesFrom) || isProofPort(link)) continue;
      removals.push(...planRemoval(kernel, netns, link));
      present.delete(link.name);
    }
  }
  return { additions, removals, missing, present };
}

/** Somebody else's bridge may not be there (yet): a device without it is all that can be had. */
function withoutMissingMaster(link: LinkPlan, have: ReadonlyMap<string, unknown>, missing: string[]): LinkPlan {
  if (link.kind !== 'veth-peer' || link.master === undefined || have.has(link.master)) return link;
  const { master: absent, ...rest } = link;
  missing.push(absent);
  return rest;
}

/** Tunnel devices are removed by their own driver, after their connections. */
export function isTunnelKind(link: ActualLink): boolean {
  return link.kind === 'xfrm' || link.kind === 'tun';
}

/** An end of a pair that a neighbour's plan makes and removes. */
function isForeignEnd(link: ActualLink, cablesFrom: LinkContext['cablesFrom'] = []): boolean {
  if (link.kind !== 'veth' || isAttached(link)) return false;
  const kind = kindOf(link.name);
  return kind !== undefined && cablesFrom.includes(kind);
}

/** It goes with whoever proves a path there, and with this process (path-proofs/standing-host.ts). */
function isProofPort(link: ActualLink): boolean {
  return link.kind === 'veth' && !isAttached(link) && isProofPortName(link.name);
}

/** True for a host interface that was moved here, which has to go back before the namespace goes away. */
export function isAttached(link: ActualLink): boolean {
  if (link.name === 'lo') return false;
  return link.kind === null || (link.alias?.startsWith(attachedMark) ?? false);
}

function isSameKind(wanted: LinkPlan, actual: ActualLink): boolean {
  switch (wanted.kind) {
    case 'veth':
    case 'veth-peer':
    case 'bridge-port':
      return actual.kind === 'veth';
    case 'bridge':
    case 'ifb':
    case 'macvlan':
      return actual.kind === wanted.kind;
    case 'tunnel':
      return isTunnelKind(actual) && (actual.ifId === null || actual.ifId === wanted.ifId);
    case 'vxlan':
      return isSameVxlan(wanted, actual.vxlan);
    case 'loopback':
      return true;
    case 'attached':
      return actual.kind !== 'vxlan';
  }
}

function isSameVxlan(wanted: Extract<LinkPlan, { kind: 'vxlan' }>, actual: ActualVxlan | null): boolean {
  const { vni, remoteAddress, underlayAddress, port } = wanted;
  if (actual?.vni !== vni || actual.port !== port) return false;
  return actual.remoteAddress === remoteAddress && actual.underlayAddress === underlayAddress;
}

/** Null when the device is made by somebody else. */
function planCreation(kernel: Kernel, netns: Netns, link: LinkPlan, hostPorts: HostPortWords): IpCommand[] | null {
  const here = netnsArgument(kernel, netns);
  const host = netnsArgument(kernel, null);
  switch (link.kind) {
    case 'bridge':
      return [{ netns, line: `link add ${link.name}${address(link)} type bridge` }];
    case 'ifb':
      // As long a queue as other devices have; the kernel's default is 32.
      return [{ netns, line: `link add ${link.name} txqueuelen 1000 type ifb` }];
    case 'veth': {
      const peer = `${link.peer.name} netns ${netnsArgument(kernel, link.peer.netns)}`;
      return [{ netns, line: `link add ${link.name} type veth peer name ${peer}` }];
    }
    case 'bridge-port':
      return [{ netns, line: `link add ${link.name} type veth peer name ${link.port} netns ${host}` }];
    case 'macvlan': {
      const line = `link add ${link.name} link ${link.parent} netns ${here} type macvlan mode bridge`;
      return [{ netns: null, line }];
    }
    case 'vxlan':
      return [{ netns: null, line: `link add ${link.name} netns ${here} ${describeVxlan(link)}` }];
    case 'attached':
      return planAttachment(link, netns, here, hostPorts.get(link.hostInterface) ?? []);
    case 'loopback':
    case 'veth-peer':
    case 'tunnel':
      return null;
  }
}

/** It stays in the underlay of the namespace it was made in. It has one peer: there is nothing to learn from packets. */
function describeVxlan(link: Extract<LinkPlan, { kind: 'vxlan' }>): string {
  const local = link.underlayAddress === null ? '' : ` local ${link.underlayAddress}`;
  return `type vxlan id ${link.vni} remote ${link.remoteAddress}${local} dstport ${link.port} nolearning`;
}

/** Interfaces of the host that are about to be taken, and what each shall get back. */
export type HostPortWords = ReadonlyMap<string, readonly string[]>;

function planAttachment(
  link: Extract<LinkPlan, { kind: 'attached' }>,
  netns: Netns,
  here: string,
  words: readonly string[],
): IpCommand[] | null {
  if (link.vlanId !== null) {
    const line = `link add link ${link.hostInterface} name ${link.name} netns ${here} type vlan id ${link.vlanId}`;
    return [
      { netns: null, line: `link set ${link.hostInterface} up` },
      { netns: null, line },
    ];
  }
  const alias = `${attachedMark}${[link.hostInterface, ...words].join(' ')}`;
  if (alias.length > longestAlias) return null;
  const move = { netns: null, line: `link set ${link.hostInterface} alias "${alias}" netns ${here}` };
  if (link.name === link.hostInterface) return [move];
  return [move, { netns, line: `link set ${link.hostInterface} name ${link.name}` }];
}

function masterOf(link: LinkPlan): string | null {
  return link.kind === 'attached' || link.kind === 'veth-peer' ? (link.master ?? null) : null;
}

function hasOtherMac({ mac }: LinkPlan, actual: ActualLink): boolean {
  return mac !== undefined && actual.mac !== mac;
}

/** Null: as the kernel makes new devices (down, no master). */
function planProperties(
  netns: Netns,
  link: LinkPlan,
  actual: ActualLink | null,
  options: LinkDiffOptions,
): IpCommand[] {
  const words: string[] = [];
  const master = masterOf(link);
  if (master !== null && actual?.master !== master) words.push(`master ${master}`);
  const mtuIsOurs = link.kind !== 'tunnel' || options.tunnelMtu === 'ours';
  if (mtuIsOurs && link.mtu !== undefined && actual?.mtu !== link.mtu) words.push(`mtu ${link.mtu}`);
  if (actual !== null && hasOtherMac(link, actual)) words.push(address(link).trim());
  if (actual?.up !== true) words.push('up');
  return words.length === 0 ? [] : [{ netns, line: `link set ${link.name} ${words.join(' ')}` }];
}

/** Moves a host interface back, as it was; deletes anything else. */
export function planRemoval(kernel: Kernel, netns: Netns, link: ActualLink): IpCommand[] {
  if (!isAttached(link)) return [{ netns, line: `link delete ${link.name}` }];
  const [former = '', ...words] = (
    link.alias?.startsWith(attachedMark) === true ? link.alias : attachedMark + link.name
  )
    .slice(attachedMark.length)
    .split(' ');
  const renamed = former === '' ? link.name : former;
  return [
    { netns, line: `link set ${link.name} down nomaster` },
    { netns, line: `address flush dev ${link.name}` },
    ...(renamed === link.name ? [] : [{ netns, line: `link set ${link.name} name ${renamed}` }]),
    { netns, line: `link set ${renamed} netns ${netnsArgument(kernel, null)}` },
    { netns: null, line: `link set ${renamed} alias ""` },
    ...planReturn(renamed, words),
  ];
}

/** Part of a line: nothing where the kernel chooses. */
function address({ mac }: LinkPlan): string {
  return mac === undefined ? '' : ` address ${mac}`;
}
