import type { Static } from 'typebox';
import type { CcnInstance } from '../domain/ccn.ts';
import { isResourceId } from '../domain/resource-id.ts';
import type { InstanceReference } from '../services/ccn-attachments.ts';
import { reject } from './api-error.ts';
import { fullList, maybe, object, oneOf, text } from './parameter-schemas.ts';

/** The type CcnInstance (spec/actions.md, "Data types"). */
const instance = object({
  InstanceId: text(),
  InstanceRegion: text({ minLength: 1, maxLength: 60 }),
  InstanceType: maybe(oneOf('VPC', 'DIRECTCONNECT', 'BMVPC', 'VPNGW', 'EDGE', 'EDGE_TUNNEL', 'EDGE_VPNGW')),
  Description: maybe(text({ maxBytes: 100 })),
  RouteTableId: maybe(text()),
  OrderType: maybe(oneOf('PayByCcnOwner', 'PayByInstanceOwner')),
});

const mostInstances = 100;
export const instanceList = () => fullList(instance, mostInstances);

const wireKinds = { vpc: 'VPC', 'vpn-gateway': 'VPNGW', 'direct-connect-gateway': 'DIRECTCONNECT' } as const;

export function wireInstanceType({ kind }: CcnInstance): string {
  return wireKinds[kind];
}

/** A VPC unless another type is named (spec/actions.md, CcnInstance). */
export function readInstance(given: Static<typeof instance>, index: number): InstanceReference {
  const { InstanceId: id, InstanceType: type = 'VPC', InstanceRegion: region, Description: description = '' } = given;
  return { instance: readId(type, id, index), region, description };
}

function readId(type: string, id: string, index: number): CcnInstance {
  const name = `Instances.${index}.InstanceId`;
  if (type === 'VPC' && isResourceId('vpc', id)) return { kind: 'vpc', id };
  if (type === 'VPNGW' && isResourceId('vpngw', id)) return { kind: 'vpn-gateway', id };
  if (type === 'DIRECTCONNECT' && isResourceId('dcg', id)) return { kind: 'direct-connect-gateway', id };
  if (!['VPC', 'VPNGW', 'DIRECTCONNECT'].includes(type)) {
    reject('feature-not-built', { name: `Instances.${index}.InstanceType`, feature: `instances of the type ${type}` });
  }
  return reject('malformed-value', { name, rule: `the id of an instance of the type ${type} is expected` });
}
