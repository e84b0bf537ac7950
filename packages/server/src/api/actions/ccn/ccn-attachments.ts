import type { CcnInstance } from '../../../domain/ccn/ccn.ts';
import type { CcnAttachmentView, InstanceReference } from '../../../services/ccn/ccn-attachments.ts';
import type { Services } from '../../../services/create-services.ts';
import { action, type Action } from '../../action.ts';
import { reject } from '../../protocol/api-error.ts';
import { instanceList, readInstance, wireInstanceType } from './ccn-instances-wire.ts';
import { orderRows, type Orders } from '../../wire/order-rows.ts';
import { filterList, idOf, maybe, object, oneOf, paging, text } from '@landbridge/catalogue/schema/request-schemas';
import { equals, selectRows, type SelectionRules } from '../../wire/row-selection.ts';
import { wireTime } from '../../wire/wire-values.ts';

/** Instances of CCNs (docs/spec/actions.md section 2.6). */

const attachRequest = object({ CcnId: idOf('ccn'), Instances: instanceList(), CcnUin: maybe(text()) });
const resetRequest = object({ CcnId: idOf('ccn'), Instances: instanceList(), CcnUin: text({ minLength: 1 }) });
const instancesRequest = object({ CcnId: idOf('ccn'), Instances: instanceList() });
const describeRequest = object({
  ...paging(),
  Filters: filterList(),
  CcnId: maybe(idOf('ccn')),
  OrderField: maybe(
    oneOf('CcnId', 'InstanceType', 'InstanceId', 'InstanceName', 'InstanceRegion', 'AttachedTime', 'State'),
  ),
  OrderDirection: maybe(oneOf('ASC', 'DESC')),
});

const selection: SelectionRules<CcnAttachmentView> = {
  filters: {
    'ccn-id': equals(({ ccnId }) => ccnId),
    'instance-type': equals(({ instance }) => wireInstanceType(instance)),
    'instance-region': equals(({ region }) => region),
    'instance-id': equals(({ instance }) => instance.id),
  },
};

const orders: Orders<CcnAttachmentView> = {
  CcnId: ({ ccnId }) => ccnId,
  InstanceType: ({ instance }) => wireInstanceType(instance),
  InstanceId: ({ instance }) => instance.id,
  InstanceName: ({ name }) => name,
  InstanceRegion: ({ region }) => region,
  AttachedTime: ({ createdAt }) => createdAt,
  State: wireState,
};

export function ccnAttachmentActions({ ccnAttachments, ccnAttachmentRequests }: Services): Action[] {
  return [
    action('AttachCcnInstances', attachRequest, async (caller, { CcnId: id, Instances: instances, CcnUin: owner }) => {
      const references = instances.map(readInstance);
      if (owner === undefined || owner === caller.accountId) await ccnAttachments.attach(caller, id, references);
      else await ccnAttachmentRequests.ask(caller, owner, id, references.map(refuseTable));
      return {};
    }),
    action('DetachCcnInstances', instancesRequest, async (caller, { CcnId: id, Instances: instances }) => {
      await ccnAttachments.detach(caller, id, instances.map(readInstance).map(idOfInstance));
      return {};
    }),
    action('ModifyCcnAttachedInstancesAttribute', instancesRequest, async (caller, parameters) => {
      await ccnAttachments.describe(caller, parameters.CcnId, parameters.Instances.map(readInstance));
      return {};
    }),
    action('AcceptAttachCcnInstances', instancesRequest, async (caller, { CcnId: id, Instances: instances }) => {
      const references = instances.map(readInstance).map((reference) => {
        return { instanceId: idOfInstance(reference), routeTableId: reference.routeTableId };
      });
      await ccnAttachmentRequests.accept(caller, id, references);
      return {};
    }),
    action('RejectAttachCcnInstances', instancesRequest, async (caller, { CcnId: id, Instances: instances }) => {
      await ccnAttachmentRequests.reject(caller, id, instances.map(readInstance).map(idOfInstance));
      return {};
    }),
    action('ResetAttachCcnInstances', resetRequest, async (caller, { CcnId: id, Instances: instances, CcnUin }) => {
      const ids = instances.map(readInstance).map(idOfInstance);
      await ccnAttachmentRequests.askAgain(caller, CcnUin, id, ids);
      return {};
    }),
    action('DescribeCcnAttachedInstances', describeRequest, async (caller, parameters) => {
      const { CcnId: ccnId } = parameters;
      const all = [...(await ccnAttachments.list(caller)), ...(await ccnAttachmentRequests.list(caller))];
      const rows = all.filter((row) => ccnId === undefined || row.ccnId === ccnId);
      const { total, page } = selectRows(orderRows(rows, parameters, orders), parameters, selection);
      return { TotalCount: total, InstanceSet: page.map(wireAttachment) };
    }),
  ];
}

function idOfInstance({ instance }: InstanceReference): CcnInstance['id'] {
  return instance.id;
}

/** Whose CCN it is decides. */
function refuseTable(reference: InstanceReference, index: number): InstanceReference {
  if (reference.routeTableId !== null) {
    const rule = 'the owner of the CCN names it, in AcceptAttachCcnInstances';
    reject('invalid-value', { name: `Instances.${index}.RouteTableId`, rule });
  }
  return reference;
}

export function wireState({ state }: CcnAttachmentView): string {
  return state.toUpperCase();
}

function wireAttachment(attachment: CcnAttachmentView) {
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
