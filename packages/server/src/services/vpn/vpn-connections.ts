import type { Cidr, IpAddress } from '@landbridge/net';
import type { CustomerGateway } from '../../domain/vpn/customer-gateway.ts';
import { forwardingMode, ignoresPolicies, noPolicies, type GivenPolicies } from '../../domain/vpn/forwarding-mode.ts';
import { proposeProbeAddresses, type ProbeAddresses } from '../../domain/vpn/health-check-address.ts';
import { defaultDpd, defaultEsp, defaultHealthCheck, defaultIke } from '../../domain/vpn/negotiation-defaults.ts';
import { patchIke, type IkePatch } from '../../domain/vpn/negotiation-patch.ts';
import type { Tag } from '../../domain/owned.ts';
import type { ProbeState } from '../../domain/vpn/probe-health.ts';
import { refuse } from '../../domain/refusal.ts';
import type { CustomerGatewayId, VpcId, VpnConnectionId, VpnGatewayId } from '../../domain/resource-id.ts';
import { checkAgainstOthers, checkPolicies, checkSizes } from '../../domain/vpn/security-policy.ts';
import type { DpdOptions, EspOptions, HealthCheck, RouteType, VpnConnection } from '../../domain/vpn/vpn-connection.ts';
import { rangesOfVpc } from '../../domain/vpc/vpc.ts';
import type { VpnGateway } from '../../domain/vpn/vpn-gateway.ts';
import { weakOptions } from '../../domain/vpn/weak-algorithm.ts';
import type { DraftRows } from '../../image/draft.ts';
import type { Rows } from '../../image/rows.ts';
import type { Caller } from '../caller.ts';
import { idList, orNotFound, recordTask } from '../changes.ts';
import { checkHostRoom } from '../operator/host-room.ts';
import { checkIdentities } from './identity-rules.ts';
import { checkIsNoMask, shownKey } from './shown-key.ts';
import { otherTunnels, type OtherTunnels } from './other-tunnels.ts';
import { checkPeerAddress, checkProbeAddress } from './probe-address-rules.ts';
import type { ServiceDependencies } from '../dependencies.ts';
import {
  checkCounts,
  checkPeerIsNotUs,
  completeHealthCheck,
  nextIfId,
  type ProbePlace,
} from './vpn-connection-rules.ts';

/** Options that both creation and change take; what is left out keeps its value or takes its default. */
export interface NegotiationPatch {
  readonly policies?: GivenPolicies;
  readonly ike?: IkePatch;
  readonly esp?: Partial<EspOptions>;
  readonly dpd?: Partial<DpdOptions>;
  readonly healthCheck?: Partial<HealthCheck>;
  readonly negotiation?: VpnConnection['negotiation'];
}

export interface NewVpnConnection extends NegotiationPatch {
  readonly name: string;
  readonly preSharedKey: string;
  readonly vpnGatewayId: VpnGatewayId;
  readonly customerGatewayId: CustomerGatewayId;
  /** What the caller says the gateway's VPC is; null means none; undefined: it does not say. */
  readonly vpcId: VpcId | null | undefined;
  readonly routeType: RouteType | undefined;
  readonly tags: readonly Tag[];
}

export interface VpnConnectionChanges extends NegotiationPatch {
  readonly name?: string;
  readonly preSharedKey?: string;
  readonly customerGatewayId?: CustomerGatewayId;
}

/** As the wire shows a tunnel. */
export interface VpnConnectionView extends VpnConnection {
  readonly vpnGatewayAddress: string;
  /** Its newest change has reached the data plane. */
  readonly isApplied: boolean;
  readonly isConnected: boolean;
  /** Null without a health check, and before it was looked at. */
  readonly probe: ProbeState | null;
}

/** With its key in clear, for replies that must hold it. */
export interface OpenedVpnConnection {
  readonly connection: VpnConnectionView;
  readonly preSharedKey: string;
}

export type VpnConnectionService = ReturnType<typeof vpnConnectionService>;

export function vpnConnectionService(dependencies: ServiceDependencies) {
  const { decide, read, plans, observed, clock, ids } = dependencies;

  /** What other tunnels suffer from does not matter. */
  const isApplied = ({ id, vpnGatewayId, generation }: VpnConnection): boolean =>
    plans.isApplied(vpnGatewayId, generation) && observed.outcome(vpnGatewayId)?.failures?.has(id) !== true;

  const viewOf = (connection: VpnConnection, gateway: VpnGateway | undefined): VpnConnectionView => {
    const { sas, usability } = observed.tunnel(connection.id);
    return {
      ...connection,
      vpnGatewayAddress: gateway?.publicAddress ?? '',
      isApplied: isApplied(connection),
      isConnected: sas?.connected ?? false,
      probe: usability?.healthCheck?.state ?? null,
    };
  };

  /** Stores what has to be applied before the tunnel is as it is told. */
  const storeChange = (rows: DraftRows, caller: Caller, gateway: VpnGateway, next: VpnConnection): void => {
    recordTask(rows, caller, clock.now(), gateway.id, next.id);
    rows.vpnConnections.update({ ...next, generation: rows.generation });
  };

  return {
    create: async (caller: Caller, input: NewVpnConnection): Promise<VpnConnectionView> => {
      checkIsNoMask(caller, input.preSharedKey);
      const { connection, gateway } = await decide(caller, (rows) =>
        insertConnection(dependencies, rows, caller, input),
      );
      warnOf(dependencies, connection);
      return viewOf(connection, gateway);
    },

    list: (caller: Caller, ids?: readonly VpnConnectionId[]): Promise<readonly VpnConnection[]> =>
      read((rows) => rows.vpnConnections.list(caller, ids)),

    /** These with their pre-shared keys as the caller may see them, as they are by now: without those that are gone. */
    open: (caller: Caller, connections: readonly VpnConnection[]): Promise<OpenedVpnConnection[]> =>
      read((rows) =>
        connections.flatMap(({ id }) => {
          const connection = rows.vpnConnections.get(id);
          if (connection === undefined) return [];
          const gateway = rows.vpnGateways.get(connection.vpnGatewayId);
          const preSharedKey = shownKey(caller, () => keyOf(dependencies, rows, id) ?? '');
          return [{ connection: viewOf(connection, gateway), preSharedKey }];
        }),
      ),

    modify: async (caller: Caller, id: VpnConnectionId, changes: VpnConnectionChanges): Promise<void> => {
      checkIsNoMask(caller, changes.preSharedKey);
      const changed = await decide(caller, (rows) => {
        const connection = orNotFound(rows.vpnConnections.find(caller, id), id);
        const gatewayId = connection.vpnGatewayId;
        const gateway = orNotFound(rows.vpnGateways.find(caller, gatewayId), gatewayId);
        const next = applyChanges(dependencies, rows, caller, gateway, connection, changes);
        const isRenameOnly = Object.keys(changes).every((key) => key === 'name');
        if (isRenameOnly) rows.vpnConnections.update(next);
        else storeChange(rows, caller, gateway, next);
        return next;
      });
      warnOf(dependencies, changed);
    },

    /** Drops the SAs and negotiates again. */
    reset: (caller: Caller, gatewayId: VpnGatewayId, id: VpnConnectionId): Promise<void> =>
      decide(caller, (rows) => {
        const { gateway, connection } = findBoth(rows, caller, gatewayId, id);
        storeChange(rows, caller, gateway, { ...connection, epoch: connection.epoch + 1 });
      }),

    /** Gateway routes that lead into the tunnel have to go first. */
    remove: (caller: Caller, gatewayId: VpnGatewayId, id: VpnConnectionId): Promise<void> =>
      decide(caller, (rows) => {
        const { gateway } = findBoth(rows, caller, gatewayId, id);
        const blocking = rows.vpnGatewayRoutes.of('nextHop', id);
        if (blocking.length > 0) refuse('vpn-connection-in-use', { id, blocking: idList(blocking) });
        rows.vpnConnections.remove(id);
        rows.record({ kind: 'end-of-events', resourceId: id });
        recordTask(rows, caller, clock.now(), gateway.id, id);
      }),

    /** Two free neighbouring addresses for a health check; not reserved. */
    proposeProbeAddresses: (caller: Caller, gatewayId: VpnGatewayId): Promise<ProbeAddresses> =>
      read((rows) => {
        orNotFound(rows.vpnGateways.find(caller, gatewayId), gatewayId);
        const { probingWith } = otherTunnels(rows, gatewayId, undefined);
        const isTaken = (address: IpAddress) => probingWith(address).length > 0;
        return proposeProbeAddresses(isTaken, randomNumber(ids)) ?? refuse('health-check-no-address-left');
      }),
  };
}

type Dependencies = ServiceDependencies;

export function findBoth(rows: Rows, caller: Caller, gatewayId: VpnGatewayId, id: VpnConnectionId) {
  const gateway = orNotFound(rows.vpnGateways.find(caller, gatewayId), gatewayId);
  const connection = orNotFound(rows.vpnConnections.find(caller, id), id);
  if (connection.vpnGatewayId !== gatewayId) refuse('not-found', { id });
  return { gateway, connection };
}

function insertConnection(
  dependencies: Dependencies,
  rows: DraftRows,
  caller: Caller,
  input: NewVpnConnection,
): { connection: VpnConnection; gateway: VpnGateway } {
  const { observed, uplink, defaults, quotas, clock, ids } = dependencies;
  const { vpnGatewayId, customerGatewayId } = input;
  const gateway = orNotFound(rows.vpnGateways.find(caller, vpnGatewayId), vpnGatewayId);
  const peer = orNotFound(rows.customerGateways.find(caller, customerGatewayId), customerGatewayId);
  if (input.vpcId !== undefined && input.vpcId !== gateway.vpcId) {
    refuse('vpn-gateway-vpc-mismatch', {
      id: gateway.id,
      vpcId: gateway.vpcId ?? { en: 'no VPC', zh: '云联网类型，没有私有网络' },
    });
  }
  if ((observed.outcome(gateway.id)?.appliedGeneration ?? -1) < 1)
    refuse('vpn-gateway-not-available', { id: gateway.id });
  const others = otherTunnels(rows, gateway.id, undefined);
  checkCounts(gateway, peer, others, rows.vpnConnections.of('customerGateway', peer.id).length, quotas);
  checkPeerIsNotUs(rows, uplink, gateway, peer);
  const vpcRanges = vpcRangesOf(rows, caller, gateway);
  const forwarding = forwardingMode(input.routeType, input.policies ?? noPolicies);
  checkSizes(input.policies?.entries ?? [], quotas);
  checkPolicies(forwarding.policies, vpcRanges);
  checkAgainstOthers(forwarding.policies, others, quotas);
  checkPeerAddress(peer, undefined, others);
  const place = probePlace(rows, gateway, peer, forwarding.mode, others);
  const healthCheck = { ...defaultHealthCheck, ...input.healthCheck };
  const connection: VpnConnection = {
    accountId: caller.accountId,
    region: caller.region,
    createdAt: clock.now(),
    id: ids.resourceId('vpnx'),
    name: input.name,
    vpnGatewayId,
    customerGatewayId,
    vpcId: gateway.vpcId,
    ifId: nextIfId(rows, gateway.id, others),
    ...forwarding,
    negotiation: input.negotiation ?? 'active',
    ike: patchIke(defaultIke(defaults, input.ike?.version), input.ike ?? {}),
    esp: { ...defaultEsp(defaults), ...input.esp },
    dpd: { ...defaultDpd(defaults), ...input.dpd },
    healthCheck: completeHealthCheck(healthCheck, null, place, randomNumber(ids)),
    epoch: 0,
    generation: rows.generation,
    tags: input.tags,
  };
  checkIdentities(
    { rows, keyOf: (id) => keyOf(dependencies, rows, id) },
    gateway,
    connection,
    input.preSharedKey,
    others,
  );
  checkHostRoom(dependencies, rows, 'vpnConnections');
  recordTask(rows, caller, clock.now(), gateway.id, connection.id);
  rows.vpnConnections.insert(connection);
  putKey(dependencies, rows, connection.id, input.preSharedKey);
  return { connection, gateway };
}

/** The tunnel with the changes, checked; a new pre-shared key is stored and counts as a new epoch. */
function applyChanges(
  dependencies: Dependencies,
  rows: DraftRows,
  caller: Caller,
  gateway: VpnGateway,
  connection: VpnConnection,
  changes: VpnConnectionChanges,
): VpnConnection {
  const { uplink, quotas, ids } = dependencies;
  const peerId = changes.customerGatewayId ?? connection.customerGatewayId;
  const peer: CustomerGateway = orNotFound(rows.customerGateways.find(caller, peerId), peerId);
  const others = otherTunnels(rows, gateway.id, connection);
  const isPeerChanged = peerId !== connection.customerGatewayId;
  if (isPeerChanged) {
    checkCounts(gateway, peer, others, rows.vpnConnections.of('customerGateway', peer.id).length, quotas);
    checkPeerIsNotUs(rows, uplink, gateway, peer);
  }
  const vpcRanges = vpcRangesOf(rows, caller, gateway);
  const forwarding =
    changes.policies === undefined ? connection : forwardingMode(connection.routeType, changes.policies);
  const { routeType, mode, policies, writtenPolicies } = forwarding;
  if (changes.policies !== undefined) {
    checkSizes(changes.policies.entries, quotas);
    checkPolicies(policies, vpcRanges);
    checkAgainstOthers(policies, others, quotas);
    if (mode === 'spd') checkNoRouteLeadsTo(rows, connection);
  }
  if (isPeerChanged) checkPeerAddress(peer, connection, others);
  const place = probePlace(rows, gateway, peer, mode, others);
  const healthCheck = { ...connection.healthCheck, ...changes.healthCheck };
  const next = {
    ...connection,
    name: changes.name ?? connection.name,
    customerGatewayId: peerId,
    routeType,
    mode,
    policies,
    writtenPolicies,
    negotiation: changes.negotiation ?? connection.negotiation,
    ike: patchIke(connection.ike, changes.ike ?? {}),
    esp: { ...connection.esp, ...changes.esp },
    dpd: { ...connection.dpd, ...changes.dpd },
    healthCheck: completeHealthCheck(healthCheck, connection.healthCheck, place, randomNumber(ids)),
  };
  const key = changes.preSharedKey ?? keyOf(dependencies, rows, connection.id) ?? '';
  if (isPeerChanged || changes.ike !== undefined || changes.preSharedKey !== undefined) {
    checkIdentities({ rows, keyOf: (id) => keyOf(dependencies, rows, id) }, gateway, next, key, others);
  }
  return { ...next, epoch: connection.epoch + storeKey(dependencies, rows, connection.id, changes.preSharedKey) };
}

/** What passes a tunnel with policies, they say alone: gateway routes lead into none (docs/spec/semantics.md section 5). */
function checkNoRouteLeadsTo(rows: Rows, { id, mode }: VpnConnection): void {
  if (mode === 'spd') return;
  const routes = rows.vpnGatewayRoutes.of('nextHop', id);
  if (routes.length > 0) refuse('policies-with-gateway-routes', { id, blocking: idList(routes) });
}

function probePlace(
  rows: Rows,
  gateway: VpnGateway,
  peer: CustomerGateway,
  mode: VpnConnection['mode'],
  others: OtherTunnels,
): ProbePlace {
  const surroundings = { rows, gateway, peer, others };
  return { mode, others, checkAddress: (side, address) => checkProbeAddress(side, address, surroundings) };
}

/** Returns by how much the epoch grows: 1 for a different key, 0 for the same or none. */
function storeKey(dependencies: Dependencies, rows: DraftRows, id: VpnConnectionId, key: string | undefined): 0 | 1 {
  if (key === undefined || key === keyOf(dependencies, rows, id)) return 0;
  putKey(dependencies, rows, id, key);
  return 1;
}

function putKey({ sealing }: Dependencies, rows: DraftRows, vpnConnectionId: VpnConnectionId, key: string): void {
  rows.preSharedKeys.put({ vpnConnectionId, sealedKey: sealing.seal(`pre-shared-key:${vpnConnectionId}`, key) });
}

/** In clear. */
export function keyOf({ sealing }: Pick<Dependencies, 'sealing'>, rows: Rows, id: VpnConnectionId): string | undefined {
  const row = rows.preSharedKeys.get(id);
  return row && sealing.open(`pre-shared-key:${id}`, row.sealedKey);
}

/** None on a gateway without a VPC. */
function vpcRangesOf(rows: Rows, caller: Caller, { vpcId }: VpnGateway): readonly Cidr[] {
  return vpcId === null ? [] : rangesOfVpc(orNotFound(rows.vpcs.find(caller, vpcId), vpcId));
}

function randomNumber(ids: Dependencies['ids']): number {
  return Number.parseInt(ids.token(4), 16);
}

/** What is accepted, but never silently: weak algorithms, because peers may know nothing better, and what says two things at once. */
function warnOf({ logger }: Dependencies, connection: VpnConnection): void {
  const fields = weakOptions(connection);
  if (fields.length > 0) logger.warn({ vpnConnectionId: connection.id, fields }, 'weak algorithms chosen');
  if (ignoresPolicies(connection)) logger.warn({ vpnConnectionId: connection.id }, 'policies are ignored');
}
