import type { CcnRouteTable } from '../../../domain/ccn/ccn-route-table.ts';
import type { CcnAttachmentView } from '../../../services/ccn/ccn-attachments.ts';
import type { Services } from '../../../services/create-services.ts';
import { action, type Action } from '../../action.ts';
import { reject } from '../../protocol/api-error.ts';
import { wireState } from './ccn-attachments.ts';
import { namedInstanceList, readNamedInstance, wireInstanceType } from './ccn-instances-wire.ts';
import {
  filterList,
  fullList,
  idOf,
  maybe,
  nameInBytes,
  object,
  paging,
  text,
} from '@landbridge/catalogue/schema/request-schemas';
import { equals, selectRows, type SelectionRules } from '../../wire/row-selection.ts';
import { defined, wireTime } from '../../wire/wire-values.ts';

/** Route tables of CCNs, and which instance uses which (docs/spec/actions.md section 2.8). */

const mostTables = 100;
const description = () => maybe(text({ maxBytes: 100 }));
const newTable = object({ CcnId: idOf('ccn'), Name: nameInBytes(), Description: description() });
const createRequest = object({ RouteTable: fullList(newTable, mostTables) });
const describeRequest = object({ Filters: filterList(), ...paging() });
const changedTable = object({
  RouteTableId: idOf('ccnrtb'),
  Name: maybe(nameInBytes()),
  Description: description(),
});
const modifyRequest = object({ RouteTableInfo: fullList(changedTable, mostTables) });
const deleteRequest = object({ RouteTableId: fullList(idOf('ccnrtb'), mostTables) });
const associateRequest = object({
  CcnId: idOf('ccn'),
  RouteTableId: idOf('ccnrtb'),
  Instances: namedInstanceList(),
});

const selection: SelectionRules<CcnRouteTable> = {
  filters: {
    'ccn-id': equals(({ ccnId }) => ccnId),
    'route-table-id': equals(({ id }) => id),
    'route-table-name': equals(({ name }) => name),
    'route-table-description': equals((table) => table.description),
  },
  // What clients take for "all" should be all: quotas keep it short.
  defaultLimit: 100,
};

const bindings: SelectionRules<CcnAttachmentView> = {
  filters: {
    'ccn-id': equals(({ ccnId }) => ccnId),
    'ccn-route-table-id': equals(({ routeTableId }) => routeTableId ?? ''),
    'instance-type': equals(({ instance }) => wireInstanceType(instance)),
    'instance-id': equals(({ instance }) => instance.id),
  },
  defaultLimit: 100,
};

export function ccnRouteTableActions({ ccnRouteTables, ccnAttachments }: Services): Action[] {
  return [
    action('CreateCcnRouteTables', createRequest, async (caller, { RouteTable: tables }) => {
      const inputs = tables.map(({ CcnId: ccnId, Name: name, Description = '' }) => {
        return { ccnId, name, description: Description };
      });
      return { CcnRouteTableSet: (await ccnRouteTables.create(caller, inputs)).map(wireTable) };
    }),
    action('DescribeCcnRouteTables', describeRequest, async (caller, parameters) => {
      const { total, page } = selectRows(await ccnRouteTables.list(caller), parameters, selection);
      return { TotalCount: total, CcnRouteTableSet: page.map(wireTable) };
    }),
    action('ModifyCcnRouteTables', modifyRequest, async (caller, { RouteTableInfo: tables }) => {
      const changes = tables.map(({ RouteTableId: id, Name: name, Description }, index) => {
        if (name === undefined && Description === undefined) {
          const rule = 'Name or Description is needed';
          reject('invalid-value', { name: `RouteTableInfo.${index}`, rule });
        }
        return { id, ...defined({ name, description: Description }) };
      });
      await ccnRouteTables.modify(caller, changes);
      return {};
    }),
    action('DeleteCcnRouteTables', deleteRequest, async (caller, { RouteTableId: ids }) => {
      await ccnRouteTables.remove(caller, ids);
      return {};
    }),
    action('AssociateInstancesToCcnRouteTable', associateRequest, async (caller, parameters) => {
      const { CcnId: ccnId, RouteTableId: tableId, Instances: instances } = parameters;
      const named = instances.map((given, index) => readNamedInstance(given, `Instances.${index}`).id);
      await ccnRouteTables.associate(caller, ccnId, tableId, named);
      return {};
    }),
    action('DescribeRouteTableAssociatedInstances', describeRequest, async (caller, parameters) => {
      const { total, page } = selectRows(await ccnAttachments.list(caller), parameters, bindings);
      return { TotalCount: total, InstanceBindSet: page.map(wireBinding) };
    }),
  ];
}

function wireTable(table: CcnRouteTable) {
  return {
    CcnId: table.ccnId,
    CcnRouteTableId: table.id,
    RouteTableName: table.name,
    RouteTableDescription: table.description,
    IsDefaultTable: table.isDefault,
    CreateTime: wireTime(table.createdAt),
  };
}

function wireBinding(attachment: CcnAttachmentView) {
  return {
    CcnId: attachment.ccnId,
    InstanceType: wireInstanceType(attachment.instance),
    InstanceId: attachment.instance.id,
    InstanceBindTime: wireTime(attachment.boundAt),
    RouteTableId: attachment.routeTableId ?? '',
    InstanceName: attachment.name,
    InstanceRegion: attachment.region,
    InstanceUin: attachment.accountId,
    State: wireState(attachment),
    AliasType: '',
    AliasInstanceId: '',
  };
}
