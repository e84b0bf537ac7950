import type { Cidr } from '@landbridge/net';
import { defaultRouteTableId, type Ccn, type CcnAttachment, type CcnInstance } from '../../domain/ccn/ccn.ts';
import { ccnRoutesInAllTables, rangesPublishedBy } from '../../derive/ccn-routes.ts';
import type { RequestState } from '../../domain/ccn/ccn-attachment-request.ts';
import type { DesiredState } from '../../domain/desired-state.ts';
import { refuse } from '../../domain/refusal.ts';
import type { CcnId, CcnRouteTableId } from '../../domain/resource-id.ts';
import { assumeUsable } from '../../domain/vpn/tunnel-usability.ts';
import type { Scope } from '../../store/repository.ts';
import { readDesiredState } from '../../store/desired-state.ts';
import type { Transaction } from '../../store/transaction.ts';
import type { Caller } from '../caller.ts';
import { detachFromCcn, touchCcn } from './ccn-changes.ts';
import { checkQuota, orNotFound } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';

/** An instance as a caller names it. */
export interface InstanceReference {
  readonly instance: CcnInstance;
  readonly region: string;
  readonly description: string;
  /** To be bound to; null: the default one. */
  readonly routeTableId: CcnRouteTableId | null;
}

/** An attachment, or a request for one. `accountId` and `region` are the instance's. */
export interface CcnAttachmentView extends Pick<
  CcnAttachment,
  'ccnId' | 'instance' | 'accountId' | 'region' | 'description' | 'createdAt' | 'boundAt'
> {
  readonly ccnAccountId: string;
  readonly name: string;
  /** Null before the request is accepted. */
  readonly routeTableId: CcnRouteTableId | null;
  readonly routeTableName: string;
  /** A VPC's range, or the ranges that a gateway announces. */
  readonly ranges: readonly Cidr[];
  /** Active: its cable has been laid. */
  readonly state: 'attaching' | 'active' | RequestState;
}

export type CcnAttachmentService = ReturnType<typeof ccnAttachmentService>;

export function ccnAttachmentService({ store, observed, quotas, regions, clock, logger }: ServiceDependencies) {
  /** Routes of the newcomers that came disabled: nobody else would tell. */
  const warnOfOverlaps = (ccnId: CcnId, rows: DesiredState): void => {
    const routes = ccnRoutesInAllTables(ccnId, rows, assumeUsable);
    const overlaps = routes.filter(({ obstacle }) => obstacle?.kind === 'overlap');
    if (overlaps.length > 0) logger.warn({ ccnId, overlaps: overlaps.map(({ id }) => id) }, 'CCN routes overlap');
  };

  return {
    /** All or none. */
    attach: (caller: Caller, ccnId: CcnId, references: readonly InstanceReference[]): Promise<void> =>
      store.transaction(async (transaction) => {
        orNotFound(await transaction.ccns.find(caller, ccnId), ccnId);
        for (const reference of references) {
          regions.expect(reference.region);
          checkQuota(quotas, 'instancesPerCcn', (await transaction.ccnAttachments.listOfCcn(ccnId)).length);
          await attachInstance(transaction, caller, ccnId, reference, clock.now());
        }
        warnOfOverlaps(ccnId, await readDesiredState(transaction));
      }),

    /** By the owner of the CCN or of the instance, who may take a request back. */
    detach: (caller: Caller, ccnId: CcnId, instanceIds: readonly CcnInstance['id'][]): Promise<void> =>
      store.transaction(async (transaction) => {
        const ownsCcn = (await transaction.ccns.find(caller, ccnId)) !== undefined;
        const isIn = (row: { readonly ccnId: CcnId; readonly accountId: string } | undefined) =>
          row?.ccnId === ccnId && (ownsCcn || row.accountId === caller.accountId);
        for (const id of instanceIds) {
          const attachment = await transaction.ccnAttachments.find(id);
          const isRequested = isIn(await transaction.ccnAttachmentRequests.find(id));
          if (isRequested) await transaction.ccnAttachmentRequests.remove(id);
          else if (attachment !== undefined && isIn(attachment)) await detachFromCcn(transaction, attachment);
          else if (ownsCcn) refuse('ccn-not-attached', { id, ccn: ccnId });
          else refuse('not-found', { id: ccnId });
        }
      }),

    describe: (caller: Caller, ccnId: CcnId, references: readonly InstanceReference[]): Promise<void> =>
      store.transaction(async (transaction) => {
        orNotFound(await transaction.ccns.find(caller, ccnId), ccnId);
        for (const { instance, description } of references) {
          const attachment = await attached(transaction, ccnId, instance.id);
          await transaction.ccnAttachments.update({ ...attachment, description });
        }
      }),

    /** Of the account's instances, and on the account's CCNs. */
    list: (caller: Caller): Promise<CcnAttachmentView[]> =>
      store.transaction(async (transaction) => {
        const rows = await readDesiredState(transaction);
        const nameOf = instanceNames(rows);
        const tableNames = new Map(rows.ccnRouteTables.map(({ id, name }) => [id, name]));
        const owners = new Map(rows.ccns.map(({ id, accountId }) => [id, accountId]));
        const cidrOf = new Map<string, Cidr>(rows.vpcs.map(({ id, cidr }) => [id, cidr]));
        return rows.ccnAttachments
          .map((attachment): CcnAttachmentView => {
            const { id } = attachment.instance;
            const cidr = cidrOf.get(id);
            const appliedGeneration = observed.outcome(attachment.ccnId)?.appliedGeneration ?? -1;
            return {
              ...attachment,
              ccnAccountId: owners.get(attachment.ccnId) ?? '',
              name: nameOf.get(id) ?? '',
              routeTableName: tableNames.get(attachment.routeTableId) ?? '',
              ranges: cidr === undefined ? rangesPublishedBy(attachment, rows) : [cidr],
              state: appliedGeneration >= attachment.generation ? 'active' : 'attaching',
            };
          })
          .filter(({ accountId, ccnAccountId }) => [accountId, ccnAccountId].includes(caller.accountId));
      }),
  };
}

/** Of everything that can be attached. */
export function instanceNames({ vpcs, vpnGateways, directConnectGateways }: DesiredState): Map<string, string> {
  return new Map([...vpcs, ...vpnGateways, ...directConnectGateways].map(({ id, name }) => [id, name]));
}

/** Checks the instance, which is the account's, and lays its cable. It has nothing to ask for any more. */
export async function attachInstance(
  transaction: Transaction,
  { accountId }: Pick<Caller, 'accountId'>,
  ccnId: Ccn['id'],
  { instance, region, description, routeTableId }: InstanceReference,
  now: number,
): Promise<void> {
  await checkAttachable(transaction, { accountId, region }, instance);
  await transaction.ccnAttachmentRequests.remove(instance.id);
  if (routeTableId !== null) await checkTable(transaction, ccnId, routeTableId);
  const attachment: CcnAttachment = {
    ...{ accountId, region, createdAt: now, ccnId, instance, description, generation: 0 },
    ...{ routeTableId: routeTableId ?? defaultRouteTableId(ccnId), boundAt: now },
    number: await transaction.counters.next('ccn-attachment'),
  };
  await transaction.ccnAttachments.insert(attachment);
  const generation = await touchCcn(transaction, ccnId);
  await transaction.ccnAttachments.update({ ...attachment, generation });
}

/** Tables of other CCNs of its account are known, but do not fit. */
async function checkTable(transaction: Transaction, ccnId: CcnId, id: CcnRouteTableId): Promise<void> {
  const tables = await transaction.ccnRouteTables.all();
  const table = tables.find((candidate) => candidate.id === id);
  const owner = tables.find((candidate) => candidate.ccnId === ccnId)?.accountId;
  if (table === undefined || table.accountId !== owner) refuse('ccn-route-table-unknown', { id });
  if (table.ccnId !== ccnId) refuse('ccn-route-table-of-other-ccn', { id, ccn: ccnId });
}

/** An instance of this account that is on no CCN. */
export async function checkAttachable(transaction: Transaction, scope: Scope, instance: CcnInstance): Promise<void> {
  await checkInstance(transaction, scope, instance);
  const other = await transaction.ccnAttachments.find(instance.id);
  if (other !== undefined) refuse('ccn-attached', { id: instance.id, ccn: other.ccnId });
}

/** Gateways of a VPC cannot join a CCN. */
async function checkInstance(transaction: Transaction, scope: Scope, instance: CcnInstance): Promise<void> {
  const { id } = instance;
  switch (instance.kind) {
    case 'vpc':
      orNotFound(await transaction.vpcs.find(scope, instance.id), id);
      return;
    case 'vpn-gateway': {
      const gateway = orNotFound(await transaction.vpnGateways.find(scope, instance.id), id);
      if (gateway.vpcId !== null) refuse('ccn-gateway-of-vpc', { id, vpcId: gateway.vpcId });
      return;
    }
    case 'direct-connect-gateway': {
      const gateway = orNotFound(await transaction.directConnectGateways.find(scope, instance.id), id);
      if (gateway.vpcId !== null) refuse('ccn-gateway-of-vpc', { id, vpcId: gateway.vpcId });
    }
  }
}

/** The attachment of an instance to this CCN, if it is; a refusal while its owner only asks for one. */
export async function attachmentTo(
  transaction: Transaction,
  ccnId: CcnId,
  id: CcnInstance['id'],
): Promise<CcnAttachment | undefined> {
  const attachment = await transaction.ccnAttachments.find(id);
  if (attachment?.ccnId === ccnId) return attachment;
  const request = await transaction.ccnAttachmentRequests.find(id);
  return request?.ccnId === ccnId ? refuse('ccn-request-not-accepted', { id }) : undefined;
}

async function attached(transaction: Transaction, ccnId: CcnId, id: CcnInstance['id']): Promise<CcnAttachment> {
  const attachment = await transaction.ccnAttachments.find(id);
  return attachment?.ccnId === ccnId ? attachment : refuse('ccn-not-attached', { id, ccn: ccnId });
}
