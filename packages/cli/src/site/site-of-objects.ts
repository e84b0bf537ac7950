import type { Condition, Policy, Selection } from './ccn-policies.ts';
import {
  keyOf,
  lastName,
  type FieldValue,
  type Fields,
  type Key,
  type Kind,
  type PresentObject,
} from './site-object.ts';
import { Secret } from './secret.ts';

/** Parts of the file while they are put together. */
type Block = Record<string, unknown>;

/** What stands for the key of a tunnel; undefined: nothing does. */
export type KeyReference = (tunnel: Key, key: Secret) => string | undefined;

export interface WrittenSite {
  /** As the file has it. */
  readonly site: Readonly<Block>;
  /** What the file has no words for. */
  readonly leftOut: readonly Key[];
}

export function siteOfObjects(
  objects: readonly PresentObject[],
  name: string,
  region: string | undefined,
  keyReference: KeyReference,
): WrittenSite {
  const leftOut = unspeakable(objects);
  const routed = announcedByRoutes(objects.filter(({ key }) => !leftOut.has(key)));
  const file = new BlockFile();
  for (const object of objects) {
    if (leftOut.has(object.key) || routed.has(object.key)) continue;
    const [parent, tunnel = ''] = object.path;
    if (object.kind !== 'tunnel') writers[object.kind](file, object);
    else file.set(['vpnGateways', parent, 'tunnels', tunnel], tunnelBlock(object, keyReference));
  }
  return {
    site: { site: name, ...(region === undefined ? {} : { region }), ...file.blocks },
    leftOut: [...leftOut],
  };
}

/** Announcements that need not be said: routes of a gateway are announced by themselves. */
function announcedByRoutes(objects: readonly PresentObject[]): ReadonlySet<Key> {
  const routes = objects.filter(({ kind }) => kind === 'gatewayRoute');
  return new Set(routes.map(({ path: [gateway, range = ''] }) => keyOf('announcement', gateway, range)));
}

/** Names that are no names of the file, references to what is another account's, and whatever needs such an object. */
function unspeakable(objects: readonly PresentObject[]): ReadonlySet<Key> {
  const known = new Set(objects.map(({ key }) => key));
  const out = new Set<Key>();
  for (let before = -1; before !== out.size;) {
    before = out.size;
    for (const { key, kind, path, needs } of objects) {
      const names = isNamed.has(kind) ? path : path.slice(0, 1);
      const isWrong = names.some((one) => one.includes('/') || one === '');
      if (isWrong || needs.some((need) => !known.has(need) || out.has(need))) out.add(key);
    }
  }
  return out;
}

const isNamed: ReadonlySet<Kind> = new Set<Kind>(['routeTable', 'subnet', 'tunnel', 'ccnRouteTable']);

/** Puts an object into the blocks of a file. */
type Write = (file: BlockFile, object: PresentObject) => void;

const writers: Readonly<Record<Exclude<Kind, 'tunnel'>, Write>> = {
  vpc: (file, { path: [name], fields }) => file.set(['vpcs', name], spoken(fields)),
  range: (file, { path: [vpc, range = ''] }) => file.push(['vpcs', vpc, 'secondaryCidrs'], range),
  routeTable: (file, { path: [vpc, name = ''] }) => file.set(['vpcs', vpc, 'routeTables', name], {}),
  subnet: (file, { path: [vpc, name = ''], fields }) =>
    file.set(['vpcs', vpc, 'subnets', name], spoken(withNames(fields, 'routeTable'))),
  interface: (file, { path: [vpc, subnet = ''], fields }) =>
    file.push(['vpcs', vpc, 'subnets', subnet, 'interfaces'], spoken(fields)),
  vpcRoute: (file, { path, fields }) => {
    const [vpc, table = ''] = path;
    const place = path.length === 3 ? ['vpcs', vpc, 'routeTables', table] : ['vpcs', vpc];
    file.push([...place, 'routes'], { to: path.at(-1), ...spoken(withNames(fields, 'via')) });
  },
  customerGateway: (file, { path: [name], fields }) => file.set(['customerGateways', name], spoken(fields)),
  vpnGateway: (file, { path: [name], fields }) => file.set(['vpnGateways', name], spoken(withNames(fields, 'vpc'))),
  gatewayRoute: (file, { path: [gateway, to = ''], fields }) =>
    file.push(['vpnGateways', gateway, 'routes'], { to, ...spoken(withNames(fields, 'via')) }),
  announcement: (file, { path: [gateway, range = ''], fields }) => {
    if (fields['enabled'] === true) file.push(['vpnGateways', gateway, 'announces'], range);
  },
  directConnectGateway: (file, { path: [name], fields }) =>
    file.set(['directConnectGateways', name], spoken(withNames(fields, 'vpc'))),
  dcRange: (file, { path: [gateway, cidr = ''], fields }) =>
    file.push(['directConnectGateways', gateway, 'ranges'], { cidr, ...spoken(fields) }),
  line: (file, { path: [gateway], fields }) => file.set(['directConnectGateways', gateway, 'line'], spoken(fields)),
  ccn: (file, { path: [name], fields }) => file.set(['ccns', name], withPolicies(fields)),
  ccnRouteTable: (file, { path: [ccn, name = ''], fields }) =>
    file.set(['ccns', ccn, 'routeTables', name], withPolicies(fields)),
  ccnInstance: (file, { path: [ccn, instance = ''], fields }) =>
    file.push(['ccns', ccn, 'instances'], { instance, ...spoken(withNames(fields, 'routeTable')) }),
  ccnSelection: (file, { path: [ccn], fields }) => {
    for (const one of fields['policies'] as readonly Selection[]) file.push(['ccns', ccn, 'selection'], selection(one));
  },
  ccnLimit: (file, { path: [ccn, regions = ''], fields }) => {
    const [region, toRegion] = regions.split(' ');
    file.push(['ccns', ccn, 'bandwidthLimits'], spoken({ region, toRegion, ...fields }));
  },
};

/** A file as nested blocks, by the place of each. */
class BlockFile {
  readonly blocks: Block = {};

  /** Keeps what is inside already. */
  set(place: readonly string[], value: Block): void {
    const [parent, name] = this.#parentOf(place);
    parent[name] = { ...value, ...(parent[name] as Block | undefined) };
  }

  push(place: readonly string[], value: unknown): void {
    const [parent, name] = this.#parentOf(place);
    ((parent[name] ??= []) as unknown[]).push(value);
  }

  #parentOf(place: readonly string[]): [Block, string] {
    let block = this.blocks;
    for (const name of place.slice(0, -1)) block = (block[name] ??= {}) as Block;
    return [block, place.at(-1) ?? ''];
  }
}

function tunnelBlock({ key, fields }: PresentObject, keyReference: KeyReference): Block {
  const { preSharedKey, ...rest } = withNames(fields, 'customerGateway');
  const reference = preSharedKey instanceof Secret ? keyReference(key, preSharedKey) : undefined;
  const isChecked = fields['healthCheck.enabled'] === true;
  const isShown = (name: string) => isChecked || !name.startsWith('healthCheck.') || name === 'healthCheck.enabled';
  const shown = Object.fromEntries(Object.entries(rest).filter(([name]) => isShown(name)));
  return spoken({ preSharedKey: reference, ...shown });
}

/** With the name in the place of the reference. */
function withNames(fields: Fields, reference: string): Fields {
  return { ...fields, [reference]: nameOf(fields[reference]) };
}

function nameOf(reference: FieldValue | undefined): string | undefined {
  return typeof reference === 'string' && reference !== '' ? lastName(reference as Key) : undefined;
}

/** What goes without saying when an object is made. */
const usual: Readonly<Record<string, unknown>> = {
  enabled: true,
  priority: 0,
  description: '',
  domainName: '',
  zone: 'local-1',
  publishWholeRange: false,
  sourceCheck: true,
};

/** Fields in the file's form: blocks for names with a dot, and nothing that goes without saying. */
function spoken(fields: Fields): Block {
  const written: Block = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || value === usual[name] || (Array.isArray(value) && value.length === 0)) continue;
    const [block, field] = name.split('.');
    if (block === undefined || field === undefined) written[name] = value;
    else written[block] = { ...(written[block] as Block | undefined), [field]: value };
  }
  return written;
}

function withPolicies({ accepts, tells, ...rest }: Fields): Block {
  const policies = (all: FieldValue | undefined) => ((all ?? []) as readonly Policy[]).map(policy);
  return spoken({ ...rest, accepts: policies(accepts), tells: policies(tells) });
}

function policy({ action, description, routes, to = [] }: Policy): Block {
  return spoken({ action, description, routes: routes.map(condition), to: to.map(condition) });
}

function condition({ name, values, exact }: Condition): Block {
  const shown = name === 'instance-id' ? values.map(instanceName) : values;
  return { name, values: shown, ...(exact ? {} : { exact }) };
}

function selection({ instance, source, routeTable, description }: Selection): Block {
  return spoken({ instance: instanceName(instance), source, routeTable: lastName(routeTable), description });
}

/** `vpc NAME` → `vpc/NAME`. */
function instanceName(key: string): string {
  return key.replace(' ', '/');
}
