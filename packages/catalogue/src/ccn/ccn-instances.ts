import { Type } from 'typebox';
import { about } from '../schema/about.ts';
import { fullList, idOf, maybe, object, oneOf, text } from '../schema/request-schemas.ts';
import { ccnDescription } from './ccn-description.ts';

/** Instances of CCNs as requests name them and as replies show them (docs/spec/actions.md, "Data types"). */

export const instanceType = () =>
  about(
    oneOf('VPC', 'DIRECTCONNECT', 'BMVPC', 'VPNGW', 'EDGE', 'EDGE_TUNNEL', 'EDGE_VPNGW'),
    'VPC, VPNGW or DIRECTCONNECT; the others are not offered.',
  );
export const instanceId = () => about(text(), 'The id of a VPC, VPN gateway or Direct Connect gateway.');

/** The type CcnInstance. */
export const instanceRequest = object({
  InstanceId: instanceId(),
  InstanceRegion: about(text({ minLength: 1, maxLength: 60 }), 'The region of the instance.'),
  InstanceType: maybe(about(instanceType(), 'VPC, VPNGW or DIRECTCONNECT; VPC unless given.')),
  Description: maybe(ccnDescription()),
  RouteTableId: maybe(about(idOf('ccnrtb'), 'The route table to be bound to; the default one unless given.')),
  OrderType: maybe(about(oneOf('PayByCcnOwner', 'PayByInstanceOwner'), 'Who pays. Nothing is paid here.')),
});

/** The type CcnInstanceWithoutRegion. */
export const namedInstanceRequest = object({ InstanceType: instanceType(), InstanceId: instanceId() });

const mostInstances = 100;
export const instanceList = () => about(fullList(instanceRequest, mostInstances), 'All of them or none.');
export const namedInstanceList = () => about(fullList(namedInstanceRequest, mostInstances), 'All of them or none.');

/** Types that instances here have. */
export const shownInstanceType = () => oneOf('VPC', 'VPNGW', 'DIRECTCONNECT');
export const shownInstanceId = () => Type.Union([idOf('vpc'), idOf('vpngw'), idOf('dcg')]);
/** Aliases are for connections of the vendor's that are not offered. */
export const noAlias = () => ({
  AliasType: about(Type.String(), 'Always empty.'),
  AliasInstanceId: about(Type.String(), 'Always empty.'),
});
export const attachmentState = () =>
  about(
    oneOf('PENDING', 'ATTACHING', 'ACTIVE', 'REJECTED', 'EXPIRED'),
    'ACTIVE once its network stands; PENDING, REJECTED or EXPIRED: only asked for.',
  );
export const ownerOfInstance = () => about(Type.String(), 'The account of the instance.');
