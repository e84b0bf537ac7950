import { ccnKind } from './ccn-kind.ts';
import { customerGatewayKind } from './customer-gateway-kind.ts';
import { directConnectGatewayKind } from './direct-connect-gateway-kind.ts';
import type { ObjectKind } from './object-kind.ts';
import { routeTableKind } from './route-table-kind.ts';
import { subnetKind } from './subnet-kind.ts';
import { tunnelKind } from './tunnel-kind.ts';
import { vpcKind } from './vpc-kind.ts';
import { vpnGatewayKind } from './vpn-gateway-kind.ts';

/** Everything that has a page with a form. */
export const kinds: readonly ObjectKind[] = [
  ...[tunnelKind, vpnGatewayKind, customerGatewayKind, vpcKind, subnetKind, routeTableKind, ccnKind],
  directConnectGatewayKind,
];
