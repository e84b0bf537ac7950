/** One namespace of a FakeKernel: what `ip` lines make of it, and what `ip -json` would print. */
export class FakeNetns {
  readonly links = new Map<string, FakeLink>();
  rules = new Set<string>();
  /** `TABLE DESTINATION METRIC` → the rest of the route. */
  readonly routes = new Map<string, FakeRoute>();
  readonly proxies = new Set<string>();
  /** `ADDRESS lladdr MAC dev DEVICE …`, as it was asked for. */
  readonly neighbours = new Map<string, string>();
  readonly sysctls = new Map<string, string>([
    ['net/ipv4/ip_forward', '0'],
    ['net/ipv4/conf/all/rp_filter', '2'],
  ]);
  readonly shapers = new Map<string, number>();
  chains: { readonly table: string; readonly name: string }[] = [];

  constructor() {
    this.links.set('lo', {
      kind: null,
      ifId: null,
      up: false,
      mtu: 65536,
      mac: '00:00:00:00:00:00',
      master: null,
      alias: null,
      peer: null,
      addresses: new Map(),
    });
  }

  removeLink(name: string): FakeLink {
    const link = this.link(name);
    this.links.delete(name);
    this.shapers.delete(name);
    for (const [place] of this.neighbours) if (place.endsWith(` ${name}`)) this.neighbours.delete(place);
    for (const [place, route] of this.routes)
      if (route.devices.some((hop) => hop.startsWith(name))) this.routes.delete(place);
    return link;
  }

  link(name: string): FakeLink {
    const link = this.links.get(name);
    if (link === undefined) throw new Error(`Cannot find device "${name}"`);
    return link;
  }

  showLinks(): unknown[] {
    return [...this.links].map(([ifname, link]) => ({
      ifname,
      flags: link.up ? ['UP'] : [],
      mtu: link.mtu,
      address: link.mac,
      ...(link.master !== null && { master: link.master }),
      ...(link.alias !== null && { ifalias: link.alias }),
      ...(link.kind !== null && {
        linkinfo: { info_kind: link.kind, ...(link.ifId !== null && { info_data: { if_id: link.ifId } }) },
      }),
      addr_info: [...link.addresses].map(([address, scope]) => ({
        family: 'inet',
        local: address.split('/')[0],
        prefixlen: Number(address.split('/')[1]),
        scope: scope === 'link' ? '253' : '0',
      })),
    }));
  }

  showNeighbours(): unknown[] {
    return [...this.neighbours].map(([place, text]) => {
      const [dst, dev] = place.split(' ');
      const lladdr = / lladdr (\S+)/.exec(text)?.[1];
      const isManaged = text.includes(' managed extern_learn');
      return {
        ...{ dst, dev, protocol: / protocol (\S+)/.exec(text)?.[1] },
        ...(lladdr !== undefined && { lladdr }),
        ...(isManaged && { managed: null, extern_learn: null }),
        state: [text.includes('nud permanent') ? 'PERMANENT' : 'INCOMPLETE'],
      };
    });
  }

  showRules(): unknown[] {
    return [...this.rules].map((text) => {
      const word = (name: string) => new RegExp(`\\b${name} (\\S+)`).exec(text)?.[1];
      const [src, srclen] = (word('from') ?? 'all').split('/');
      const [dst, dstlen] = (word('to') ?? '').split('/');
      return {
        priority: Number(word('priority')),
        src,
        ...(srclen !== undefined && { srclen: Number(srclen) }),
        ...(dstlen !== undefined && { dst, dstlen: Number(dstlen) }),
        ...(word('iif') !== undefined && { iif: word('iif') }),
        ...(word('lookup') !== undefined && { table: word('lookup') }),
        ...(text.includes('blackhole') && { action: '6' }),
        protocol: word('protocol'),
      };
    });
  }

  showRoutes(): unknown[] {
    return [...this.routes].map(([place, route]) => {
      const [table, dst, metric] = place.split(' ');
      const hops = route.devices.map((hop) => {
        const [dev, gateway] = hops2(hop);
        return { dev, ...(gateway !== undefined && { gateway }) };
      });
      return {
        type: { unicast: '1', blackhole: '6', unreachable: '7' }[route.kind],
        dst: dst === '0.0.0.0/0' ? 'default' : dst,
        table,
        metric: Number(metric),
        protocol: route.protocol,
        ...(route.source !== null && { prefsrc: route.source }),
        ...(hops.length > 1 ? { nexthops: hops } : hops[0]),
      };
    });
  }
}

export interface FakeLink {
  readonly kind: string | null;
  /** Of an xfrm interface; no two of a namespace have the same. */
  readonly ifId: number | null;
  up: boolean;
  mtu: number;
  mac: string;
  master: string | null;
  alias: string | null;
  peer: { readonly netns: FakeNetns; readonly name: string } | null;
  readonly addresses: Map<string, string>;
}

export interface FakeRoute {
  readonly kind: 'unicast' | 'blackhole' | 'unreachable';
  /** `device` or `device via`. */
  readonly devices: readonly string[];
  readonly source: string | null;
  readonly protocol: string;
}

function hops2(hop: string): [string, string | undefined] {
  const [device = '', via] = hop.split(' ');
  return [device, via];
}
