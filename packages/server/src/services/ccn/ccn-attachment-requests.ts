import type { CcnInstance } from '../../domain/ccn/ccn.ts';
import { requestState, type CcnAttachmentRequest } from '../../domain/ccn/ccn-attachment-request.ts';
import { refuse } from '../../domain/refusal.ts';
import type { CcnId, CcnRouteTableId } from '../../domain/resource-id.ts';
import { rangesOfVpc } from '../../domain/vpc/vpc.ts';
import type { Rows } from '../../image/rows.ts';
import type { Caller } from '../caller.ts';
import {
  attachInstance,
  checkAttachable,
  nameOf,
  type CcnAttachmentView,
  type InstanceReference,
} from './ccn-attachments.ts';
import { checkQuota, orNotFound } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';

/** A request as the owner of the CCN names it. */
export interface RequestReference {
  readonly instanceId: CcnInstance['id'];
  /** To be bound to; null: the default one. */
  readonly routeTableId: CcnRouteTableId | null;
}

export type CcnAttachmentRequestService = ReturnType<typeof ccnAttachmentRequestService>;

/** Instances of one account on a CCN of another: asked for by the one, accepted or rejected by the other. */
export function ccnAttachmentRequestService({ decide, read, quotas, regions, clock }: ServiceDependencies) {
  const pendingRequest = (rows: Rows, ccnId: CcnId, id: CcnInstance['id']): CcnAttachmentRequest => {
    const request = rows.ccnAttachmentRequests.get(id);
    if (request?.ccnId === ccnId && requestState(request, clock.now()) === 'pending') return request;
    const isKnown = request?.ccnId === ccnId || rows.ccnAttachments.get(id)?.ccnId === ccnId;
    return isKnown ? refuse('ccn-request-not-pending', { id }) : refuse('ccn-not-attached', { id, ccn: ccnId });
  };

  return {
    /** Asks the account that owns the CCN; asking again starts anew. All or none. */
    ask: (caller: Caller, owner: string, ccnId: CcnId, references: readonly InstanceReference[]): Promise<void> =>
      decide(caller, (rows) => {
        orNotFound(rows.ccns.find({ accountId: owner }, ccnId), ccnId);
        const { accountId } = caller;
        for (const { instance, region, description } of references) {
          regions.expect(region);
          checkAttachable(rows, { accountId, region }, instance);
          const request = { accountId, region, createdAt: clock.now(), ccnId, instance, description };
          rows.ccnAttachmentRequests.put({ ...request, isRejected: false });
        }
      }),

    /** By the owner of the CCN. All or none. */
    accept: (caller: Caller, ccnId: CcnId, references: readonly RequestReference[]): Promise<void> =>
      decide(caller, (rows) => {
        orNotFound(rows.ccns.find(caller, ccnId), ccnId);
        for (const { instanceId, routeTableId } of references) {
          const { accountId, ...request } = pendingRequest(rows, ccnId, instanceId);
          checkQuota(quotas, 'instancesPerCcn', rows.ccnAttachments.of('ccn', ccnId).length, ccnId);
          attachInstance(rows, { accountId }, ccnId, { ...request, routeTableId }, clock.now());
        }
      }),

    /** By the owner of the CCN. All or none. */
    reject: (caller: Caller, ccnId: CcnId, instanceIds: readonly CcnInstance['id'][]): Promise<void> =>
      decide(caller, (rows) => {
        orNotFound(rows.ccns.find(caller, ccnId), ccnId);
        for (const id of instanceIds) {
          rows.ccnAttachmentRequests.update({ ...pendingRequest(rows, ccnId, id), isRejected: true });
        }
      }),

    /** By the owner of the instances, after a request expired or was rejected. All or none. */
    askAgain: (caller: Caller, owner: string, ccnId: CcnId, instanceIds: readonly CcnInstance['id'][]): Promise<void> =>
      decide(caller, (rows) => {
        orNotFound(rows.ccns.find({ accountId: owner }, ccnId), ccnId);
        for (const id of instanceIds) {
          const request = rows.ccnAttachmentRequests.get(id);
          const isOwn = request?.ccnId === ccnId && request.accountId === caller.accountId;
          const own = orNotFound(isOwn ? request : undefined, id);
          rows.ccnAttachmentRequests.update({ ...own, createdAt: clock.now(), isRejected: false });
        }
      }),

    /** Those of the account's instances, and those for the account's CCNs. */
    list: (caller: Caller): Promise<CcnAttachmentView[]> =>
      read((rows) => {
        const asked = rows.ccnAttachmentRequests.of('account', caller.accountId);
        const received = rows.ccns.list(caller).flatMap(({ id }) => rows.ccnAttachmentRequests.of('ccn', id));
        const requests = [...new Set([...asked, ...received])].sort((a, b) => a.createdAt - b.createdAt);
        return requests.map((request): CcnAttachmentView => {
          const ccnAccountId = rows.ccns.get(request.ccnId)?.accountId ?? '';
          const vpc = rows.vpcs.get(request.instance.id);
          return {
            ...{ ...request, ccnAccountId, name: nameOf(request.instance, rows) },
            ...{ routeTableId: null, routeTableName: '', boundAt: request.createdAt },
            ranges: vpc === undefined ? [] : rangesOfVpc(vpc),
            state: requestState(request, clock.now()),
          };
        });
      }),
  };
}
