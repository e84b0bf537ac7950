import { networkAddress, type IpAddress } from '@landbridge/net';
import { isSameBandwidthClass } from '../../domain/vpn/bandwidth.ts';
import type { Tag } from '../../domain/owned.ts';
import { refuse } from '../../domain/refusal.ts';
import type { CcnId, VpcId, VpnGatewayId } from '../../domain/resource-id.ts';
import { allocatePublicAddress, type Uplink } from '../../domain/operator/uplink.ts';
import type { VpnGateway, VpnGatewayKind } from '../../domain/vpn/vpn-gateway.ts';
import type { DraftRows } from '../../image/draft.ts';
import type { Rows } from '../../image/rows.ts';
import type { Caller } from '../caller.ts';
import { checkQuota, idList, orNotFound, recordTask } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';
import { checkHostRoom } from '../operator/host-room.ts';
import { ifIdSeries } from './vpn-connection-rules.ts';

export interface NewVpnGateway {
  readonly name: string;
  readonly kind: VpnGatewayKind;
  /** Set exactly when `kind` is `vpc`. */
  readonly vpcId: VpcId | null;
  readonly bandwidthMbps: number;
  readonly zone: string;
  readonly prepaid: boolean;
  readonly renewFlag: VpnGateway['renewFlag'];
  readonly bgpAsn: number | null;
  readonly maxConnections: number | null;
  readonly tags: readonly Tag[];
}

export type VpnGatewayChanges = Partial<Pick<VpnGateway, 'name' | 'prepaid' | 'bgpAsn' | 'maxConnections'>>;

export interface VpnGatewayView extends VpnGateway {
  /** The CCN it is attached to. */
  readonly ccnId: CcnId | null;
  /** It has been built once; later changes do not take that back. */
  readonly isApplied: boolean;
}

/** A new row's generation: once a plan of it or later was applied, the gateway exists. */
const firstGeneration = 1;

export type VpnGatewayService = ReturnType<typeof vpnGatewayService>;

export function vpnGatewayService(dependencies: ServiceDependencies) {
  const { decide, read, observed, uplink, quotas, clock, ids } = dependencies;
  const viewOf = (gateway: VpnGateway, ccnId: CcnId | null): VpnGatewayView => ({
    ...gateway,
    ccnId,
    isApplied: (observed.outcome(gateway.id)?.appliedGeneration ?? -1) >= firstGeneration,
  });

  const change = (caller: Caller, id: VpnGatewayId, work: (gateway: VpnGateway) => VpnGateway): Promise<void> =>
    decide(caller, (rows) => {
      const gateway = orNotFound(rows.vpnGateways.find(caller, id), id);
      rows.vpnGateways.update(work(gateway));
    });

  return {
    create: (caller: Caller, input: NewVpnGateway): Promise<VpnGatewayView> =>
      decide(caller, (rows) => {
        if (input.vpcId !== null && rows.vpcs.find(caller, input.vpcId) === undefined) {
          refuse('vpc-not-found', { id: input.vpcId });
        }
        const { accountId, region } = caller;
        const sameKind = rows.vpnGateways.list(caller).filter(({ kind }) => kind === input.kind).length;
        checkQuota(quotas, input.kind === 'vpc' ? 'vpcVpnGateways' : 'ccnVpnGateways', sameKind);
        checkQuota(quotas, 'vpnGatewaysPerAccount', rows.vpnGateways.of('account', caller.accountId).length);
        const gateway: VpnGateway = {
          ...input,
          ...{ accountId, region, createdAt: clock.now(), id: ids.resourceId('vpngw') },
          publicAddress: takeAddress(rows, uplink),
          checksSources: true,
        };
        checkHostRoom(dependencies, rows, 'vpnGateways');
        rows.vpnGateways.insert(gateway);
        recordTask(rows, caller, clock.now(), gateway.id);
        return viewOf(gateway, null);
      }),

    /** With ids only those. */
    list: (caller: Caller, gatewayIds?: readonly VpnGatewayId[]): Promise<readonly VpnGateway[]> =>
      read((rows) => rows.vpnGateways.list(caller, gatewayIds)),

    view: (gateways: readonly VpnGateway[]): Promise<VpnGatewayView[]> =>
      read((rows) => gateways.map((gateway) => viewOf(gateway, rows.ccnAttachments.get(gateway.id)?.ccnId ?? null))),

    /** Options left out stay. None of them changes the plan. */
    modify: (caller: Caller, id: VpnGatewayId, changes: VpnGatewayChanges): Promise<void> =>
      change(caller, id, (gateway) => ({ ...gateway, ...changes })),

    setBandwidth: (caller: Caller, id: VpnGatewayId, bandwidthMbps: number): Promise<void> =>
      decide(caller, (rows) => {
        const gateway = orNotFound(rows.vpnGateways.find(caller, id), id);
        if (!isSameBandwidthClass(gateway.bandwidthMbps, bandwidthMbps)) {
          refuse('bandwidth-class-fixed', { id, from: gateway.bandwidthMbps, to: bandwidthMbps });
        }
        rows.vpnGateways.update({ ...gateway, bandwidthMbps });
        recordTask(rows, caller, clock.now(), id);
      }),

    setRenewFlag: (
      caller: Caller,
      gatewayIds: readonly VpnGatewayId[],
      renewFlag: VpnGateway['renewFlag'],
    ): Promise<void> =>
      decide(caller, (rows) => {
        for (const id of gatewayIds) {
          const gateway = orNotFound(rows.vpnGateways.find(caller, id), id);
          if (!gateway.prepaid) refuse('vpn-gateway-not-prepaid', { id });
          rows.vpnGateways.update({ ...gateway, renewFlag });
        }
      }),

    /** Nothing expires here: only the flag is kept. Postpaid gateways are refused. */
    renew: (caller: Caller, id: VpnGatewayId, renewFlag: VpnGateway['renewFlag']): Promise<void> =>
      change(caller, id, (gateway) => {
        if (!gateway.prepaid) refuse('vpn-gateway-not-prepaid', { id });
        return { ...gateway, renewFlag };
      }),

    /** Tunnels, the VPC routes that lead here and its place in a CCN have to go first. */
    remove: (caller: Caller, id: VpnGatewayId): Promise<void> =>
      decide(caller, (rows) => {
        const gateway = orNotFound(rows.vpnGateways.find(caller, id), id);
        const blocking = usersOf(rows, id);
        if (blocking.length > 0) refuse('vpn-gateway-in-use', { id, blocking: idList(blocking) });
        removeRows(rows, id);
        recordTask(rows, caller, clock.now(), gateway.id);
      }),
  };
}

function removeRows(rows: DraftRows, id: VpnGatewayId): void {
  rows.record({ kind: 'end-of-events', resourceId: id });
  rows.ccnAttachmentRequests.remove(id);
  rows.counters.remove(ifIdSeries(id));
  rows.vpnGateways.remove(id);
}

function usersOf(rows: Rows, id: VpnGatewayId): { readonly id: string }[] {
  const attachment = rows.ccnAttachments.get(id);
  return [
    ...rows.vpnConnections.of('vpnGateway', id),
    ...rows.vpcRoutes.of('nextHop', id),
    ...(attachment === undefined ? [] : [{ id: attachment.ccnId }]),
  ];
}

function takeAddress(rows: Rows, uplink: Uplink | null): IpAddress {
  if (uplink === null) refuse('no-uplink');
  const isTaken = (address: IpAddress) => rows.vpnGateways.of('publicAddress', address).length > 0;
  const address = allocatePublicAddress(uplink, isTaken);
  return address ?? refuse('no-public-address-left', { pool: poolText(uplink) });
}

function poolText(uplink: Uplink): string {
  if (uplink.mode === 'nat') return uplink.address;
  const shown = uplink.addresses.map((range) => (range.endsWith('/32') ? networkAddress(range) : range));
  return shown.join(', ');
}
