<<<<<<< HEAD
import { services as catalogue, type ServiceDefinition } from '@landbridge/catalogue/services';
||||||| parent of cb9c088 (DescribeCustomerGatewayVendors, DownloadCustomerGatewayConfiguration: a tunnel's rows as the model of its peer)
import { services as catalogue } from '@landbridge/catalogue/services';
import { callerIdentityActions } from '@landbridge/catalogue/sts/caller-identity';
import { resourceTagActions } from '@landbridge/catalogue/tag/resource-tags';
import { customerGatewayActions } from '@landbridge/catalogue/vpn/customer-gateways';
import { vpnGatewayActions } from '@landbridge/catalogue/vpn/vpn-gateways';
import { callerIdentityHandlers } from '../actions/sts/caller-identity.ts';
import { resourceTagHandlers } from '../actions/tag/resource-tags.ts';
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
import { directConnectGatewayActions } from '../actions/direct-connect/direct-connect-gateways.ts';
import { directConnectLineActions } from '../actions/direct-connect/direct-connect-lines.ts';
import { directConnectRangeActions } from '../actions/direct-connect/direct-connect-ranges.ts';
import { planActions } from '../actions/operator/plans.ts';
import { routeTableActions } from '../actions/vpc/route-tables.ts';
import { sourceCheckActions } from '../actions/vpn/source-checks.ts';
import { subnetInterfaceActions } from '../actions/vpc/subnet-interfaces.ts';
import { subnetActions } from '../actions/vpc/subnets.ts';
import type { SystemFacts } from '../../domain/operator/system-facts.ts';
import { systemStatusActions } from '../actions/operator/system-status.ts';
import { taskActions } from '../actions/operator/tasks.ts';
=======
import { services as catalogue } from '@landbridge/catalogue/services';
import { callerIdentityActions } from '@landbridge/catalogue/sts/caller-identity';
import { resourceTagActions } from '@landbridge/catalogue/tag/resource-tags';
import { customerGatewayActions } from '@landbridge/catalogue/vpn/customer-gateways';
import { peerConfigurationActions } from '@landbridge/catalogue/vpn/peer-configurations';
import { vpnGatewayActions } from '@landbridge/catalogue/vpn/vpn-gateways';
import { callerIdentityHandlers } from '../actions/sts/caller-identity.ts';
import { resourceTagHandlers } from '../actions/tag/resource-tags.ts';
import { customerGatewayHandlers } from '../actions/vpn/customer-gateways.ts';
import { peerConfigurationHandlers } from '../actions/vpn/peer-configurations.ts';
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
import { directConnectGatewayActions } from '../actions/direct-connect/direct-connect-gateways.ts';
import { directConnectLineActions } from '../actions/direct-connect/direct-connect-lines.ts';
import { directConnectRangeActions } from '../actions/direct-connect/direct-connect-ranges.ts';
import { planActions } from '../actions/operator/plans.ts';
import { routeTableActions } from '../actions/vpc/route-tables.ts';
import { sourceCheckActions } from '../actions/vpn/source-checks.ts';
import { subnetInterfaceActions } from '../actions/vpc/subnet-interfaces.ts';
import { subnetActions } from '../actions/vpc/subnets.ts';
import type { SystemFacts } from '../../domain/operator/system-facts.ts';
import { systemStatusActions } from '../actions/operator/system-status.ts';
import { taskActions } from '../actions/operator/tasks.ts';
>>>>>>> cb9c088 (DescribeCustomerGatewayVendors, DownloadCustomerGatewayConfiguration: a tunnel's rows as the model of its peer)
import { vendorActions } from '@landbridge/catalogue/vendor-actions';
import { actionsOf, type Action, type Handler } from '../action.ts';

/** A service of API 3.0: a name, a version and its Actions. */
export interface WireService extends Pick<ServiceDefinition, 'version' | 'signsTheWholeCall'> {
  readonly name: string;
  readonly actions: readonly Action[];
  /** Actions that the vendor has and we have not. */
  readonly unbuilt: ReadonlySet<string>;
}

/** Everything on this door. A version and an Action tell the services apart (docs/spec/protocol.md section 3). */
<<<<<<< HEAD
export function wireServices(handlers: Readonly<Record<string, Handler<never>>>): readonly WireService[] {
  return Object.entries<ServiceDefinition>(catalogue).map(([name, { areas, ...service }]) => {
    const actions = Object.values(areas).flatMap((area) => actionsOf(area.actions, handlers));
    const built = new Set(actions.map((action) => action.name));
    const unbuilt = name === 'vpc' ? vendorActions().filter((action) => !built.has(action)) : [];
    return { name, ...service, actions, unbuilt: new Set(unbuilt) };
  });
||||||| parent of cb9c088 (DescribeCustomerGatewayVendors, DownloadCustomerGatewayConfiguration: a tunnel's rows as the model of its peer)
export function wireServices({ services, system }: WireDependencies): readonly WireService[] {
  const vpc = [
    ...vpcActions(services),
    ...subnetActions(services),
    ...routeTableActions(services),
    ...vpcRouteActions(services),
    ...actionsOf(vpnGatewayActions, vpnGatewayHandlers(services)),
    ...actionsOf(customerGatewayActions, customerGatewayHandlers(services)),
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
    ...directConnectGatewayActions(services),
    ...directConnectRangeActions(services),
    ...taskActions(services),
  ];
  const landbridge = [
    ...subnetInterfaceActions(services),
    ...eventActions(services),
    ...directConnectLineActions(services),
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
=======
export function wireServices({ services, system }: WireDependencies): readonly WireService[] {
  const vpc = [
    ...vpcActions(services),
    ...subnetActions(services),
    ...routeTableActions(services),
    ...vpcRouteActions(services),
    ...actionsOf(vpnGatewayActions, vpnGatewayHandlers(services)),
    ...actionsOf(customerGatewayActions, customerGatewayHandlers(services)),
    ...actionsOf(peerConfigurationActions, peerConfigurationHandlers(services)),
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
    ...directConnectGatewayActions(services),
    ...directConnectRangeActions(services),
    ...taskActions(services),
  ];
  const landbridge = [
    ...subnetInterfaceActions(services),
    ...eventActions(services),
    ...directConnectLineActions(services),
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
>>>>>>> cb9c088 (DescribeCustomerGatewayVendors, DownloadCustomerGatewayConfiguration: a tunnel's rows as the model of its peer)
}
