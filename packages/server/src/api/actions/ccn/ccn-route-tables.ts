import {
  ccnRouteTableActions,
  type WireCcnBinding,
  type WireCcnRouteTable,
} from '@landbridge/catalogue/ccn/ccn-route-tables';
import type { CcnRouteTable } from '../../../domain/ccn/ccn-route-table.ts';
import type { CcnAttachmentView } from '../../../services/ccn/ccn-attachments.ts';
import type { Services } from '../../../services/create-services.ts';
import type { Handlers } from '../../action.ts';
import { describing } from '../../describe-action.ts';
import { reject } from '../../protocol/api-error.ts';
import { readNamedInstance, wireInstanceType, wireState } from './ccn-instances-wire.ts';
import { equals } from '../../wire/row-selection.ts';
import { defined, wireTime } from '../../wire/wire-values.ts';

/** Route tables of CCNs, and which instance uses which (docs/spec/actions.md section 2.8). */
export function ccnRouteTableHandlers({
  ccnRouteTables,
  ccnAttachments,
}: Services): Handlers<typeof ccnRouteTableActions> {
  return {
    CreateCcnRouteTables: async (caller, { RouteTable: tables }) => {
      const inputs = tables.map(({ CcnId: ccnId, Name: name, Description: description = '' }) => {
        return { ccnId, name, description };
      });
      return { CcnRouteTableSet: (await ccnRouteTables.create(caller, inputs)).map(wireTable) };
    },
    DescribeCcnRouteTables: describing(ccnRouteTableActions.DescribeCcnRouteTables, {
      list: (caller) => ccnRouteTables.list(caller),
      show: (page) => page.map(wireTable),
      filters: {
        'ccn-id': equals(({ ccnId }) => ccnId),
        'route-table-id': equals(({ id }) => id),
        'route-table-name': equals(({ name }) => name),
        'route-table-description': equals(({ description }) => description),
      },
      defaultLimit: 100,
    }),
    ModifyCcnRouteTables: async (caller, { RouteTableInfo: tables }) => {
      const changes = tables.map(({ RouteTableId: id, Name: name, Description: description }, index) => {
        if (name === undefined && description === undefined) {
          const rule = { en: 'Name or Description is needed', zh: '必须指定 Name 或 Description' };
          reject('invalid-value', { name: `RouteTableInfo.${index}`, rule });
        }
        return { id, ...defined({ name, description }) };
      });
      await ccnRouteTables.modify(caller, changes);
      return {};
    },
    DeleteCcnRouteTables: async (caller, { RouteTableId: ids }) => {
      await ccnRouteTables.remove(caller, ids);
      return {};
    },
    AssociateInstancesToCcnRouteTable: async (caller, parameters) => {
      const { CcnId: ccnId, RouteTableId: tableId, Instances: instances } = parameters;
      const named = instances.map((given, index) => readNamedInstance(given, `Instances.${index}`).id);
      await ccnRouteTables.associate(caller, ccnId, tableId, named);
      return {};
    },
    DescribeRouteTableAssociatedInstances: describing(ccnRouteTableActions.DescribeRouteTableAssociatedInstances, {
      list: (caller) => ccnAttachments.list(caller),
      show: (page) => page.map(wireBinding),
      filters: {
        'ccn-id': equals(({ ccnId }) => ccnId),
        'ccn-route-table-id': equals(({ routeTableId }) => routeTableId ?? ''),
        'instance-type': equals(({ instance }) => wireInstanceType(instance)),
        'instance-id': equals(({ instance }) => instance.id),
      },
      defaultLimit: 100,
    }),
  };
}

function wireTable(table: CcnRouteTable): WireCcnRouteTable {
  return {
    CcnId: table.ccnId,
    CcnRouteTableId: table.id,
    RouteTableName: table.name,
    RouteTableDescription: table.description,
    IsDefaultTable: table.isDefault,
    CreateTime: wireTime(table.createdAt),
  };
}

function wireBinding(attachment: CcnAttachmentView): WireCcnBinding {
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
