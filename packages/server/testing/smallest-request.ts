import type { SchemaParts } from '@landbridge/catalogue/schema/schema-parts';
import type { ActionDefinition } from '@landbridge/catalogue/action-definition';

/** For tests only: the least that an Action takes, after its request schema. */

/** Texts that a reader checks further than the schema does, by their parameter. */
const readable: Readonly<Record<string, unknown>> = {
  CidrBlock: '10.0.0.0/16',
  CidrBlocks: ['10.9.0.0/16'],
  DestinationCidrBlock: '192.168.9.0/24',
  DestinationCidrBlocks: ['192.168.9.0/24'],
  RemoteCidrBlock: ['192.168.9.0/24'],
  LocalCidrBlock: '10.0.0.0/24',
  SourceCidrBlock: '192.168.9.0/24',
  IpAddress: '198.51.100.9',
  InstanceId: 'vpc-notthere',
  InstanceRegion: 'test-1',
  LocalAddress: '169.254.9.1/30',
  PeerAddress: '169.254.9.2',
  RemoteAddress: '198.51.100.9',
  Resource: 'qcs::vpc:test-1:uin/:vpc/vpc-notthere',
  ServiceType: 'vpc',
  ResourcePrefix: 'vpc',
};

/** With these parameters as well, though they are not needed. Ids are of objects that are not there. */
export function smallestRequest({ request }: ActionDefinition, more: readonly string[] = []): Record<string, unknown> {
  return objectOf(request, more);
}

function objectOf(
  { properties = {}, required = [] }: SchemaParts,
  more: readonly string[] = [],
): Record<string, unknown> {
  const names = Object.keys(properties).filter((name) => required.includes(name) || more.includes(name));
  return Object.fromEntries(names.map((name) => [name, readable[name] ?? valueOf(properties[name] ?? {})]));
}

function valueOf(schema: SchemaParts): unknown {
  if (schema.enum !== undefined) return schema.enum[0];
  switch (schema.type ?? 'string') {
    case 'object':
      return objectOf(schema);
    case 'array':
      return [valueOf(schema.items ?? {})];
    case 'integer':
      return Math.max(schema.minimum ?? 0, 1);
    case 'boolean':
      return true;
    default:
      return textOf(schema.pattern ?? '');
  }
}

/** An id of an object that is not there, or a word. */
function textOf(pattern: string): string {
  const [, prefix] = /^\^\(?([a-z]+)(?:\|[a-z|]+\))?-\[0-9a-z\]\{8\}\$$/.exec(pattern) ?? [];
  return prefix === undefined ? 'word' : `${prefix}-notthere`;
}
