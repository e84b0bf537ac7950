import { Type, type Static } from 'typebox';
import { about } from '../schema/about.ts';
import { idOf, object, oneOf } from '../schema/request-schemas.ts';
import { count, range, time } from '../schema/response-schemas.ts';

/** The type Route (docs/spec/actions.md, "Data types"): no field is ever null. */
export const vpcRoute = object({
  DestinationCidrBlock: range(),
  GatewayType: about(oneOf('VPN', 'DIRECTCONNECT', 'CCN'), 'What the next hop is.'),
  GatewayId: about(Type.String(), 'The next hop: `vpngw-…`, `dcg-…` or `ccn-…`.'),
  RouteId: about(count(), 'A number that is the same route.'),
  RouteDescription: Type.String(),
  Enabled: about(Type.Boolean(), 'A route that is not leads nothing anywhere.'),
  RouteType: about(oneOf('USER', 'CCN'), 'USER: made in the route table; CCN: announced by the CCN of the VPC.'),
  RouteTableId: idOf('rtb'),
  DestinationIpv6CidrBlock: about(Type.String(), 'Always empty: there is no IPv6 in VPCs.'),
  RouteItemId: idOf('rti'),
  PublishedToVbc: about(Type.Boolean(), 'Always false: routes to gateways are not published to a CCN.'),
  CreatedTime: time(),
  CdcId: about(Type.String(), 'Always empty.'),
});
/** A route of a VPC as replies show it. */
export type WireVpcRoute = Static<typeof vpcRoute>;
