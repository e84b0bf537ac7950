import type { instanceRequest, namedInstanceRequest } from '@landbridge/catalogue/ccn/ccn-instances';
import type { Static } from 'typebox';
import type { CcnInstance } from '../../../domain/ccn/ccn.ts';
import { isResourceId } from '../../../domain/resource-id.ts';
import type { CcnAttachmentView, InstanceReference } from '../../../services/ccn/ccn-attachments.ts';
import { reject } from '../../protocol/api-error.ts';

const wireKinds = { vpc: 'VPC', 'vpn-gateway': 'VPNGW', 'direct-connect-gateway': 'DIRECTCONNECT' } as const;

export function wireInstanceType({ kind }: Pick<CcnInstance, 'kind'>): (typeof wireKinds)[CcnInstance['kind']] {
  return wireKinds[kind];
}

const wireStates = {
  pending: 'PENDING',
  attaching: 'ATTACHING',
  active: 'ACTIVE',
  rejected: 'REJECTED',
  expired: 'EXPIRED',
} as const satisfies Record<CcnAttachmentView['state'], string>;

export function wireState({ state }: CcnAttachmentView): (typeof wireStates)[CcnAttachmentView['state']] {
  return wireStates[state];
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
      return reject('feature-not-built', {
        name,
        feature: { en: `instances of the type ${type}`, zh: `${type} 类型的实例` },
      });
  }
}

/** A VPC unless another type is named (docs/spec/actions.md, CcnInstance). */
export function readInstance(given: Static<typeof instanceRequest>, index: number): InstanceReference {
  const { InstanceRegion: region, Description: description = '', InstanceType = 'VPC', ...rest } = given;
  const named = readNamedInstance({ ...rest, InstanceType }, `Instances.${index}`);
  return { instance: named, region, description, routeTableId: given.RouteTableId ?? null };
}

/** `name` is the parameter that holds type and id. */
export function readNamedInstance(
  { InstanceType: type, InstanceId: id }: Static<typeof namedInstanceRequest>,
  name: string,
): CcnInstance {
  const kind = readInstanceType(type, `${name}.InstanceType`);
  if (kind === 'vpc' && isResourceId('vpc', id)) return { kind, id };
  if (kind === 'vpn-gateway' && isResourceId('vpngw', id)) return { kind, id };
  if (kind === 'direct-connect-gateway' && isResourceId('dcg', id)) return { kind, id };
  const rule = { en: `the id of an instance of the type ${type} is expected`, zh: `应为 ${type} 类型的实例 ID` };
  return reject('malformed-value', { name: `${name}.InstanceId`, rule });
}
