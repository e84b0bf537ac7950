import type { CcnSelectionPolicyView } from '../../../services/ccn/ccn-selection-policies.ts';
import type { Services } from '../../../services/create-services.ts';
import { action, type Action } from '../../action.ts';
import { instanceType, readNamedInstance, wireInstanceType } from './ccn-instances-wire.ts';
import { filterList, idOf, list, maybe, object, paging, text } from '@landbridge/catalogue/schema/request-schemas';
import { equals, selectRows, type SelectionRules } from '../../wire/row-selection.ts';
import { readDestination } from '../../wire/wire-values.ts';

/** Which route table packets of a CCN's instances use, by their source (docs/spec/actions.md section 2.8). */

const policy = object({
  InstanceType: instanceType(),
  InstanceId: text(),
  SourceCidrBlock: text(),
  RouteTableId: idOf('ccnrtb'),
  Description: maybe(text({ maxBytes: 100 })),
});
/** The service has the quota; more than this is not even looked at. */
const mostPolicies = 1000;
const modifyRequest = object({ CcnId: idOf('ccn'), SelectionPolicies: list(policy, mostPolicies) });
const describeRequest = object({ Filters: filterList(), ...paging() });

const selection: SelectionRules<CcnSelectionPolicyView> = {
  filters: {
    'ccn-id': equals(({ ccnId }) => ccnId),
    'instance-type': equals(({ instance }) => wireInstanceType(instance)),
    'ccn-route-table-id': equals(({ routeTableId }) => routeTableId),
    'instance-id': equals(({ instance }) => instance.id),
    'route-table-name': equals(({ routeTableName }) => routeTableName),
  },
  defaultLimit: 100,
};

export function ccnSelectionPolicyActions({ ccnSelectionPolicies }: Services): Action[] {
  return [
    action('ModifyRouteTableSelectionPolicies', modifyRequest, async (caller, parameters) => {
      const policies = parameters.SelectionPolicies.map((given, index) => {
        const name = `SelectionPolicies.${index}`;
        return {
          instance: readNamedInstance(given, name),
          source: readDestination(given.SourceCidrBlock, `${name}.SourceCidrBlock`),
          routeTableId: given.RouteTableId,
          description: given.Description ?? '',
        };
      });
      await ccnSelectionPolicies.replace(caller, parameters.CcnId, policies);
      return {};
    }),
    action('DescribeRouteTableSelectionPolicies', describeRequest, async (caller, parameters) => {
      const { total, page } = selectRows(await ccnSelectionPolicies.list(caller), parameters, selection);
      return { TotalCount: total, RouteSelectionPolicySet: page.map(wirePolicy) };
    }),
    action('ClearRouteTableSelectionPolicies', object({ CcnId: idOf('ccn') }), async (caller, { CcnId: id }) => {
      await ccnSelectionPolicies.replace(caller, id, []);
      return {};
    }),
  ];
}

function wirePolicy(row: CcnSelectionPolicyView) {
  return {
    CcnId: row.ccnId,
    RouteTableId: row.routeTableId,
    RouteTableName: row.routeTableName,
    InstanceType: wireInstanceType(row.instance),
    InstanceName: row.instanceName,
    SourceCidrBlock: row.source,
    Description: row.description,
    InstanceId: row.instance.id,
    InstanceUin: row.instanceAccountId,
  };
}
