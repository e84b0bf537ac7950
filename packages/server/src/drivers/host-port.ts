import { readIp, type IpCommand, type Kernel } from './kernel.ts';

/** What an interface of the host is given when it comes back: `ip` words of addresses and routes, and whether it was up. */
export interface HostPortSettings {
  readonly isUp: boolean;
  /** With the prefix length. */
  readonly addresses: readonly string[];
  readonly routes: readonly { readonly destination: string; readonly via: string; readonly metric: string }[];
}

interface IpLink {
  readonly ifname: string;
  /** What it is stacked on, or the other end of a veth. */
  readonly link?: string;
  readonly master?: string;
  readonly flags?: readonly string[];
  readonly linkinfo?: { readonly info_kind?: string };
  readonly addr_info?: readonly { readonly local: string; readonly prefixlen: number; readonly scope: string }[];
}

interface IpRoute {
  readonly dst: string;
  readonly dev?: string;
  readonly gateway?: string;
  readonly metric?: number;
  readonly protocol?: string;
  readonly nexthops?: readonly { readonly dev?: string }[];
}

/** Of the services: what the host itself does with an interface. */
export function systemHostPorts(kernel: Kernel): { usesOf(name: string): Promise<readonly string[]> } {
  return {
    usesOf: async (name) => {
      const [links = []] = await readIp(kernel, null, ['address show']);
      const routes = await readRoutes(kernel, 'default');
      return describeUses(name, links as readonly IpLink[], routes);
    },
  };
}

/** Of both families; a kernel without IPv6 has none of it. */
async function readRoutes(kernel: Kernel, which: string, signal?: AbortSignal): Promise<IpRoute[]> {
  const families = await Promise.all(
    ['', '-6 '].map((family) =>
      readIp(kernel, null, [`${family}route show ${which}`], signal).catch((error: unknown) => {
        if (family !== '') return [];
        throw error;
      }),
    ),
  );
  return families.flat(2) as IpRoute[];
}

/** Addresses and the default route on the interface, or on what is stacked on it: bridges, bonds, VLANs. Pure. */
export function describeUses(
  name: string,
  links: readonly Partial<IpLink>[],
  defaultRoutes: readonly IpRoute[],
): string[] {
  const stack = stackedOn(name, links);
  const where = (device: string) => (device === name ? '' : ` on ${device}`);
  const addresses = links
    .filter(({ ifname }) => ifname !== undefined && stack.has(ifname))
    .flatMap(({ ifname = '', addr_info = [] }) =>
      addr_info.filter(isGlobal).map(({ local, prefixlen }) => `${local}/${prefixlen}${where(ifname)}`),
    );
  const devices = defaultRoutes.flatMap(({ dev, nexthops = [] }) => [dev, ...nexthops.map((hop) => hop.dev)]);
  const routes = [...stack]
    .filter((device) => devices.includes(device))
    .map((device) => `the default route${where(device)}`);
  const master = links.find(({ ifname }) => ifname === name)?.master;
  return [...addresses, ...routes, ...(master === undefined ? [] : [`a place in ${master}`])];
}

function stackedOn(name: string, links: readonly Partial<IpLink>[]): Set<string> {
  const stack = new Set([name]);
  for (const below of stack) {
    for (const { ifname, link, linkinfo } of links) {
      if (ifname !== undefined && link === below && linkinfo?.info_kind !== 'veth') stack.add(ifname);
    }
    const master = links.find(({ ifname }) => ifname === below)?.master;
    if (master !== undefined) stack.add(master);
  }
  return stack;
}

/** `-Numeric` writes 0, without it the word. */
function isGlobal({ scope }: { readonly scope: string }): boolean {
  return scope === '0' || scope === 'global';
}

/** Undefined when there is no such interface. */
export async function readHostPort(
  kernel: Kernel,
  name: string,
  signal?: AbortSignal,
): Promise<HostPortSettings | undefined> {
  try {
    const [links = []] = await readIp(kernel, null, [`address show dev ${name}`], signal);
    return parseHostPort(links as readonly Partial<IpLink>[], await readRoutes(kernel, `dev ${name}`, signal));
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}

/** Routes that the kernel makes itself come back with the addresses. */
export function parseHostPort(links: readonly Partial<IpLink>[], routes: readonly IpRoute[]): HostPortSettings {
  const [link] = links.filter(({ ifname }) => ifname !== undefined);
  return {
    isUp: link?.flags?.includes('UP') ?? false,
    addresses: (link?.addr_info ?? []).filter(isGlobal).map(({ local, prefixlen }) => `${local}/${prefixlen}`),
    routes: routes
      .filter(({ protocol }) => protocol !== '2' && protocol !== 'kernel')
      .map(({ dst, gateway = '', metric }) => ({
        destination: dst === 'default' ? (gateway.includes(':') ? '::/0' : '0.0.0.0/0') : dst,
        via: gateway,
        metric: metric === undefined ? '' : String(metric),
      })),
  };
}

/** One word for each thing, without blanks: `down`, `192.0.2.7/24`, `0.0.0.0/0>192.0.2.1>100`. */
export function wordsOf({ isUp, addresses, routes }: HostPortSettings): string[] {
  return [
    ...(isUp ? [] : ['down']),
    ...addresses,
    ...routes.map(({ destination, via, metric }) => `${destination}>${via}>${metric}`),
  ];
}

/** Lines that give the interface back what the words say. */
export function planReturn(name: string, words: readonly string[]): IpCommand[] {
  const routes = words.filter((word) => word.includes('>')).map((word) => word.split('>'));
  const addresses = words.filter((word) => word.includes('/') && !word.includes('>'));
  return [
    // Routes may need addresses, which may need it to be up.
    `link set ${name} ${words.includes('down') ? 'down' : 'up'}`,
    ...addresses.map((address) => `address add ${address} dev ${name}`),
    // Those of their own network before those by way of it.
    ...routes
      .sort(([, a = ''], [, b = '']) => Number(a !== '') - Number(b !== ''))
      .map(([destination, via, metric]) =>
        [
          `route replace ${destination}`,
          ...(via === '' ? [] : [`via ${via}`]),
          `dev ${name}`,
          ...(metric === '' ? [] : [`metric ${metric}`]),
        ].join(' '),
      ),
  ].map((line) => ({ netns: null, line }));
}
