import type { SchemaParts } from '@landbridge/catalogue/schema/schema-parts';
import type { CataloguedAction } from '@landbridge/catalogue/services';
import type { IdPrefix } from '@landbridge/catalogue/schema/request-schemas';
import { kebabCase } from './kebab-case.ts';
import { looksLikeId, namedKinds } from './named-kinds.ts';
import { idPrefixesOf } from './schema-meaning.ts';

/** Where a name stands in the parameters although an id is expected. */
export interface NamedPlace {
  readonly name: string;
  /** What it may be the name of. */
  readonly kinds: readonly IdPrefix[];
  /** For people: the flag. */
  readonly place: string;
  /** Undefined: that of the call. */
  readonly region: string | undefined;
  readonly replace: (id: string) => void;
}

/** Texts that hold an id, of the kind that a member beside them tells. */
const kindsByWord: Readonly<Record<string, IdPrefix>> = {
  ...{ VPC: 'vpc', VPNGW: 'vpngw', DIRECTCONNECT: 'dcg', VPNCONN: 'vpnx', VPN: 'vpngw', CCN: 'ccn' },
};
const toldBeside: Readonly<Record<string, string>> = {
  ...{ InstanceId: 'InstanceType', GatewayId: 'GatewayType', NetworkInstanceId: 'NetworkType' },
};
/** Of TracePath. */
const placesOfPackets: ReadonlySet<string> = new Set(['SourceId', 'DestinationId']);
const allKinds = Object.keys(namedKinds) as IdPrefix[];

type Json = Record<string | number, unknown>;

/** Names among parameters of this schema. Their places are looked at, and changed by `replace` alone. */
export function namedPlaces(
  parameters: Record<string, unknown>,
  { area, definition }: Pick<CataloguedAction, 'area' | 'definition'>,
): NamedPlace[] {
  return inObject(parameters, definition.request, [], area === 'ccn' ? filtersOfCcns : idFilters);
}

function inObject(
  object: Json,
  { properties = {} }: SchemaParts,
  path: readonly string[],
  filters: KindsByFilter,
): NamedPlace[] {
  if (isFilter(object)) return inFilter(object, path, filters);
  return Object.entries(properties).flatMap(([name, schema]) => {
    return inMember(object, name, schema, [...path, kebabCase(name)], kindsOf(name, schema, object), filters);
  });
}

function inMember(
  holder: Json,
  key: string | number,
  schema: SchemaParts,
  path: readonly string[],
  kinds: readonly IdPrefix[],
  filters: KindsByFilter,
): NamedPlace[] {
  const value = holder[key];
  if (Array.isArray(value)) {
    const { items = {} } = schema;
    return value.flatMap((_, index) => {
      const ofItem = kinds.length > 0 ? kinds : idPrefixesOf(items).flatMap(known);
      return inMember(value as unknown as Json, index, items, [...path, String(index)], ofItem, filters);
    });
  }
  if (typeof value === 'object' && value !== null) return inObject(value as Json, schema, path, filters);
  if (typeof value !== 'string' || value === '' || kinds.length === 0 || looksLikeId(value)) return [];
  const region = typeof holder['InstanceRegion'] === 'string' ? holder['InstanceRegion'] : undefined;
  return [{ name: value, kinds, place: `--${path.join('.')}`, region, replace: (id) => (holder[key] = id) }];
}

function kindsOf(name: string, schema: SchemaParts, beside: Json): readonly IdPrefix[] {
  const prefixes = idPrefixesOf(schema);
  if (prefixes.length > 0) return beside[name] === 'host' ? [] : prefixes.flatMap(known);
  if (schema.type !== 'string') return [];
  if (name === 'VpcId') return ['vpc'];
  if (placesOfPackets.has(name)) return ['subnet', 'vpnx', 'dcg'];
  if (name === 'ResourceId') return beside[name] === 'host' ? [] : allKinds;
  const word = beside[toldBeside[name] ?? ''];
  return typeof word === 'string' ? known(kindsByWord[word]) : [];
}

function known(prefix: IdPrefix | undefined): readonly IdPrefix[] {
  return prefix !== undefined && prefix in namedKinds ? [prefix] : [];
}

function isFilter(object: Json): object is { Name: string; Values: string[] } {
  return typeof object['Name'] === 'string' && Array.isArray(object['Values']);
}

/** `vpc-id` and the like. */
function inFilter(
  filter: { readonly Name: string; readonly Values: unknown[] },
  path: readonly string[],
  filters: KindsByFilter,
): NamedPlace[] {
  const kind = filters[filter.Name];
  const schema = { type: 'array', items: { type: 'string' } };
  if (kind === undefined) return [];
  return inMember({ Values: filter.Values }, 'Values', schema, [...path, 'values'], [kind], filters);
}

type KindsByFilter = Readonly<Record<string, IdPrefix>>;

const idFilters: KindsByFilter = {
  ...{ 'vpc-id': 'vpc', 'subnet-id': 'subnet', 'route-table-id': 'rtb', 'vpn-gateway-id': 'vpngw' },
  ...{ 'customer-gateway-id': 'cgw', 'vpn-connection-id': 'vpnx', 'ccn-id': 'ccn' },
  ...{ 'direct-connect-gateway-id': 'dcg' },
};
/** Actions about CCNs mean their own route tables. */
const filtersOfCcns: KindsByFilter = { ...idFilters, 'route-table-id': 'ccnrtb', 'ccn-route-table-id': 'ccnrtb' };
