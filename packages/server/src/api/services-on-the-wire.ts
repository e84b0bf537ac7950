import { customerGatewayActions } from './customer-gateways.ts';
import { accessKeyActions } from './access-keys.ts';
import type { Action } from './action.ts';
import { eventActions } from './events.ts';
import { ccnAttachmentActions } from './ccn-attachments.ts';
import { ccnBandwidthLimitActions } from './ccn-bandwidth-limits.ts';
import { ccnRangeActions } from './ccn-ranges.ts';
import { ccnRouteActions, ccnRouteConflictActions } from './ccn-routes.ts';
import { ccnRoutePolicyActions } from './ccn-route-policies.ts';
import { ccnRouteTableActions } from './ccn-route-tables.ts';
import { ccnSelectionPolicyActions } from './ccn-selection-policies.ts';
import { ccnActions } from './ccns.ts';
import { directConnectGatewayActions } from './direct-connect-gateways.ts';
import { directConnectLineActions } from './direct-connect-lines.ts';
import { directConnectRangeActions } from './direct-connect-ranges.ts';
import { planActions } from './plans.ts';
import { routeTableActions } from './route-tables.ts';
import { sourceCheckActions } from './source-checks.ts';
import { subnetInterfaceActions } from './subnet-interfaces.ts';
import { subnetActions } from './subnets.ts';
import { systemStatusActions, type SystemFacts } from './system-status.ts';
import { taskActions } from './tasks.ts';
import { vendorActions } from './vendor-actions.ts';
import { vpcRouteActions } from './vpc-routes.ts';
import { vpcActions } from './vpcs.ts';
import { vpnConnectionActions } from './vpn-connections.ts';
import { vpnGatewayRouteActions } from './vpn-gateway-routes.ts';
import { vpnGatewayActions } from './vpn-gateways.ts';
import type { Services } from '../services/create-services.ts';

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

/** Everything on this door. Versions tell the services apart: no two share one (docs/spec/protocol.md section 3). */
export function wireServices({ services, system }: WireDependencies): readonly WireService[] {
  const vpc = [
    ...vpcActions(services),
    ...subnetActions(services),
    ...routeTableActions(services),
    ...vpcRouteActions(services),
    ...vpnGatewayActions(services),
    ...customerGatewayActions(services),
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
  const built = new Set(vpc.map(({ name }) => name));
  const unbuilt = new Set(vendorActions().filter((name) => !built.has(name)));
  return [
    { name: 'vpc', version: '2017-03-12', actions: vpc, unbuilt, signsTheWholeCall: false },
    {
      name: 'landbridge',
      version: '2026-11-01',
      actions: landbridge,
      unbuilt: new Set(),
      signsTheWholeCall: true,
    },
  ];
}
