import { parseIpAddress } from '@landbridge/net';
import { defaultRouteTableId } from '@landbridge/server/domain/ccn/ccn';
import type { NetworkRows } from '@landbridge/server/testing/image-of';
import type { CustomerGatewayId } from '@landbridge/server/domain/resource-id';
import type { World } from '@landbridge/server/simulation/world';

/** Of one network. */
const mostTunnels = 12;

/**
 * A random world as it can be built through the API, with a device of its own for each tunnel. Differences to what was drawn:
 * - An IDC with several tunnels becomes several IDCs with the same ranges and a tunnel each: a device with several equal
 *   tunnels would choose among them by itself. IDCs without a tunnel are left out.
 * - Of several enabled VPC routes for the same destination in one table the first is kept; the API refuses the others.
 * - Only tunnels with destination routing fail: those with SPD are not watched.
 * - CCNs have their default route table only, without policies; no gateway has routes of its own to its CCN.
 * - Ranges of a CCN may lie inside each other: no CCN of today refuses that.
 * - No health checks: tunnels fail by having no CHILD_SA here.
 */
export function realisableWorld({ desired, idcs, unusable = new Set() }: World): World {
  const drawn = desired.vpnConnections.slice(0, mostTunnels);
  const vpnConnections = drawn.map((connection, number) => ({
    ...connection,
    customerGatewayId: deviceId(number),
    healthCheck: { ...connection.healthCheck, enabled: false, localAddress: null, remoteAddress: null },
  }));
  const kept = new Set<string>(vpnConnections.map(({ id }) => id));
  const vpnGatewayRoutes = desired.vpnGatewayRoutes.filter(({ nextHop }) => kept.has(nextHop.id));
  const devices = drawn.map(({ customerGatewayId }, number) => {
    const idc = idcs.find(({ id }) => id === customerGatewayId);
    if (idc === undefined) throw new Error(`no ${customerGatewayId}`);
    return { ...idc, id: deviceId(number), address: parseIpAddress(`203.0.113.${10 + number}`) };
  });
  const customerGateways = devices.map(({ id, address }, number) => ({
    ...{ id, address, name: 'device', bgpAsn: null, tags: [], region: 'local', createdAt: 0 },
    accountId: drawn[number]?.accountId ?? '',
  }));
  const failed = vpnConnections.filter(({ id, mode }) => mode === 'route' && unusable.has(id));
  return {
    desired: {
      ...{ ...desired, ...defaultTablesOnly(desired) },
      ccns: desired.ccns.map((ccn) => ({ ...ccn, routeOverlap: true })),
      // Drawn by hand for routes that came disabled, as they do no more.
      ccnRouteChoices: [],
      ...{ vpnConnections, customerGateways, vpnGatewayRoutes, vpcRoutes: singleRoutes(desired) },
    },
    idcs: devices,
    unusable: new Set(failed.map(({ id }) => id)),
  };
}

function deviceId(number: number): CustomerGatewayId {
  return `cgw-device${String(number).padStart(2, '0')}`;
}

function defaultTablesOnly({ ccns, ccnRouteTables, ccnAttachments, ccnRouteChoices }: NetworkRows) {
  const defaults = new Set(ccns.map(({ id }) => defaultRouteTableId(id)));
  return {
    ccnRouteTables: ccnRouteTables.filter(({ id }) => defaults.has(id)),
    ccnAttachments: ccnAttachments.map((one) => ({ ...one, routeTableId: defaultRouteTableId(one.ccnId) })),
    ccnRouteChoices: ccnRouteChoices.filter(({ routeTableId }) => defaults.has(routeTableId)),
    ccnRoutePolicyLists: [],
    ccnSelectionPolicies: [],
  };
}

function singleRoutes({ vpcRoutes }: NetworkRows): NetworkRows['vpcRoutes'] {
  const taken = new Set<string>();
  return vpcRoutes.filter(({ routeTableId, destination, enabled }) => {
    const place = `${routeTableId} ${destination}`;
    if (!enabled) return true;
    if (taken.has(place)) return false;
    taken.add(place);
    return true;
  });
}
