import type { Caller } from '../services/caller.ts';
import type { CcnAttachmentView } from '../services/ccn-attachments.ts';
import type { Services } from '../services/create-services.ts';
import { action, type Action } from './action.ts';
import { reject } from './api-error.ts';
import { instanceList, readInstance, wireInstanceType } from './ccn-instances-wire.ts';
import { orderRows, type Orders } from './order-rows.ts';
import { filterList, idOf, maybe, object, oneOf, paging, text } from './parameter-schemas.ts';
import { equals, selectRows, type SelectionRules } from './row-selection.ts';
import { wireTime } from './wire-values.ts';

/** Instances of CCNs (spec/actions.md section 2.6). */

const attachRequest = object({ CcnId: idOf('ccn'), Instances: instanceList(), CcnUin: maybe(text()) });
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

export function ccnAttachmentActions({ ccnAttachments }: Services): Action[] {
  return [
    action('AttachCcnInstances', attachRequest, async (caller, { CcnId: id, Instances: instances, CcnUin: uin }) => {
      checkOwner(caller, uin);
      await ccnAttachments.attach(caller, id, instances.map(readInstance));
      return {};
    }),
    action('DetachCcnInstances', instancesRequest, async (caller, { CcnId: id, Instances: instances }) => {
      const named = instances.map(readInstance).map(({ instance }) => instance.id);
      await ccnAttachments.detach(caller, id, named);
      return {};
    }),
    action('ModifyCcnAttachedInstancesAttribute', instancesRequest, async (caller, parameters) => {
      await ccnAttachments.describe(caller, parameters.CcnId, parameters.Instances.map(readInstance));
      return {};
    }),
    action('DescribeCcnAttachedInstances', describeRequest, async (caller, parameters) => {
      const { CcnId: ccnId } = parameters;
      const all = await ccnAttachments.list(caller);
      const rows = all.filter((row) => ccnId === undefined || row.ccnId === ccnId);
      const { total, page } = selectRows(orderRows(rows, parameters, orders), parameters, selection);
      return { TotalCount: total, InstanceSet: page.map(wireAttachment) };
    }),
  ];
}

function checkOwner({ accountId }: Caller, uin: string | undefined): void {
  if (uin !== undefined && uin !== accountId) reject('ccn-of-other-account', { uin });
}

export function wireState({ isActive }: CcnAttachmentView): string {
  return isActive ? 'ACTIVE' : 'ATTACHING';
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
    CcnUin: attachment.accountId,
    InstanceArea: '',
    Description: attachment.description,
    RouteTableId: attachment.routeTableId,
    RouteTableName: attachment.routeTableName,
    AliasType: '',
    AliasInstanceId: '',
  };
}
