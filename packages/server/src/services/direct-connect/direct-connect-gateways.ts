import type { DirectConnectGateway } from '../../domain/direct-connect/direct-connect-gateway.ts';
import { lineName } from '../../domain/direct-connect/direct-connect-line.ts';
import { refuse } from '../../domain/refusal.ts';
import type { CcnId, DirectConnectGatewayId } from '../../domain/resource-id.ts';
import type { Rows } from '../../image/rows.ts';
import { attachInstance } from '../ccn/ccn-attachments.ts';
import type { Caller } from '../caller.ts';
import { detachFromCcn } from '../ccn/detach-from-ccn.ts';
import { checkQuota, orNotFound } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';

export interface NewDirectConnectGateway extends Pick<
  DirectConnectGateway,
  'name' | 'network' | 'vpcId' | 'modeType' | 'asn' | 'tags'
> {
  /** The CCN to attach it to; null for a gateway of a VPC, or for later. */
  readonly ccnId: CcnId | null;
}

export type DirectConnectGatewayChanges = Partial<Pick<DirectConnectGateway, 'name' | 'modeType'>>;

export interface DirectConnectGatewayView extends DirectConnectGateway {
  readonly ccnId: CcnId | null;
  /** Of the line, without the prefix length; empty without a line. */
  readonly lineAddress: string;
}

export type DirectConnectGatewayService = ReturnType<typeof directConnectGatewayService>;

export function directConnectGatewayService({ decide, read, quotas, clock, ids }: ServiceDependencies) {
  return {
    create: (caller: Caller, { ccnId, ...input }: NewDirectConnectGateway): Promise<DirectConnectGatewayView> =>
      decide(caller, (rows) => {
        const { accountId, region } = caller;
        checkQuota(quotas, 'directConnectGateways', rows.directConnectGateways.list(caller).length);
        const ofAccount = rows.directConnectGateways.of('account', accountId);
        checkQuota(quotas, 'directConnectGatewaysPerAccount', ofAccount.length);
        if (input.vpcId !== null) orNotFound(rows.vpcs.find(caller, input.vpcId), input.vpcId);
        if (ccnId !== null) orNotFound(rows.ccns.find(caller, ccnId), ccnId);
        const id = ids.resourceId('dcg');
        const gateway = { ...input, accountId, region, createdAt: clock.now(), id };
        rows.directConnectGateways.insert(gateway);
        if (ccnId !== null) {
          checkQuota(quotas, 'instancesPerCcn', rows.ccnAttachments.of('ccn', ccnId).length, ccnId);
          const instance = { kind: 'direct-connect-gateway', id } as const;
          attachInstance(rows, caller, ccnId, { instance, region, description: '', routeTableId: null }, clock.now());
        }
        return viewOf(rows, gateway);
      }),

    /** With ids only those. */
    list: (caller: Caller, gatewayIds?: readonly DirectConnectGatewayId[]): Promise<DirectConnectGatewayView[]> =>
      read((rows) => rows.directConnectGateways.list(caller, gatewayIds).map((gateway) => viewOf(rows, gateway))),

    /** Options left out stay. None of them changes the plan. */
    modify: (caller: Caller, id: DirectConnectGatewayId, changes: DirectConnectGatewayChanges): Promise<void> =>
      decide(caller, (rows) => {
        const gateway = orNotFound(rows.directConnectGateways.find(caller, id), id);
        rows.directConnectGateways.update({ ...gateway, ...changes });
      }),

    /** Takes its attachment, its ranges and the VPC routes that lead to it along; the line has to go first. */
    remove: (caller: Caller, id: DirectConnectGatewayId): Promise<void> =>
      decide(caller, (rows) => {
        orNotFound(rows.directConnectGateways.find(caller, id), id);
        const line = rows.directConnectLines.get(id);
        if (line !== undefined) refuse('direct-connect-gateway-in-use', { id, blocking: lineName(line) });
        const attachment = rows.ccnAttachments.get(id);
        if (attachment !== undefined) detachFromCcn(rows, attachment);
        for (const route of rows.vpcRoutes.of('nextHop', id)) rows.vpcRoutes.remove(route.id);
        rows.ccnAttachmentRequests.remove(id);
        rows.directConnectGateways.remove(id);
      }),
  };
}

function viewOf(rows: Rows, gateway: DirectConnectGateway): DirectConnectGatewayView {
  const attachment = rows.ccnAttachments.get(gateway.id);
  const line = rows.directConnectLines.get(gateway.id);
  const [lineAddress = ''] = line?.localAddress.split('/') ?? [];
  return { ...gateway, ccnId: attachment?.ccnId ?? null, lineAddress };
}
