import { networkAddress, type IpAddress } from '@landbridge/net';
import { isSameBandwidthClass } from '../../domain/vpn/bandwidth.ts';
import type { Tag } from '../../domain/owned.ts';
import { refuse } from '../../domain/refusal.ts';
import type { CcnId, VpcId, VpnGatewayId } from '../../domain/resource-id.ts';
import { allocatePublicAddress, type Uplink } from '../../domain/operator/uplink.ts';
import type { VpnGateway, VpnGatewayKind } from '../../domain/vpn/vpn-gateway.ts';
import type { Transaction } from '../../store/transaction.ts';
import type { Caller } from '../caller.ts';
import { checkQuota, idList, orNotFound, recordTask, touchVpnGateway } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';
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

export function vpnGatewayService({ store, observed, uplink, quotas, clock, ids }: ServiceDependencies) {
  const viewOf = (gateway: VpnGateway, ccnId: CcnId | null): VpnGatewayView => ({
    ...gateway,
    ccnId,
    isApplied: (observed.outcome(gateway.id)?.appliedGeneration ?? -1) >= firstGeneration,
  });

  const change = (caller: Caller, id: VpnGatewayId, work: (gateway: VpnGateway) => VpnGateway): Promise<void> =>
    store.transaction(async (transaction) => {
      const gateway = orNotFound(await transaction.vpnGateways.find(caller, id), id);
      await transaction.vpnGateways.update(work(gateway));
    });

  return {
    create: (caller: Caller, input: NewVpnGateway): Promise<VpnGatewayView> =>
      store.transaction(async (transaction) => {
        if (input.vpcId !== null && (await transaction.vpcs.find(caller, input.vpcId)) === undefined) {
          refuse('vpc-not-found', { id: input.vpcId });
        }
        const { accountId, region } = caller;
        const sameKind = await transaction.vpnGateways.countOfKind(caller, input.kind);
        checkQuota(quotas, input.kind === 'vpc' ? 'vpcVpnGateways' : 'ccnVpnGateways', sameKind);
        checkQuota(quotas, 'vpnGatewaysPerAccount', await transaction.vpnGateways.count({ accountId }));
        const gateway: VpnGateway = {
          ...input,
          ...{ accountId, region, createdAt: clock.now(), id: ids.resourceId('vpngw') },
          publicAddress: await takeAddress(transaction, uplink),
          generation: firstGeneration,
          checksSources: true,
        };
        await transaction.vpnGateways.insert(gateway);
        await recordTask(transaction, caller, clock.now(), gateway);
        nameNeighbours(transaction, gateway);
        return viewOf(gateway, null);
      }),

    list: (caller: Caller): Promise<VpnGatewayView[]> =>
      store.transaction(async (transaction) => {
        const attachments = await transaction.ccnAttachments.all();
        const ccnOf = new Map<string, CcnId>(attachments.map(({ instance, ccnId }) => [instance.id, ccnId]));
        const gateways = await transaction.vpnGateways.list(caller);
        return gateways.map((gateway) => viewOf(gateway, ccnOf.get(gateway.id) ?? null));
      }),

    /** Options left out stay. None of them changes the plan. */
    modify: (caller: Caller, id: VpnGatewayId, changes: VpnGatewayChanges): Promise<void> =>
      change(caller, id, (gateway) => ({ ...gateway, ...changes })),

    setBandwidth: (caller: Caller, id: VpnGatewayId, bandwidthMbps: number): Promise<void> =>
      store.transaction(async (transaction) => {
        const gateway = orNotFound(await transaction.vpnGateways.find(caller, id), id);
        if (!isSameBandwidthClass(gateway.bandwidthMbps, bandwidthMbps)) {
          refuse('bandwidth-class-fixed', { id, from: gateway.bandwidthMbps, to: bandwidthMbps });
        }
        await touchVpnGateway(transaction, caller, clock.now(), { ...gateway, bandwidthMbps });
      }),

    setRenewFlag: (
      caller: Caller,
      gatewayIds: readonly VpnGatewayId[],
      renewFlag: VpnGateway['renewFlag'],
    ): Promise<void> =>
      store.transaction(async (transaction) => {
        for (const id of gatewayIds) {
          const gateway = orNotFound(await transaction.vpnGateways.find(caller, id), id);
          if (!gateway.prepaid) refuse('vpn-gateway-not-prepaid', { id });
          await transaction.vpnGateways.update({ ...gateway, renewFlag });
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
      store.transaction(async (transaction) => {
        const gateway = orNotFound(await transaction.vpnGateways.find(caller, id), id);
        const blocking = await usersOf(transaction, id);
        if (blocking.length > 0) refuse('vpn-gateway-in-use', { id, blocking: idList(blocking) });
        await removeRows(transaction, id);
        await recordTask(transaction, caller, clock.now(), gateway);
        nameNeighbours(transaction, gateway);
      }),
  };
}

async function removeRows(transaction: Transaction, id: VpnGatewayId): Promise<void> {
  await transaction.events.removeOf(id);
  await transaction.ccnAttachmentRequests.remove(id);
  await transaction.counters.remove(ifIdSeries(id));
  await transaction.vpnGateways.remove(id);
}

async function usersOf(transaction: Transaction, id: VpnGatewayId): Promise<{ readonly id: string }[]> {
  const attachment = await transaction.ccnAttachments.find(id);
  return [
    ...(await transaction.vpnConnections.listOfVpnGateway(id)),
    ...(await transaction.vpcRoutes.listByNextHop(id)),
    ...(attachment === undefined ? [] : [{ id: attachment.ccnId }]),
  ];
}

/** A gateway that comes or goes concerns its VPC, which holds the other end of its cable, and the host's uplink. */
function nameNeighbours(transaction: Transaction, { id, vpcId }: VpnGateway): void {
  transaction.changed('host', id);
  if (vpcId !== null) transaction.changed(vpcId);
}

async function takeAddress(transaction: Transaction, uplink: Uplink | null): Promise<IpAddress> {
  if (uplink === null) refuse('no-uplink');
  const taken = new Set(await transaction.vpnGateways.publicAddresses());
  const address = allocatePublicAddress(uplink, taken);
  return address ?? refuse('no-public-address-left', { pool: poolText(uplink) });
}

function poolText(uplink: Uplink): string {
  if (uplink.mode === 'nat') return uplink.address;
  const shown = uplink.addresses.map((range) => (range.endsWith('/32') ? networkAddress(range) : range));
  return shown.join(', ');
}
