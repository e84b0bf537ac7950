import type { Static } from 'typebox';
import type { CcnInstance } from '../../../domain/ccn/ccn.ts';
import { isResourceId } from '../../../domain/resource-id.ts';
import type { InstanceReference } from '../../../services/ccn/ccn-attachments.ts';
import { reject } from '../../protocol/api-error.ts';
import { fullList, idOf, maybe, object, oneOf, text } from '@landbridge/catalogue/schema/request-schemas';

export const instanceType = () => oneOf('VPC', 'DIRECTCONNECT', 'BMVPC', 'VPNGW', 'EDGE', 'EDGE_TUNNEL', 'EDGE_VPNGW');

/** The type CcnInstance (docs/spec/actions.md, "Data types"). */
const instance = object({
  InstanceId: text(),
  InstanceRegion: text({ minLength: 1, maxLength: 60 }),
  InstanceType: maybe(instanceType()),
  Description: maybe(text({ maxBytes: 100 })),
  RouteTableId: maybe(idOf('ccnrtb')),
  OrderType: maybe(oneOf('PayByCcnOwner', 'PayByInstanceOwner')),
});

const mostInstances = 100;
export const instanceList = () => fullList(instance, mostInstances);

/** The type CcnInstanceWithoutRegion. */
const namedInstance = object({ InstanceType: instanceType(), InstanceId: text() });
export const namedInstanceList = () => fullList(namedInstance, mostInstances);

const wireKinds = { vpc: 'VPC', 'vpn-gateway': 'VPNGW', 'direct-connect-gateway': 'DIRECTCONNECT' } as const;

export function wireInstanceType({ kind }: Pick<CcnInstance, 'kind'>): string {
  return wireKinds[kind];
}

/** A type of instances that Landbridge has; `name` is the parameter. */
export function readInstanceType(type: string, name: string): CcnInstance['kind'] {
  switch (type) {
    case 'VPC':
      return 'vpc';
    case 'VPNGW':
      return 'vpn-gateway';
    case 'DIRECTCONNECT':
      return 'direct-connect-gateway';
    default:
      return reject('feature-not-built', { name, feature: `instances of the type ${type}` });
  }
}

/** A VPC unless another type is named (docs/spec/actions.md, CcnInstance). */
export function readInstance(given: Static<typeof instance>, index: number): InstanceReference {
  const { InstanceRegion: region, Description: description = '', InstanceType = 'VPC', ...rest } = given;
  const named = readNamedInstance({ ...rest, InstanceType }, `Instances.${index}`);
  return { instance: named, region, description, routeTableId: given.RouteTableId ?? null };
}

/** `name` is the parameter that holds type and id. */
export function readNamedInstance(
  { InstanceType: type, InstanceId: id }: Static<typeof namedInstance>,
  name: string,
): CcnInstance {
  const kind = readInstanceType(type, `${name}.InstanceType`);
  if (kind === 'vpc' && isResourceId('vpc', id)) return { kind, id };
  if (kind === 'vpn-gateway' && isResourceId('vpngw', id)) return { kind, id };
  if (kind === 'direct-connect-gateway' && isResourceId('dcg', id)) return { kind, id };
  const rule = `the id of an instance of the type ${type} is expected`;
  return reject('malformed-value', { name: `${name}.InstanceId`, rule });
}
