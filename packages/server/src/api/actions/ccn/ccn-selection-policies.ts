import {
  ccnSelectionPolicyActions,
  type WireCcnSelectionPolicy,
} from '@landbridge/catalogue/ccn/ccn-selection-policies';
import type { CcnSelectionPolicyView } from '../../../services/ccn/ccn-selection-policies.ts';
import type { Services } from '../../../services/create-services.ts';
import type { Handlers } from '../../action.ts';
import { describing } from '../../describe-action.ts';
import { readNamedInstance, wireInstanceType } from './ccn-instances-wire.ts';
import { equals } from '../../wire/row-selection.ts';
import { readDestination } from '../../wire/wire-values.ts';

/** Which route table packets of a CCN's instances use, by their source (docs/spec/actions.md section 2.8). */
export function ccnSelectionPolicyHandlers({
  ccnSelectionPolicies,
}: Services): Handlers<typeof ccnSelectionPolicyActions> {
  return {
    ModifyRouteTableSelectionPolicies: async (caller, parameters) => {
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
    },
    DescribeRouteTableSelectionPolicies: describing(ccnSelectionPolicyActions.DescribeRouteTableSelectionPolicies, {
      list: (caller) => ccnSelectionPolicies.list(caller),
      show: (page) => page.map(wirePolicy),
      filters: {
        'ccn-id': equals(({ ccnId }) => ccnId),
        'instance-type': equals(({ instance }) => wireInstanceType(instance)),
        'ccn-route-table-id': equals(({ routeTableId }) => routeTableId),
        'instance-id': equals(({ instance }) => instance.id),
        'route-table-name': equals(({ routeTableName }) => routeTableName),
      },
      defaultLimit: 100,
    }),
    ClearRouteTableSelectionPolicies: async (caller, { CcnId: id }) => {
      await ccnSelectionPolicies.replace(caller, id, []);
      return {};
    },
  };
}

function wirePolicy(row: CcnSelectionPolicyView): WireCcnSelectionPolicy {
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
