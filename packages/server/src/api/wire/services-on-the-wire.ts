import { services as catalogue } from '@landbridge/catalogue/services';
import { callerIdentityActions } from '@landbridge/catalogue/sts/caller-identity';
import { resourceTagActions } from '@landbridge/catalogue/tag/resource-tags';
import { vpcActions } from '@landbridge/catalogue/vpc/vpcs';
import { subnetActions } from '@landbridge/catalogue/vpc/subnets';
import { routeTableActions } from '@landbridge/catalogue/vpc/route-tables';
import { vpcRouteActions } from '@landbridge/catalogue/vpc/vpc-routes';
import { subnetInterfaceActions } from '@landbridge/catalogue/vpc/subnet-interfaces';
import { directConnectGatewayActions } from '@landbridge/catalogue/direct-connect/direct-connect-gateways';
import { directConnectRangeActions } from '@landbridge/catalogue/direct-connect/direct-connect-ranges';
import { directConnectLineActions } from '@landbridge/catalogue/direct-connect/direct-connect-lines';
import { customerGatewayActions } from '@landbridge/catalogue/vpn/customer-gateways';
import { priceActions } from '@landbridge/catalogue/vpn/prices';
import { sslVpnActions } from '@landbridge/catalogue/vpn/ssl-vpn';
import { vpnGatewayActions } from '@landbridge/catalogue/vpn/vpn-gateways';
import { callerIdentityHandlers } from '../actions/sts/caller-identity.ts';
import { resourceTagHandlers } from '../actions/tag/resource-tags.ts';
import { priceHandlers } from '../actions/vpn/prices.ts';
import { sslVpnHandlers } from '../actions/vpn/ssl-vpn.ts';
import { customerGatewayHandlers } from '../actions/vpn/customer-gateways.ts';
import { accessKeyActions } from '../actions/operator/access-keys.ts';
import { actionsOf, type Action } from '../action.ts';
import { eventActions } from '../actions/operator/events.ts';
import { ccnAttachmentActions } from '../actions/ccn/ccn-attachments.ts';
import { ccnBandwidthLimitActions } from '../actions/ccn/ccn-bandwidth-limits.ts';
import { ccnRangeActions } from '../actions/ccn/ccn-ranges.ts';
import { ccnRouteActions, ccnRouteConflictActions } from '../actions/ccn/ccn-routes.ts';
import { ccnRoutePolicyActions } from '../actions/ccn/ccn-route-policies.ts';
import { ccnRouteTableActions } from '../actions/ccn/ccn-route-tables.ts';
import { ccnSelectionPolicyActions } from '../actions/ccn/ccn-selection-policies.ts';
import { ccnActions } from '../actions/ccn/ccns.ts';
import { directConnectGatewayHandlers } from '../actions/direct-connect/direct-connect-gateways.ts';
import { directConnectLineHandlers } from '../actions/direct-connect/direct-connect-lines.ts';
import { directConnectRangeHandlers } from '../actions/direct-connect/direct-connect-ranges.ts';
import { planActions } from '../actions/operator/plans.ts';
import { routeTableHandlers } from '../actions/vpc/route-tables.ts';
import { sourceCheckActions } from '../actions/vpn/source-checks.ts';
import { subnetInterfaceHandlers } from '../actions/vpc/subnet-interfaces.ts';
import { subnetHandlers } from '../actions/vpc/subnets.ts';
import type { SystemFacts } from '../../domain/operator/system-facts.ts';
import { systemStatusActions } from '../actions/operator/system-status.ts';
import { taskActions } from '../actions/operator/tasks.ts';
import { vendorActions } from '@landbridge/catalogue/vendor-actions';
import { vpcRouteHandlers } from '../actions/vpc/vpc-routes.ts';
import { vpcHandlers } from '../actions/vpc/vpcs.ts';
import { vpnConnectionActions } from '../actions/vpn/vpn-connections.ts';
import { vpnGatewayRouteActions } from '../actions/vpn/vpn-gateway-routes.ts';
import { vpnGatewayHandlers } from '../actions/vpn/vpn-gateways.ts';
import type { Services } from '../../services/create-services.ts';

/** A service of API 3.0: a name, a version and its Actions. */
export interface WireService {
  readonly name: string;
  readonly version: string;
  readonly actions: readonly Action[];
  /** Actions that the vendor has and we have not. */
  readonly unbuilt: ReadonlySet<string>;
  /** Action, version, region and timestamp must be under the signature; the vendor's SDKs sign none of them. */
  readonly signsTheWholeCall: boolean;
}

export interface WireDependencies {
  readonly services: Services;
  readonly system: SystemFacts;
}

/** Everything on this door. A version and an Action tell the services apart (docs/spec/protocol.md section 3). */
export function wireServices({ services, system }: WireDependencies): readonly WireService[] {
  const vpc = [
    ...actionsOf(vpcActions, vpcHandlers(services)),
    ...actionsOf(subnetActions, subnetHandlers(services)),
    ...actionsOf(routeTableActions, routeTableHandlers(services)),
    ...actionsOf(vpcRouteActions, vpcRouteHandlers(services)),
    ...actionsOf(vpnGatewayActions, vpnGatewayHandlers(services)),
    ...actionsOf(customerGatewayActions, customerGatewayHandlers(services)),
    ...actionsOf(sslVpnActions, sslVpnHandlers()),
    ...actionsOf(priceActions, priceHandlers(services)),
    ...vpnConnectionActions(services),
    ...vpnGatewayRouteActions(services),
    ...ccnActions(services),
    ...ccnAttachmentActions(services),
    ...ccnRouteActions(services),
    ...ccnRangeActions(services),
    ...ccnRouteTableActions(services),
    ...ccnRoutePolicyActions(services),
    ...ccnSelectionPolicyActions(services),
    ...ccnBandwidthLimitActions(services),
    ...actionsOf(directConnectGatewayActions, directConnectGatewayHandlers(services)),
    ...actionsOf(directConnectRangeActions, directConnectRangeHandlers(services)),
    ...taskActions(services),
  ];
  const landbridge = [
    ...actionsOf(subnetInterfaceActions, subnetInterfaceHandlers(services)),
    ...eventActions(services),
    ...actionsOf(directConnectLineActions, directConnectLineHandlers(services)),
    ...ccnRouteConflictActions(services),
    ...sourceCheckActions(services),
    ...planActions(services),
    ...systemStatusActions(services, system),
    ...accessKeyActions(services),
  ];
  const none = new Set<string>();
  const built = new Set(vpc.map(({ name }) => name));
  const unbuilt = new Set(vendorActions().filter((name) => !built.has(name)));
  return [
    { name: 'vpc', ...catalogue.vpc, actions: vpc, unbuilt },
    {
      name: 'tag',
      ...catalogue.tag,
      actions: actionsOf(resourceTagActions, resourceTagHandlers(services)),
      unbuilt: none,
    },
    {
      name: 'sts',
      ...catalogue.sts,
      actions: actionsOf(callerIdentityActions, callerIdentityHandlers()),
      unbuilt: none,
    },
    { name: 'landbridge', ...catalogue.landbridge, actions: landbridge, unbuilt: none },
  ];
}
