import type { PlanKey } from '../planner/plan.ts';
import { accessKeyRepository, type AccessKeyRepository } from './access-keys.ts';
import { accountRepository, type AccountRepository } from './accounts.ts';
import { ccnAttachmentRequestRepository, type CcnAttachmentRequestRepository } from './ccn-attachment-requests.ts';
import { ccnAttachmentRepository, type CcnAttachmentRepository } from './ccn-attachments.ts';
import { ccnBandwidthLimitRepository, type CcnBandwidthLimitRepository } from './ccn-bandwidth-limits.ts';
import { ccnRangeChoiceRepository, type CcnRangeChoiceRepository } from './ccn-range-choices.ts';
import { ccnRouteChoiceRepository, type CcnRouteChoiceRepository } from './ccn-route-choices.ts';
import { ccnRoutePolicyRepository, type CcnRoutePolicyRepository } from './ccn-route-policies.ts';
import { ccnRouteTableRepository, type CcnRouteTableRepository } from './ccn-route-tables.ts';
import { ccnSelectionPolicyRepository, type CcnSelectionPolicyRepository } from './ccn-selection-policies.ts';
import { ccnRepository, type CcnRepository } from './ccns.ts';
import { directConnectGatewayRepository, type DirectConnectGatewayRepository } from './direct-connect-gateways.ts';
import { directConnectLineRepository, type DirectConnectLineRepository } from './direct-connect-lines.ts';
import { directConnectRangeRepository, type DirectConnectRangeRepository } from './direct-connect-ranges.ts';
import { counterRepository, type CounterRepository } from './counters.ts';
import { customerGatewayRepository, type CustomerGatewayRepository } from './customer-gateways.ts';
import { eventRepository, type EventRepository } from './events.ts';
import { preSharedKeyRepository, type PreSharedKeyRepository } from './pre-shared-keys.ts';
import type { Database } from './repository.ts';
import { routeTableRepository, type RouteTableRepository } from './route-tables.ts';
import type { Sealer } from './sealing.ts';
import { subnetInterfaceRepository, type SubnetInterfaceRepository } from './subnet-interfaces.ts';
import { subnetRepository, type SubnetRepository } from './subnets.ts';
import { taskRepository, type TaskRepository } from './tasks.ts';
import { vpcRouteRepository, type VpcRouteRepository } from './vpc-routes.ts';
import { vpcRepository, type VpcRepository } from './vpcs.ts';
import { vpnConnectionRepository, type VpnConnectionRepository } from './vpn-connections.ts';
import { vpnGatewayRouteRepository, type VpnGatewayRouteRepository } from './vpn-gateway-routes.ts';
import { vpnGatewayRepository, type VpnGatewayRepository } from './vpn-gateways.ts';

/** Every resource's rows, all inside one database transaction. */
export interface Transaction {
  readonly accounts: AccountRepository;
  readonly accessKeys: AccessKeyRepository;
  readonly counters: CounterRepository;
  readonly vpcs: VpcRepository;
  readonly routeTables: RouteTableRepository;
  readonly vpcRoutes: VpcRouteRepository;
  readonly subnets: SubnetRepository;
  readonly subnetInterfaces: SubnetInterfaceRepository;
  readonly vpnGateways: VpnGatewayRepository;
  readonly customerGateways: CustomerGatewayRepository;
  readonly vpnConnections: VpnConnectionRepository;
  readonly preSharedKeys: PreSharedKeyRepository;
  readonly vpnGatewayRoutes: VpnGatewayRouteRepository;
  readonly ccns: CcnRepository;
  readonly ccnRouteTables: CcnRouteTableRepository;
  readonly ccnAttachments: CcnAttachmentRepository;
  readonly ccnAttachmentRequests: CcnAttachmentRequestRepository;
  readonly ccnRoutePolicies: CcnRoutePolicyRepository;
  readonly ccnSelectionPolicies: CcnSelectionPolicyRepository;
  readonly ccnRouteChoices: CcnRouteChoiceRepository;
  readonly ccnRangeChoices: CcnRangeChoiceRepository;
  readonly ccnBandwidthLimits: CcnBandwidthLimitRepository;
  readonly directConnectGateways: DirectConnectGatewayRepository;
  readonly directConnectRanges: DirectConnectRangeRepository;
  readonly directConnectLines: DirectConnectLineRepository;
  readonly tasks: TaskRepository;
  readonly events: EventRepository;
  /** Names plans that this transaction changes; listeners hear of them once it is committed. */
  changed(...keys: PlanKey[]): void;
}

export function transactionOver(db: Database, sealer: Sealer, changed: Set<PlanKey>): Transaction {
  return {
    accounts: accountRepository(db),
    accessKeys: accessKeyRepository(db, sealer),
    counters: counterRepository(db),
    vpcs: vpcRepository(db),
    routeTables: routeTableRepository(db),
    vpcRoutes: vpcRouteRepository(db),
    subnets: subnetRepository(db),
    subnetInterfaces: subnetInterfaceRepository(db),
    vpnGateways: vpnGatewayRepository(db),
    customerGateways: customerGatewayRepository(db),
    vpnConnections: vpnConnectionRepository(db),
    preSharedKeys: preSharedKeyRepository(db, sealer),
    vpnGatewayRoutes: vpnGatewayRouteRepository(db),
    ccns: ccnRepository(db),
    ccnRouteTables: ccnRouteTableRepository(db),
    ccnAttachments: ccnAttachmentRepository(db),
    ccnAttachmentRequests: ccnAttachmentRequestRepository(db),
    ccnRoutePolicies: ccnRoutePolicyRepository(db),
    ccnSelectionPolicies: ccnSelectionPolicyRepository(db),
    ccnRouteChoices: ccnRouteChoiceRepository(db),
    ccnRangeChoices: ccnRangeChoiceRepository(db),
    ccnBandwidthLimits: ccnBandwidthLimitRepository(db),
    directConnectGateways: directConnectGatewayRepository(db),
    directConnectRanges: directConnectRangeRepository(db),
    directConnectLines: directConnectLineRepository(db),
    tasks: taskRepository(db),
    events: eventRepository(db),
    changed: (...keys) => {
      for (const key of keys) changed.add(key);
    },
  };
}
