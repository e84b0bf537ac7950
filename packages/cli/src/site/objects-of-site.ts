import type { Site } from './site-schema.ts';
import { keyOf, type FieldValue, type Fields, type Key, type Kind, type SiteObject } from './site-object.ts';
import type { Secret } from './secret.ts';

/** Something in the file that cannot be meant; `place` says where. */
export class SiteError extends Error {
  readonly place: readonly (string | number)[];

  constructor(place: readonly (string | number)[], message: string) {
    super(message);
    this.name = 'SiteError';
    this.place = place;
  }
}

/** Gives the key that a reference of the file means. */
export type KeySource = (reference: string, place: readonly (string | number)[]) => Secret;

type Place = readonly (string | number)[];

/**
 * The file as a flat list of objects, with references as keys. Throws SiteError for names that nothing has, and for what is there
 * twice.
 */
export function objectsOfSite(site: Site, keyFrom: KeySource): readonly SiteObject[] {
  return new Flattening(site, keyFrom).objects();
}

class Flattening {
  readonly #site: Site;
  readonly #keyFrom: KeySource;
  readonly #objects = new Map<Key, SiteObject>();

  constructor(site: Site, keyFrom: KeySource) {
    this.#site = site;
    this.#keyFrom = keyFrom;
  }

  objects(): readonly SiteObject[] {
    const { vpcs = {}, customerGateways = {}, vpnGateways = {}, directConnectGateways = {}, ccns = {} } = this.#site;
    for (const [name, vpc] of Object.entries(vpcs)) this.#vpc(name, vpc);
    for (const [name, { address, asn }] of Object.entries(customerGateways)) {
      this.#add('customerGateway', [name], ['customerGateways', name], { fields: { address, asn } });
    }
    for (const [name, gateway] of Object.entries(directConnectGateways)) this.#directConnectGateway(name, gateway);
    for (const [name, ccn] of Object.entries(ccns)) this.#ccn(name, ccn);
    for (const [name, gateway] of Object.entries(vpnGateways)) this.#vpnGateway(name, gateway);
    this.#checkReferences();
    return [...this.#objects.values()];
  }

  #vpc(name: string, vpc: NonNullable<Site['vpcs']>[string]): void {
    const place = ['vpcs', name];
    const { cidr, domainName, publishWholeRange } = vpc;
    const self = this.#add('vpc', [name], place, {
      fields: { cidr, dnsServers: vpc.dnsServers, domainName, publishWholeRange },
    });
    const ranges = (vpc.secondaryCidrs ?? []).map((range, index) =>
      this.#add('range', [name, range], [...place, 'secondaryCidrs', index], { needs: [self] }),
    );
    for (const [table, { routes }] of Object.entries(vpc.routeTables ?? {})) {
      const at = [...place, 'routeTables', table];
      const key = this.#add('routeTable', [name, table], at, { needs: [self] });
      this.#vpcRoutes([name, table], routes, [...at, 'routes'], [key, ...ranges]);
    }
    this.#vpcRoutes([name], vpc.routes, [...place, 'routes'], [self, ...ranges]);
    for (const [subnet, one] of Object.entries(vpc.subnets ?? {})) {
      this.#subnet(name, subnet, one, [self, ...ranges]);
    }
  }

  #subnet(
    vpc: string,
    name: string,
    subnet: NonNullable<NonNullable<Site['vpcs']>[string]['subnets']>[string],
    needs: readonly Key[],
  ) {
    const place = ['vpcs', vpc, 'subnets', name];
    const { cidr, zone, routeTable, interfaces = [] } = subnet;
    const table = routeTable === undefined ? [] : [keyOf('routeTable', vpc, routeTable)];
    const fields = { cidr, zone, routeTable: table[0] };
    const self = this.#add('subnet', [vpc, name], place, { fields, needs: [...needs, ...table] });
    for (const [index, one] of interfaces.entries()) {
      const label = one.vlan === undefined ? one.interface : `${one.interface}.${one.vlan}`;
      this.#add('interface', [vpc, name, label], [...place, 'interfaces', index], {
        fields: { interface: one.interface, vlan: one.vlan },
        needs: [self],
        onCreation: { force: one.force },
      });
    }
  }

  /** @param table the VPC, and the table unless it is the default one. */
  #vpcRoutes(
    table: readonly string[],
    routes: NonNullable<Site['vpcs']>[string]['routes'],
    place: Place,
    needs: readonly Key[],
  ) {
    for (const [index, { to, via, enabled = true, description }] of (routes ?? []).entries()) {
      const at = [...place, index];
      const hop = this.#firstOf([...at, 'via'], via, [
        [this.#site.vpnGateways, 'vpnGateway'],
        [this.#site.directConnectGateways, 'directConnectGateway'],
      ]);
      this.#add('vpcRoute', [...(table as [string]), to], at, {
        fields: { via: hop, enabled, description },
        needs: [...needs, hop],
      });
    }
  }

  #vpnGateway(name: string, gateway: NonNullable<Site['vpnGateways']>[string]): void {
    const place = ['vpnGateways', name];
    const { bandwidthMbps, asn, sourceCheck, tunnels = {}, routes = [], announces = [] } = gateway;
    const vpc = gateway.vpc === undefined ? [] : [keyOf('vpc', gateway.vpc)];
    const self = this.#add('vpnGateway', [name], place, {
      fields: { vpc: vpc[0] ?? '', bandwidthMbps, asn, sourceCheck },
      needs: vpc,
    });
    const inside = Object.entries(tunnels).map(([tunnel, one]) => this.#tunnel(name, tunnel, one, self));
    const ways = routes.map(({ to, via, priority = 0, enabled = true, description }, index) => {
      const at = [...place, 'routes', index];
      const isTunnel = Object.hasOwn(tunnels, via);
      const hop = isTunnel
        ? keyOf('tunnel', name, via)
        : this.#firstOf([...at, 'via'], via, [[this.#site.ccns, 'ccn']], `a tunnel of ${name}`);
      const attached = isTunnel ? [] : this.#attachmentsOf(`vpnGateway/${name}`);
      return this.#add('gatewayRoute', [name, to, via], at, {
        fields: { via: hop, priority, enabled, description },
        needs: [self, hop, ...attached],
      });
    });
    for (const [index, range] of announces.entries()) {
      const needs = [self, ...inside, ...ways];
      this.#add('announcement', [name, range], [...place, 'announces', index], { fields: { enabled: true }, needs });
    }
  }

  #tunnel(
    gateway: string,
    name: string,
    tunnel: NonNullable<NonNullable<Site['vpnGateways']>[string]['tunnels']>[string],
    self: Key,
  ): Key {
    const place = ['vpnGateways', gateway, 'tunnels', name];
    const { mode, policies, preSharedKey, ike, ipsec, initiation, dpd, healthCheck } = tunnel;
    if ((mode === 'spd') !== (policies !== undefined)) {
      throw new SiteError(place, mode === 'spd' ? 'mode spd needs `policies`' : '`policies` are of mode spd');
    }
    const peer = keyOf('customerGateway', tunnel.customerGateway);
    return this.#add('tunnel', [gateway, name], place, {
      fields: {
        customerGateway: peer,
        mode,
        policies: policies === undefined ? undefined : sortedPolicies(policies),
        preSharedKey: preSharedKey === undefined ? undefined : this.#keyFrom(preSharedKey, [...place, 'preSharedKey']),
        ...prefixed('ike', ike),
        ...prefixed('ipsec', ipsec),
        initiation,
        ...prefixed('dpd', dpd),
        ...prefixed('healthCheck', healthCheck),
      },
      needs: [self, peer],
    });
  }

  #directConnectGateway(name: string, gateway: NonNullable<Site['directConnectGateways']>[string]): void {
    const place = ['directConnectGateways', name];
    const vpc = gateway.vpc === undefined ? [] : [keyOf('vpc', gateway.vpc)];
    const fields = { vpc: vpc[0] ?? '', asn: gateway.asn };
    const self = this.#add('directConnectGateway', [name], place, { fields, needs: vpc });
    for (const [index, { cidr, description }] of (gateway.ranges ?? []).entries()) {
      const at = [...place, 'ranges', index];
      this.#add('dcRange', [name, cidr], at, { fields: { description }, needs: [self] });
    }
    if (gateway.line === undefined) return;
    const { interface: device, vlan, force, vxlan, localAddress, peerAddress } = gateway.line;
    if ((device === undefined) === (vxlan === undefined)) {
      throw new SiteError([...place, 'line'], 'either `interface` or `vxlan` is expected');
    }
    this.#add('line', [name], [...place, 'line'], {
      fields: { interface: device, vlan, ...prefixed('vxlan', vxlan), localAddress, peerAddress },
      needs: [self],
      onCreation: { force },
    });
  }

  #ccn(name: string, ccn: NonNullable<Site['ccns']>[string]): void {
    const place = ['ccns', name];
    const { description, bandwidthLimitType, ecmp, accepts = [], tells = [] } = ccn;
    const self = this.#add('ccn', [name], place, {
      fields: { description, bandwidthLimitType, ecmp, ...policiesOf(ccn) },
      needs: instancesNamed([...accepts, ...tells]),
    });
    const tables = Object.entries(ccn.routeTables ?? {}).map(([table, one]) =>
      this.#add('ccnRouteTable', [name, table], [...place, 'routeTables', table], {
        fields: { description: one.description, ...policiesOf(one) },
        needs: [self, ...instancesNamed([...(one.accepts ?? []), ...(one.tells ?? [])])],
      }),
    );
    const tableNamed = (table: string | undefined) =>
      table === undefined ? undefined : keyOf('ccnRouteTable', name, table);
    const instances = (ccn.instances ?? []).map(({ instance, routeTable, description: words }, index) => {
      const table = tableNamed(routeTable);
      return this.#add('ccnInstance', [name, instance], [...place, 'instances', index], {
        fields: { routeTable: table, description: words },
        needs: [self, instanceKey(instance), ...(table === undefined ? [] : [table])],
      });
    });
    const limits = ccn.bandwidthLimits ?? [];
    for (const [index, { region, toRegion, mbps }] of limits.entries()) {
      const pair = toRegion === undefined ? [region] : [region, toRegion].sort();
      this.#add('ccnLimit', [name, pair.join(' ')], [...place, 'bandwidthLimits', index], {
        fields: { mbps },
        needs: [self],
      });
    }
    if (ccn.selection === undefined) return;
    this.#add('ccnSelection', [name], [...place, 'selection'], {
      fields: {
        policies: ccn.selection.map((one) => ({
          instance: instanceKey(one.instance),
          source: one.source,
          routeTable: tableNamed(one.routeTable),
          description: one.description ?? '',
        })),
      },
      needs: [self, ...tables, ...instances],
    });
  }

  /** The attachments of an instance to CCNs of this file. */
  #attachmentsOf(instance: string): Key[] {
    return Object.entries(this.#site.ccns ?? {}).flatMap(([ccn, { instances = [] }]) =>
      instances.some((one) => one.instance === instance) ? [keyOf('ccnInstance', ccn, instance)] : [],
    );
  }

  #firstOf(
    place: Place,
    name: string,
    sources: readonly [Readonly<Record<string, unknown>> | undefined, Kind][],
    orElse = '',
  ): Key {
    const found = sources.find(([objects]) => objects !== undefined && Object.hasOwn(objects, name));
    if (found !== undefined) return keyOf(found[1], name);
    const kinds = [...(orElse === '' ? [] : [orElse]), ...sources.map(([, kind]) => `a ${kind}`)];
    throw new SiteError(place, `\`${name}\` is neither ${kinds.join(' nor ')} of this file`);
  }

  #add(
    kind: Kind,
    path: readonly [string, ...string[]],
    place: Place,
    parts: Partial<Pick<SiteObject, 'fields' | 'needs' | 'onCreation'>>,
  ): Key {
    const key = keyOf(kind, ...path);
    if (this.#objects.has(key)) throw new SiteError(place, `${key} is there twice`);
    this.#objects.set(key, { fields: {}, needs: [], ...parts, key, kind, path, place });
    return key;
  }

  #checkReferences(): void {
    for (const { key, needs, place = [] } of this.#objects.values()) {
      const missing = needs.find((need) => !this.#objects.has(need));
      if (missing !== undefined) throw new SiteError(place, `${key} names ${missing}, which is not in this file`);
    }
  }
}

/** `vpc/NAME` → the key of the instance. */
export function instanceKey(instance: string): Key {
  const slash = instance.indexOf('/');
  return keyOf(instance.slice(0, slash) as Kind, instance.slice(slash + 1));
}

interface GivenPolicy {
  readonly action: string;
  readonly description?: string | undefined;
  readonly routes?: readonly GivenCondition[] | undefined;
  readonly to?: readonly GivenCondition[] | undefined;
}

interface TablePolicies {
  readonly accepts?: readonly GivenPolicy[];
  readonly tells?: readonly GivenPolicy[];
}

function policiesOf({ accepts, tells }: TablePolicies): Fields {
  return { accepts: accepts?.map(completePolicy), tells: tells?.map(completeBroadcast) };
}

interface GivenCondition {
  readonly name: string;
  readonly values: readonly string[];
  readonly exact?: boolean | undefined;
}

/** As the service gives it back. */
function completePolicy({ action, description = '', routes = [] }: GivenPolicy) {
  return { action, description, routes: routes.map(completeCondition) };
}

function completeBroadcast(policy: GivenPolicy) {
  return { ...completePolicy(policy), to: (policy.to ?? []).map(completeCondition) };
}

function completeCondition({ name, values, exact = true }: GivenCondition) {
  return { name, values: name === 'instance-id' ? values.map(instanceKey) : values, exact };
}

function instancesNamed(policies: readonly GivenPolicy[]): Key[] {
  const values = policies
    .flatMap(({ routes = [], to = [] }) => [...routes, ...to])
    .flatMap(({ name, values: all }) => (name === 'instance-id' ? all : []));
  return [...new Set(values.map(instanceKey))];
}

/** A set: the service keeps an order that decides nothing. */
export function sortedPolicies(policies: readonly { readonly local: string; readonly remote: readonly string[] }[]) {
  return policies
    .map(({ local, remote }) => ({ local, remote: [...remote].sort() }))
    .sort((one, other) => (one.local < other.local ? -1 : one.local > other.local ? 1 : 0));
}

function prefixed(prefix: string, block: Readonly<Record<string, unknown>> | undefined): Fields {
  const entries = Object.entries(block ?? {}).map(([name, value]) => [`${prefix}.${name}`, value as FieldValue]);
  return Object.fromEntries(entries) as Fields;
}
