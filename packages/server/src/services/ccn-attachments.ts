import type { Cidr } from '@landbridge/net';
import type { Ccn, CcnAttachment, CcnInstance } from '../domain/ccn.ts';
import { ccnRoutesOf } from '../domain/ccn-routes.ts';
import { refuse } from '../domain/refusal.ts';
import type { CcnId } from '../domain/resource-id.ts';
import { assumeUsable } from '../domain/tunnel-usability.ts';
import type { Scope } from '../store/repository.ts';
import { readDesiredState } from '../store/desired-state.ts';
import type { Transaction } from '../store/transaction.ts';
import type { Caller } from './caller.ts';
import { detachFromCcn, touchCcn } from './ccn-changes.ts';
import { checkQuota, orNotFound } from './changes.ts';
import type { ServiceDependencies } from './dependencies.ts';

/** An instance as a caller names it. */
export interface InstanceReference {
  readonly instance: CcnInstance;
  readonly region: string;
  readonly description: string;
}

export interface CcnAttachmentView extends CcnAttachment {
  readonly name: string;
  /** A VPC's range, or the ranges that a gateway announces. */
  readonly ranges: readonly Cidr[];
  /** Its cable has been laid. */
  readonly isActive: boolean;
}

export type CcnAttachmentService = ReturnType<typeof ccnAttachmentService>;

export function ccnAttachmentService({ store, observed, quotas, clock, logger }: ServiceDependencies) {
  /** Routes of the newcomers that came disabled: nobody else would tell. */
  const warnOfOverlaps = (ccnId: CcnId, rows: Parameters<typeof ccnRoutesOf>[1]): void => {
    const overlaps = ccnRoutesOf(ccnId, rows, assumeUsable).filter(({ obstacle }) => obstacle?.kind === 'overlap');
    if (overlaps.length > 0) logger.warn({ ccnId, overlaps: overlaps.map(({ id }) => id) }, 'CCN routes overlap');
  };

  return {
    /** All or none. */
    attach: (caller: Caller, ccnId: CcnId, references: readonly InstanceReference[]): Promise<void> =>
      store.transaction(async (transaction) => {
        orNotFound(await transaction.ccns.find(caller, ccnId), ccnId);
        for (const reference of references) {
          checkQuota(quotas, 'instancesPerCcn', (await transaction.ccnAttachments.listOfCcn(ccnId)).length);
          await attachInstance(transaction, caller, ccnId, reference, clock.now());
        }
        warnOfOverlaps(ccnId, await readDesiredState(transaction));
      }),

    detach: (caller: Caller, ccnId: CcnId, instanceIds: readonly CcnInstance['id'][]): Promise<void> =>
      store.transaction(async (transaction) => {
        orNotFound(await transaction.ccns.find(caller, ccnId), ccnId);
        for (const id of instanceIds) await detachFromCcn(transaction, await attached(transaction, ccnId, id));
      }),

    describe: (caller: Caller, ccnId: CcnId, references: readonly InstanceReference[]): Promise<void> =>
      store.transaction(async (transaction) => {
        orNotFound(await transaction.ccns.find(caller, ccnId), ccnId);
        for (const { instance, description } of references) {
          const attachment = await attached(transaction, ccnId, instance.id);
          await transaction.ccnAttachments.update({ ...attachment, description });
        }
      }),

    /** Of all CCNs of the account. */
    list: (caller: Caller): Promise<CcnAttachmentView[]> =>
      store.transaction(async (transaction) => {
        const rows = await readDesiredState(transaction);
        const nameOf = new Map<string, string>(
          [...rows.vpcs, ...rows.vpnGateways, ...rows.directConnectGateways].map(({ id, name }) => [id, name]),
        );
        const cidrOf = new Map<string, Cidr>(rows.vpcs.map(({ id, cidr }) => [id, cidr]));
        const routes = rows.ccns.flatMap(({ id }) => ccnRoutesOf(id, rows, assumeUsable));
        const rangesOf = (id: string) => routes.filter(({ instance }) => instance.id === id).map((r) => r.destination);
        return rows.ccnAttachments
          .filter(({ accountId }) => accountId === caller.accountId)
          .map((attachment) => {
            const { id } = attachment.instance;
            const cidr = cidrOf.get(id);
            const appliedGeneration = observed.outcome(attachment.ccnId)?.appliedGeneration ?? -1;
            return {
              ...attachment,
              name: nameOf.get(id) ?? '',
              ranges: cidr === undefined ? rangesOf(id) : [cidr],
              isActive: appliedGeneration >= attachment.generation,
            };
          });
      }),
  };
}

/** Checks the instance and lays its cable. */
export async function attachInstance(
  transaction: Transaction,
  { accountId }: Pick<Caller, 'accountId'>,
  ccnId: Ccn['id'],
  { instance, region, description }: InstanceReference,
  now: number,
): Promise<void> {
  await checkInstance(transaction, { accountId, region }, instance);
  const other = await transaction.ccnAttachments.find(instance.id);
  if (other !== undefined) refuse('ccn-attached', { id: instance.id, ccn: other.ccnId });
  const number = await transaction.counters.next('ccn-attachment');
  const attachment = { accountId, region, createdAt: now, ccnId, instance, description, number, generation: 0 };
  await transaction.ccnAttachments.insert(attachment);
  const generation = await touchCcn(transaction, ccnId);
  await transaction.ccnAttachments.update({ ...attachment, generation });
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

async function attached(transaction: Transaction, ccnId: CcnId, id: CcnInstance['id']): Promise<CcnAttachment> {
  const attachment = await transaction.ccnAttachments.find(id);
  return attachment?.ccnId === ccnId ? attachment : refuse('ccn-not-attached', { id, ccn: ccnId });
}
