import type { WireVpcRoute } from '@landbridge/catalogue/vpc/vpc-route';
import type { VpcCcnRoute, VpcRoute } from '../../../domain/vpc/route-table.ts';
import { wireTime } from '../../wire/wire-values.ts';

/** A route of a VPC as the type Route (docs/spec/actions.md, "Data types"): no field is ever null. */
export function wireVpcRoute(route: VpcRoute | VpcCcnRoute): WireVpcRoute {
  return 'ccnId' in route ? wireCcnRoute(route) : wireUserRoute(route);
}

function wireUserRoute(route: VpcRoute): WireVpcRoute {
  return {
    DestinationCidrBlock: route.destination,
    GatewayType: route.nextHop.kind === 'vpn-gateway' ? 'VPN' : 'DIRECTCONNECT',
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

function wireCcnRoute(route: VpcCcnRoute): WireVpcRoute {
  return {
    DestinationCidrBlock: route.destination,
    GatewayType: 'CCN',
    GatewayId: route.ccnId,
    RouteId: route.routeId,
    RouteDescription: '',
    Enabled: true,
    RouteType: 'CCN',
    RouteTableId: route.routeTableId,
    DestinationIpv6CidrBlock: '',
    RouteItemId: route.id,
    PublishedToVbc: false,
    CreatedTime: wireTime(route.createdAt),
    CdcId: '',
  };
}
