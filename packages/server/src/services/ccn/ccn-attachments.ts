import type { Cidr } from '@landbridge/net';
import { defaultRouteTableId, type Ccn, type CcnAttachment, type CcnInstance } from '../../domain/ccn/ccn.ts';
import { ccnRoutesInAllTables, rangesPublishedBy } from '../../derive/ccn-routes.ts';
import type { RequestState } from '../../domain/ccn/ccn-attachment-request.ts';
import { refuse } from '../../domain/refusal.ts';
import type { CcnId, CcnRouteTableId } from '../../domain/resource-id.ts';
import { rangesOfVpc } from '../../domain/vpc/vpc.ts';
import { assumeUsable } from '../../domain/vpn/tunnel-usability.ts';
import type { Scope } from '../../domain/owned.ts';
import type { DraftRows } from '../../image/draft.ts';
import type { Rows } from '../../image/rows.ts';
import type { Caller } from '../caller.ts';
import { detachFromCcn } from './detach-from-ccn.ts';
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
  /** A VPC's own, or the ranges that a gateway announces. */
  readonly ranges: readonly Cidr[];
  /** Active: its cable has been laid. */
  readonly state: 'attaching' | 'active' | RequestState;
}

export type CcnAttachmentService = ReturnType<typeof ccnAttachmentService>;

export function ccnAttachmentService({ decide, read, plans, quotas, regions, clock, logger }: ServiceDependencies) {
  return {
    /** All or none. Routes of the newcomers that came disabled are logged: nobody else would tell. */
    attach: async (caller: Caller, ccnId: CcnId, references: readonly InstanceReference[]): Promise<void> => {
      const overlaps = await decide(caller, (rows) => {
        orNotFound(rows.ccns.find(caller, ccnId), ccnId);
        for (const reference of references) {
          regions.expect(reference.region);
          checkQuota(quotas, 'instancesPerCcn', rows.ccnAttachments.of('ccn', ccnId).length, ccnId);
          attachInstance(rows, caller, ccnId, reference, clock.now());
        }
        const routes = ccnRoutesInAllTables(ccnId, rows, assumeUsable);
        return routes.filter(({ obstacle }) => obstacle?.kind === 'overlap').map(({ id }) => id);
      });
      if (overlaps.length > 0) logger.warn({ ccnId, overlaps }, 'CCN routes overlap');
    },

    /** By the owner of the CCN or of the instance, who may take a request back. */
    detach: (caller: Caller, ccnId: CcnId, instanceIds: readonly CcnInstance['id'][]): Promise<void> =>
      decide(caller, (rows) => {
        const ownsCcn = rows.ccns.find(caller, ccnId) !== undefined;
        const isIn = (row: { readonly ccnId: CcnId; readonly accountId: string } | undefined) =>
          row?.ccnId === ccnId && (ownsCcn || row.accountId === caller.accountId);
        for (const id of instanceIds) {
          const attachment = rows.ccnAttachments.get(id);
          const isRequested = isIn(rows.ccnAttachmentRequests.get(id));
          if (isRequested) rows.ccnAttachmentRequests.remove(id);
          else if (attachment !== undefined && isIn(attachment)) detachFromCcn(rows, attachment);
          else if (ownsCcn) refuse('ccn-not-attached', { id, ccn: ccnId });
          else refuse('not-found', { id: ccnId });
        }
      }),

    describe: (caller: Caller, ccnId: CcnId, references: readonly InstanceReference[]): Promise<void> =>
      decide(caller, (rows) => {
        orNotFound(rows.ccns.find(caller, ccnId), ccnId);
        for (const { instance, description } of references) {
          const attachment = attached(rows, ccnId, instance.id);
          rows.ccnAttachments.update({ ...attachment, description });
        }
      }),

    /** Of the account's instances, and on the account's CCNs. */
    list: (caller: Caller): Promise<CcnAttachmentView[]> =>
      read((rows) => {
        const own = rows.ccnAttachments.of('account', caller.accountId);
        const onOwn = rows.ccns.list(caller).flatMap(({ id }) => rows.ccnAttachments.of('ccn', id));
        const attachments = [...new Set([...own, ...onOwn])].sort((a, b) => a.number - b.number);
        return attachments.map((attachment): CcnAttachmentView => {
          const vpc = rows.vpcs.get(attachment.instance.id);
          return {
            ...attachment,
            ccnAccountId: rows.ccns.get(attachment.ccnId)?.accountId ?? '',
            name: nameOf(attachment.instance, rows),
            routeTableName: rows.ccnRouteTables.get(attachment.routeTableId)?.name ?? '',
            ranges: vpc === undefined ? rangesPublishedBy(attachment, rows) : rangesOfVpc(vpc),
            state: plans.isApplied(attachment.ccnId, attachment.generation) ? 'active' : 'attaching',
          };
        });
      }),
  };
}

export function nameOf(instance: CcnInstance, rows: Rows): string {
  return instanceRow(instance, rows)?.name ?? '';
}

function instanceRow({ kind, id }: CcnInstance, rows: Rows): { readonly name: string } | undefined {
  if (kind === 'vpc') return rows.vpcs.get(id);
  return kind === 'vpn-gateway' ? rows.vpnGateways.get(id) : rows.directConnectGateways.get(id);
}

/** Checks the instance, which is the account's, and lays its cable. It has nothing to ask for any more. */
export function attachInstance(
  rows: DraftRows,
  { accountId }: Pick<Caller, 'accountId'>,
  ccnId: Ccn['id'],
  { instance, region, description, routeTableId }: InstanceReference,
  now: number,
): void {
  checkAttachable(rows, { accountId, region }, instance);
  rows.ccnAttachmentRequests.remove(instance.id);
  if (routeTableId !== null) checkTable(rows, ccnId, routeTableId);
  const attachment: CcnAttachment = {
    ...{ accountId, region, createdAt: now, ccnId, instance, description, generation: rows.generation },
    ...{ routeTableId: routeTableId ?? defaultRouteTableId(ccnId), boundAt: now },
    number: rows.next('ccn-attachment'),
  };
  rows.ccnAttachments.insert(attachment);
}

/** Tables of other CCNs of its account are known, but do not fit. */
function checkTable(rows: Rows, ccnId: CcnId, id: CcnRouteTableId): void {
  const table = rows.ccnRouteTables.get(id);
  const owner = rows.ccns.get(ccnId)?.accountId;
  if (table === undefined || table.accountId !== owner) refuse('ccn-route-table-unknown', { id });
  if (table.ccnId !== ccnId) refuse('ccn-route-table-of-other-ccn', { id, ccn: ccnId });
}

/** An instance of this account that is on no CCN. */
export function checkAttachable(rows: Rows, scope: Scope, instance: CcnInstance): void {
  checkInstance(rows, scope, instance);
  const other = rows.ccnAttachments.get(instance.id);
  if (other !== undefined) refuse('ccn-attached', { id: instance.id, ccn: other.ccnId });
}

/** Gateways of a VPC cannot join a CCN. */
function checkInstance(rows: Rows, scope: Scope, instance: CcnInstance): void {
  const { id } = instance;
  switch (instance.kind) {
    case 'vpc':
      orNotFound(rows.vpcs.find(scope, instance.id), id);
      return;
    case 'vpn-gateway': {
      const gateway = orNotFound(rows.vpnGateways.find(scope, instance.id), id);
      if (gateway.vpcId !== null) refuse('ccn-gateway-of-vpc', { id, vpcId: gateway.vpcId });
      return;
    }
    case 'direct-connect-gateway': {
      const gateway = orNotFound(rows.directConnectGateways.find(scope, instance.id), id);
      if (gateway.vpcId !== null) refuse('ccn-gateway-of-vpc', { id, vpcId: gateway.vpcId });
    }
  }
}

/** The attachment of an instance to this CCN, if it is; a refusal while its owner only asks for one. */
export function attachmentTo(rows: Rows, ccnId: CcnId, id: CcnInstance['id']): CcnAttachment | undefined {
  const attachment = rows.ccnAttachments.get(id);
  if (attachment?.ccnId === ccnId) return attachment;
  const request = rows.ccnAttachmentRequests.get(id);
  return request?.ccnId === ccnId ? refuse('ccn-request-not-accepted', { id }) : undefined;
}

function attached(rows: Rows, ccnId: CcnId, id: CcnInstance['id']): CcnAttachment {
  const attachment = rows.ccnAttachments.get(id);
  return attachment?.ccnId === ccnId ? attachment : refuse('ccn-not-attached', { id, ccn: ccnId });
}
