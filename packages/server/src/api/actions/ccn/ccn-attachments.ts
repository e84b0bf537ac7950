import { ccnAttachmentActions, type WireCcnAttachment } from '@landbridge/catalogue/ccn/ccn-attachments';
import type { CcnInstance } from '../../../domain/ccn/ccn.ts';
import type { CcnAttachmentView, InstanceReference } from '../../../services/ccn/ccn-attachments.ts';
import type { Services } from '../../../services/create-services.ts';
import type { Handlers } from '../../action.ts';
import { describing } from '../../describe-action.ts';
import { reject } from '../../protocol/api-error.ts';
import { readInstance, wireInstanceType, wireState } from './ccn-instances-wire.ts';
import { orderRows, type Orders } from '../../wire/order-rows.ts';
import { equals } from '../../wire/row-selection.ts';
import { wireTime } from '../../wire/wire-values.ts';

/** Instances of CCNs (docs/spec/actions.md section 2.6). */

const orders: Orders<CcnAttachmentView> = {
  CcnId: ({ ccnId }) => ccnId,
  InstanceType: ({ instance }) => wireInstanceType(instance),
  InstanceId: ({ instance }) => instance.id,
  InstanceName: ({ name }) => name,
  InstanceRegion: ({ region }) => region,
  AttachedTime: ({ createdAt }) => createdAt,
  State: wireState,
};

export function ccnAttachmentHandlers({
  ccnAttachments,
  ccnAttachmentRequests,
}: Services): Handlers<typeof ccnAttachmentActions> {
  return {
    AttachCcnInstances: async (caller, { CcnId: id, Instances: instances, CcnUin: owner }) => {
      const references = instances.map(readInstance);
      if (owner === undefined || owner === caller.accountId) await ccnAttachments.attach(caller, id, references);
      else await ccnAttachmentRequests.ask(caller, owner, id, references.map(refuseTable));
      return {};
    },
    DetachCcnInstances: async (caller, { CcnId: id, Instances: instances }) => {
      await ccnAttachments.detach(caller, id, instances.map(readInstance).map(idOfInstance));
      return {};
    },
    ModifyCcnAttachedInstancesAttribute: async (caller, { CcnId: id, Instances: instances }) => {
      await ccnAttachments.describe(caller, id, instances.map(readInstance));
      return {};
    },
    AcceptAttachCcnInstances: async (caller, { CcnId: id, Instances: instances }) => {
      const references = instances.map(readInstance).map((reference) => {
        return { instanceId: idOfInstance(reference), routeTableId: reference.routeTableId };
      });
      await ccnAttachmentRequests.accept(caller, id, references);
      return {};
    },
    RejectAttachCcnInstances: async (caller, { CcnId: id, Instances: instances }) => {
      await ccnAttachmentRequests.reject(caller, id, instances.map(readInstance).map(idOfInstance));
      return {};
    },
    ResetAttachCcnInstances: async (caller, { CcnId: id, Instances: instances, CcnUin: owner }) => {
      await ccnAttachmentRequests.askAgain(caller, owner, id, instances.map(readInstance).map(idOfInstance));
      return {};
    },
    DescribeCcnAttachedInstances: describing(ccnAttachmentActions.DescribeCcnAttachedInstances, {
      list: async (caller, _ids, parameters) => {
        const { CcnId: ccnId } = parameters;
        const all = [...(await ccnAttachments.list(caller)), ...(await ccnAttachmentRequests.list(caller))];
        const rows = all.filter((row) => ccnId === undefined || row.ccnId === ccnId);
        return orderRows(rows, parameters, orders);
      },
      show: (page) => page.map(wireAttachment),
      filters: {
        'ccn-id': equals(({ ccnId }) => ccnId),
        'instance-type': equals(({ instance }) => wireInstanceType(instance)),
        'instance-region': equals(({ region }) => region),
        'instance-id': equals(({ instance }) => instance.id),
      },
    }),
  };
}

function idOfInstance({ instance }: InstanceReference): CcnInstance['id'] {
  return instance.id;
}

/** Whose CCN it is decides. */
function refuseTable(reference: InstanceReference, index: number): InstanceReference {
  if (reference.routeTableId !== null) {
    const rule = {
      en: 'the owner of the CCN names it, in AcceptAttachCcnInstances',
      zh: '应由云联网的所有者在 AcceptAttachCcnInstances 中指定',
    };
    reject('invalid-value', { name: `Instances.${index}.RouteTableId`, rule });
  }
  return reference;
}

function wireAttachment(attachment: CcnAttachmentView): WireCcnAttachment {
  return {
    CcnId: attachment.ccnId,
    InstanceType: wireInstanceType(attachment.instance),
    InstanceId: attachment.instance.id,
    InstanceName: attachment.name,
    InstanceRegion: attachment.region,
    InstanceUin: attachment.accountId,
    CidrBlock: attachment.ranges,
    State: wireState(attachment),
    AttachedTime: wireTime(attachment.createdAt),
    CcnUin: attachment.ccnAccountId,
    InstanceArea: '',
    Description: attachment.description,
    RouteTableId: attachment.routeTableId ?? '',
    RouteTableName: attachment.routeTableName,
    AliasType: '',
    AliasInstanceId: '',
  };
}
