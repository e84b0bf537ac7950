import type { CcnInstance } from '../../domain/ccn/ccn.ts';
import { requestState, type CcnAttachmentRequest } from '../../domain/ccn/ccn-attachment-request.ts';
import { refuse } from '../../domain/refusal.ts';
import type { CcnId, CcnRouteTableId } from '../../domain/resource-id.ts';
import { readDesiredState } from '../../store/desired-state.ts';
import type { Transaction } from '../../store/transaction.ts';
import type { Caller } from '../caller.ts';
import {
  attachInstance,
  checkAttachable,
  instanceNames,
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
export function ccnAttachmentRequestService({ store, quotas, regions, clock }: ServiceDependencies) {
  const pendingRequest = async (
    transaction: Transaction,
    ccnId: CcnId,
    id: CcnInstance['id'],
  ): Promise<CcnAttachmentRequest> => {
    const request = await transaction.ccnAttachmentRequests.find(id);
    if (request?.ccnId === ccnId && requestState(request, clock.now()) === 'pending') return request;
    const isKnown = request?.ccnId === ccnId || (await transaction.ccnAttachments.find(id))?.ccnId === ccnId;
    return isKnown ? refuse('ccn-request-not-pending', { id }) : refuse('ccn-not-attached', { id, ccn: ccnId });
  };

  return {
    /** Asks the account that owns the CCN; asking again starts anew. All or none. */
    ask: (caller: Caller, owner: string, ccnId: CcnId, references: readonly InstanceReference[]): Promise<void> =>
      store.transaction(async (transaction) => {
        orNotFound(await transaction.ccns.find({ accountId: owner }, ccnId), ccnId);
        const { accountId } = caller;
        for (const { instance, region, description } of references) {
          regions.expect(region);
          await checkAttachable(transaction, { accountId, region }, instance);
          const request = { accountId, region, createdAt: clock.now(), ccnId, instance, description };
          await transaction.ccnAttachmentRequests.remove(instance.id);
          await transaction.ccnAttachmentRequests.insert({ ...request, isRejected: false });
        }
      }),

    /** By the owner of the CCN. All or none. */
    accept: (caller: Caller, ccnId: CcnId, references: readonly RequestReference[]): Promise<void> =>
      store.transaction(async (transaction) => {
        orNotFound(await transaction.ccns.find(caller, ccnId), ccnId);
        for (const { instanceId, routeTableId } of references) {
          const { accountId, ...request } = await pendingRequest(transaction, ccnId, instanceId);
          checkQuota(quotas, 'instancesPerCcn', (await transaction.ccnAttachments.listOfCcn(ccnId)).length);
          await attachInstance(transaction, { accountId }, ccnId, { ...request, routeTableId }, clock.now());
        }
      }),

    /** By the owner of the CCN. All or none. */
    reject: (caller: Caller, ccnId: CcnId, instanceIds: readonly CcnInstance['id'][]): Promise<void> =>
      store.transaction(async (transaction) => {
        orNotFound(await transaction.ccns.find(caller, ccnId), ccnId);
        for (const id of instanceIds) {
          const request = await pendingRequest(transaction, ccnId, id);
          await transaction.ccnAttachmentRequests.remove(id);
          await transaction.ccnAttachmentRequests.insert({ ...request, isRejected: true });
        }
      }),

    /** By the owner of the instances, after a request expired or was rejected. All or none. */
    askAgain: (caller: Caller, owner: string, ccnId: CcnId, instanceIds: readonly CcnInstance['id'][]): Promise<void> =>
      store.transaction(async (transaction) => {
        orNotFound(await transaction.ccns.find({ accountId: owner }, ccnId), ccnId);
        for (const id of instanceIds) {
          const request = await transaction.ccnAttachmentRequests.find(id);
          const isOwn = request?.ccnId === ccnId && request.accountId === caller.accountId;
          const own = orNotFound(isOwn ? request : undefined, id);
          await transaction.ccnAttachmentRequests.remove(id);
          await transaction.ccnAttachmentRequests.insert({ ...own, createdAt: clock.now(), isRejected: false });
        }
      }),

    /** Those of the account's instances, and those for the account's CCNs. */
    list: (caller: Caller): Promise<CcnAttachmentView[]> =>
      store.transaction(async (transaction) => {
        const rows = await readDesiredState(transaction);
        const names = instanceNames(rows);
        const owners = new Map(rows.ccns.map(({ id, accountId }) => [id, accountId]));
        return (await transaction.ccnAttachmentRequests.all()).flatMap((request): CcnAttachmentView[] => {
          const ccnAccountId = owners.get(request.ccnId) ?? '';
          if (request.accountId !== caller.accountId && ccnAccountId !== caller.accountId) return [];
          const vpc = rows.vpcs.find(({ id }) => id === request.instance.id);
          return [
            {
              ...{ ...request, ccnAccountId, name: names.get(request.instance.id) ?? '' },
              ...{ routeTableId: null, routeTableName: '', boundAt: request.createdAt },
              ranges: vpc === undefined ? [] : [vpc.cidr],
              state: requestState(request, clock.now()),
            },
          ];
        });
      }),
  };
}
