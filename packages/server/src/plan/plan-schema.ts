import { Ajv, type ValidateFunction } from 'ajv';
import { Type, type TSchema } from 'typebox';
import type { NetnsPlan } from './plan.ts';

/**
 * A plan as whoever acts on it may believe it: every word of it is of a form that no program takes for anything else, every object is
 * closed. What a new version of the contract adds is added here as well, or it is refused.
 */
const closed = { additionalProperties: false };
const object = <P extends Record<string, TSchema>>(properties: P) => Type.Object(properties, closed);
const optional = <S extends TSchema>(schema: S) => Type.Optional(schema);
const list = (schema: TSchema) => Type.Array(schema, { maxItems: 200_000 });
const pattern = (text: string) => Type.String({ pattern: `^${text}$` });
const oneOf = (...values: readonly string[]) => Type.Unsafe<string>({ type: 'string', enum: [...values] });
const integer = (minimum = 0, maximum = Number.MAX_SAFE_INTEGER) => Type.Integer({ minimum, maximum });
const nullable = (schema: TSchema) => Type.Union([schema, Type.Null()]);

const device = pattern('(?!\\.{1,2}$)[A-Za-z0-9_.:@-]{1,15}');
const address = pattern('[0-9a-f.:]{2,45}');
const cidr = pattern('[0-9a-f.:]{2,45}/[0-9]{1,3}');
const mac = pattern('([0-9a-f]{2}:){5}[0-9a-f]{2}');
const key = pattern('(host|(vpc|vpngw|ccn|dcg)-[0-9a-z]{8})');
const netns = pattern('lb-(vpc|vpngw|ccn|dcg)-[0-9a-z]{8}');
const connectionId = pattern('vpnx-[0-9a-z]{8}');
/** A word of nft: a name, an address, a range, a number; nothing that ends a rule or begins a set. */
const word = pattern('[A-Za-z0-9_.:/@*-]{1,64}');
const chainName = pattern('[a-z0-9_-]{1,64}');
const counterName = pattern('[a-z0-9_.-]{1,64}');
const forPeople = pattern('[A-Za-z0-9 ,.:;()/<>→-]{0,200}');
const table = integer(1, 0x7fff_ffff);
const mtu = integer(68, 65_535);

const neighbour = object({ address, mac: nullable(mac) });
const cableEnd = object({ netns: nullable(netns), name: device, mac, neighbour });
const linkCommon = {
  name: device,
  addresses: list(object({ address: cidr, scope: oneOf('global', 'link', 'host') })),
  mtu: optional(mtu),
  mac: optional(mac),
  neighbours: optional(list(neighbour)),
  cable: optional(object({ near: cableEnd, far: cableEnd })),
  adjacent: optional(object({ kind: oneOf('host', 'vpc', 'vpn-gateway', 'ccn', 'direct-connect-gateway'), key })),
  egressLimitMbps: optional(integer(1)),
  redirect: optional(device),
};
const linkOf = (kind: string, more: Record<string, TSchema> = {}) =>
  object({ ...linkCommon, kind: Type.Literal(kind), ...more });
const limitClass = object({
  classId: pattern('1:[0-9a-f]{1,4}'),
  limits: Type.String({ maxLength: 500 }),
  limitMbps: integer(1),
});

const links: Readonly<Record<string, TSchema>> = {
  loopback: linkOf('loopback'),
  bridge: linkOf('bridge'),
  veth: linkOf('veth', { peer: object({ netns: nullable(netns), name: device }) }),
  'veth-peer': linkOf('veth-peer', { master: optional(device) }),
  ifb: linkOf('ifb', { classes: list(limitClass) }),
  macvlan: linkOf('macvlan', { parent: device }),
  'bridge-port': linkOf('bridge-port', { port: device }),
  attached: linkOf('attached', {
    hostInterface: device,
    vlanId: nullable(integer(1, 4094)),
    master: nullable(device),
  }),
  vxlan: linkOf('vxlan', {
    vni: integer(0, 0xff_ffff),
    remoteAddress: address,
    underlayAddress: nullable(address),
    port: integer(1, 65_535),
    mtu,
  }),
  tunnel: linkOf('tunnel', { ifId: integer(1, 0xffff_ffff), mtu }),
};

const rule = object({
  priority: integer(0, 32_765),
  iif: optional(device),
  from: optional(cidr),
  to: optional(cidr),
  action: Type.Union([object({ kind: Type.Literal('lookup'), table }), object({ kind: Type.Literal('blackhole') })]),
});
/** Of a range of a CCN: a digest. */
const rangeKey = pattern('range-[A-Za-z0-9_-]{1,64}');
const need = Type.Union([object({ tunnels: list(connectionId) }), object({ ranges: list(rangeKey) })]);
const route = object({
  table,
  destination: cidr,
  metric: integer(0, 0xffff_ffff),
  kind: oneOf('unicast', 'blackhole', 'unreachable'),
  nextHops: list(object({ device, via: optional(address), needs: optional(need) })),
  source: optional(address),
});
const candidate = object({
  key: rangeKey,
  destination: cidr,
  instance: key,
  tunnels: optional(list(connectionId)),
  yieldsTo: optional(list(rangeKey)),
});
const proxy = object({ device, address });

const fields = [
  ...['iifname', 'oifname', 'ip saddr', 'ip daddr', 'ip version', 'ip protocol', 'ip6 saddr', 'udp dport'],
  ...['icmp type', 'meta nfproto'],
];
const field = oneOf(...fields);
const not = optional(Type.Literal(true));
const match = Type.Union([
  object({ field, not, is: word }),
  object({ field, not, in: list(word) }),
  object({ fields: list(field), not, in: list(list(word)) }),
  object({ fields: list(field), not, inSet: chainName }),
  object({ quotedDestination: list(cidr) }),
  object({ vni: integer(0, 0xff_ffff) }),
  object({ tcpSyn: Type.Literal(true) }),
  object({ mssAbove: integer(0, 65_535) }),
  object({ tcp: oneOf('opening', 'accepting', 'refusing', 'flowing') }),
]);
const action = Type.Union([
  object({ verdict: oneOf('accept', 'drop') }),
  object({ goto: chainName }),
  object({ gotoBy: oneOf('iifname', 'oifname'), map: chainName }),
  object({ count: counterName }),
  object({ countBy: oneOf('iifname', 'oifname'), map: chainName }),
  object({ countHere: Type.Literal(true) }),
  object({ limitClass: pattern('1:[0-9a-f]{1,4}') }),
  object({ mss: Type.Union([Type.Literal('route'), integer(1, 65_535)]) }),
  object({ dnat: address }),
  object({ snat: address }),
  object({ remember: chainName, fields: list(field) }),
  object({ forget: chainName, fields: list(field) }),
]);
const chain = object({
  name: chainName,
  base: optional(
    object({
      type: oneOf('filter', 'nat'),
      hook: oneOf('prerouting', 'input', 'forward', 'output', 'postrouting'),
      priority: oneOf('filter', 'filter + 1', 'dstnat', 'srcnat'),
      policy: oneOf('accept', 'drop'),
    }),
  ),
  rules: list(object({ matches: list(match), actions: list(action), comment: optional(forPeople) })),
});
/** Its elements are parts as well. */
const set = Type.Union([
  object({ name: chainName, fields: list(field), size: integer(1, 10_000_000), timeoutSeconds: integer(1) }),
  object({ name: chainName, fields: list(field), elements: Type.Unknown() }),
  object({ name: chainName, to: oneOf('chain', 'counter'), elements: Type.Unknown() }),
]);
const element = Type.Union([list(word), object({ device, to: counterName })]);

/** charon's, as swanctl.conf(5) has them; an identity is an address, or `fqdn:` and a name. */
const proposal = pattern('[a-z0-9_-]{1,200}');
const identity = pattern('[\\x20-\\x7e]{1,300}');
const connection = object({
  id: connectionId,
  epoch: integer(),
  version: Type.Union([Type.Literal(1), Type.Literal(2)]),
  aggressive: Type.Boolean(),
  localAddress: address,
  remoteAddress: address,
  localId: identity,
  remoteId: identity,
  keyOwners: list(identity),
  ikeProposals: list(proposal),
  ikeRekeySeconds: integer(),
  dpdDelaySeconds: integer(),
  dpdTimeoutSeconds: integer(),
  dpdAction: oneOf('clear', 'restart'),
  negotiation: oneOf('active', 'passive', 'on-traffic'),
  ifId: integer(1, 0xffff_ffff),
  espProposals: list(proposal),
  espRekeySeconds: integer(),
  espLifeSeconds: integer(),
  espRekeyBytes: integer(),
  espLifeBytes: integer(),
  children: list(
    object({ name: pattern('vpnx-[0-9a-z]{8}(:[0-9a-f.:/]+=[0-9a-f.:/]+)?'), localTs: cidr, remoteTs: cidr }),
  ),
});
const watch = object({
  id: connectionId,
  needsChildSa: Type.Boolean(),
  probe: nullable(
    object({
      localAddress: address,
      remoteAddress: address,
      intervalMs: integer(1),
      wantedIntervalMs: optional(integer(1)),
      timeoutMs: integer(1),
      threshold: integer(1),
    }),
  ),
  alternatives: list(connectionId),
  otherPath: optional(Type.Union([Type.Literal('always'), list(rangeKey)])),
});
const sysctlName = '^net\\.(ipv4|ipv6|bridge)\\.[a-z0-9_-]+(\\.[A-Za-z0-9_:@/-]+(\\.[a-z0-9_]+)?)?$';

/** Without its parts, of which each is checked once. */
const root = object({
  key,
  netns: nullable(netns),
  sysctls: Type.Unsafe<object>({
    type: 'object',
    propertyNames: { pattern: sysctlName },
    additionalProperties: { type: 'string', pattern: '^[0-9]{1,10}$' },
  }),
  sysctlMinima: optional(
    Type.Unsafe<object>({
      type: 'object',
      propertyNames: { pattern: sysctlName },
      additionalProperties: { type: 'integer', minimum: 0, maximum: 10_000_000 },
    }),
  ),
  links: Type.Unknown(),
  rules: Type.Unknown(),
  routes: Type.Unknown(),
  proxies: Type.Unknown(),
  filter: Type.Unknown(),
  neighbourBound: optional(Type.Unknown()),
  charon: nullable(object({ connections: Type.Unknown() })),
  watches: optional(Type.Unknown()),
  candidates: optional(Type.Unknown()),
  switching: optional(
    Type.Union([
      object({ table, tells: Type.Literal('route-switched'), resourceId: pattern('vpngw-[0-9a-z]{8}') }),
      object({ table, tells: Type.Literal('ranges') }),
    ]),
  ),
  cablesFrom: optional(list(oneOf('host', 'vpc', 'vpn-gateway', 'ccn', 'direct-connect-gateway'))),
});
const tableRoot = object({ counters: list(counterName), sets: Type.Unknown(), chains: Type.Unknown() });

// Optimizing what it compiles costs a start more than it ever saves.
const ajv = new Ajv({ strict: false, code: { optimize: false } });
const compiled = {
  ...{ root: ajv.compile(root), table: ajv.compile(tableRoot), chain: ajv.compile(chain) },
  ...{ set: ajv.compile(set), element: ajv.compile(element), candidate: ajv.compile(candidate) },
  ...{ rule: ajv.compile(rule), route: ajv.compile(route), proxy: ajv.compile(proxy) },
  ...{ connection: ajv.compile(connection), watch: ajv.compile(watch) },
};
const compiledLinks = new Map(Object.entries(links).map(([kind, schema]) => [kind, ajv.compile(schema)]));

/** Parts that were found right: whoever shares them with the plan before need not be looked at again. */
const right = new WeakSet<object>();

/** Throws for whatever is no plan, and says which part. */
export function checkPlanForm(plan: unknown): asserts plan is NetnsPlan {
  check(compiled.root, plan, () => 'the plan');
  const {
    links: ownLinks,
    rules,
    routes,
    proxies,
    filter,
    neighbourBound,
    charon,
    watches = [],
    candidates = [],
  } = plan as NetnsPlan;
  each(ownLinks, 'link', (link) => compiledLinks.get(String((link as { readonly kind?: unknown } | null)?.kind)));
  each(rules, 'rule', () => compiled.rule);
  each(routes, 'route', () => compiled.route);
  each(proxies, 'proxy', () => compiled.proxy);
  each(charon?.connections ?? [], 'connection', () => compiled.connection);
  each(watches, 'watch', () => compiled.watch);
  each(candidates, 'candidate', () => compiled.candidate);
  for (const filterTable of [filter, neighbourBound]) {
    if (filterTable === null || filterTable === undefined) continue;
    check(compiled.table, filterTable, () => 'the packet filter');
    each(filterTable.sets, 'set', () => compiled.set);
    for (const one of filterTable.sets) {
      if ('elements' in one) each(one.elements, 'element', () => compiled.element);
    }
    each(filterTable.chains, 'chain', () => compiled.chain);
  }
}

function each(parts: unknown, what: string, validatorOf: (part: unknown) => ValidateFunction | undefined): void {
  if (!Array.isArray(parts)) throw new Error(`its ${what}s are no list`);
  for (const part of parts as unknown[]) {
    if (isRight(part)) continue;
    const validate = validatorOf(part);
    if (validate === undefined) throw new Error(`there is no such kind of ${what}: ${shown(part)}`);
    check(validate, part, () => `the ${what} ${shown(part)}`);
  }
}

function isRight(part: unknown): boolean {
  return typeof part === 'object' && part !== null && right.has(part);
}

function check(validate: ValidateFunction, part: unknown, what: () => string): void {
  if (isRight(part)) return;
  if (!validate(part)) throw new Error(`${what()} is not one: ${ajv.errorsText(validate.errors)}`);
  // The root is new each time, and what it holds beside its parts is small.
  if (typeof part === 'object' && part !== null && validate !== compiled.root) right.add(part);
}

function shown(part: unknown): string {
  return JSON.stringify(part ?? null).slice(0, 80);
}
