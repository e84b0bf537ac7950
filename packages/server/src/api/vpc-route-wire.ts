import type { VpcRoute } from '../domain/route-table.ts';
import { wireTime } from './wire-values.ts';

/** A route of a VPC as the type Route (spec/actions.md, "Data types"): no field is ever null. */
export function wireVpcRoute(route: VpcRoute) {
  return {
    DestinationCidrBlock: route.destination,
    GatewayType: 'VPN',
    GatewayId: route.nextHop.id,
    RouteId: route.routeId,
    RouteDescription: route.description,
    Enabled: route.enabled,
    RouteType: 'USER',
    RouteTableId: route.routeTableId,
    DestinationIpv6CidrBlock: '',
    RouteItemId: route.id,
    PublishedToVbc: false,
    CreatedTime: wireTime(route.createdAt),
    CdcId: '',
  };
}
