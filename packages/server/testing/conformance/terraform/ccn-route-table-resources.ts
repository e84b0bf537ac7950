import { blocks, filter, ifChanged, listOf, type Call, type Reading, type Resource } from './call-list.ts';
import type { Scope } from './references.ts';

/** For tests only: what the provider does with route tables of CCNs, and their policies. */

const service = 'ccn/service_tencentcloud_ccn.go';

const routeTable: Resource = {
  type: 'ccn_route_table',
  needs: { ccn: 'ccn' },
  configuration: { ccn_id: '$ccn.id', name: 'table', description: 'for guests' },
  changes: [{ name: 'table, renamed' }, { description: 'for all' }],
  computed: ['is_default_table', 'create_time'],
  create: [
    {
      from: 'ccn/resource_tc_ccn_route_table.go resourceTencentCloudCcnRouteTableCreate',
      action: 'CreateCcnRouteTables',
      arguments: { RouteTable: [{ CcnId: '$ccn_id', Name: '$name', Description: '$description' }] },
      expects: { 'CcnRouteTableSet.length': 1 },
      keeps: { id: 'CcnRouteTableSet.0.CcnRouteTableId' },
    },
  ],
  read: [
    {
      from: `${service} DescribeVpcCcnRouteTablesById`,
      action: 'DescribeCcnRouteTables',
      arguments: { Filters: [filter('route-table-id', '$id')] },
      set: 'CcnRouteTableSet',
      attributes: {
        ...{ ccn_id: 'CcnId', name: 'RouteTableName', description: 'RouteTableDescription' },
        ...{ is_default_table: 'IsDefaultTable', create_time: 'CreateTime' },
      },
    },
  ],
  update: [
    {
      from: 'ccn/resource_tc_ccn_route_table.go resourceTencentCloudCcnRouteTableUpdate',
      action: 'ModifyCcnRouteTables',
      changed: ['name', 'description'],
      arguments: { RouteTableInfo: [{ RouteTableId: '$id', Name: '$name', Description: '$description' }] },
    },
  ],
  delete: [
    {
      from: 'ccn/resource_tc_ccn_route_table.go resourceTencentCloudCcnRouteTableDelete',
      action: 'DeleteCcnRouteTables',
      arguments: { RouteTableId: ['$id'] },
    },
  ],
};

const needs = { vpc: 'vpc', ccn: 'ccn', table: 'ccn_route_table', attachment: 'ccn_attachment_v2' };

const associate: Call = {
  from: 'ccn/resource_tc_ccn_route_table_associate_instance_config.go resourceTencentCloudCcnRouteTableAssociateInstanceConfigUpdate',
  action: 'AssociateInstancesToCcnRouteTable',
  arguments: {
    ...{ CcnId: '$ccn_id', RouteTableId: '$route_table_id' },
    Instances: blocks('instances', { InstanceId: 'instance_id', InstanceType: 'instance_type' }),
  },
};
const associations: Resource = {
  type: 'ccn_route_table_associate_instance_config',
  needs: {
    ...needs,
    vpc2: { resource: 'vpc', configuration: { cidr_block: '10.7.0.0/16', assistant_cidrs: ['172.17.0.0/24'] } },
    attachment2: { resource: 'ccn_attachment_v2', configuration: { instance_id: '$vpc2.id' } },
  },
  configuration: {
    ...{ ccn_id: '$ccn.id', route_table_id: '$table.id' },
    instances: [{ instance_id: '$vpc.id', instance_type: 'VPC' }],
  },
  changes: [
    {
      instances: [
        { instance_id: '$vpc2.id', instance_type: 'VPC' },
        { instance_id: '$vpc.id', instance_type: 'VPC' },
      ],
    },
  ],
  sets: ['instances'],
  create: [associate],
  read: [
    {
      from: `${service} DescribeRouteTableAssociatedInstancesById`,
      action: 'DescribeRouteTableAssociatedInstances',
      arguments: {
        Filters: [filter('ccn-id', '$ccn_id'), filter('ccn-route-table-id', '$route_table_id')],
        ...{ Offset: 0, Limit: 100 },
      },
      attributes: {
        instances: listOf('InstanceBindSet', { instance_id: 'InstanceId', instance_type: 'InstanceType' }),
      },
    },
  ],
  update: [{ ...associate, changed: ['instances'] }],
  delete: [],
  remains: true,
};

type Blocks = readonly Scope[];
const conditionsThere = { Name: 'name', Values: 'values', MatchPattern: 'match_pattern' };
const conditionsHere = { name: 'Name', values: 'Values', match_pattern: 'MatchPattern' };
const sent = (conditions: unknown) => blocks('all', conditionsThere)({ all: conditions });
const shown = (conditions: unknown) =>
  (listOf('all', conditionsHere) as (object: Scope, scope: Scope) => unknown)({ all: conditions }, {});

const sentPolicies = ({ policies }: Scope) =>
  (policies as Blocks).map((policy) => ({
    ...{ Action: policy['action'], Description: policy['description'] },
    RouteConditions: sent(policy['route_conditions']),
    BroadcastConditions: sent(policy['broadcast_conditions']),
  }));
/** The provider reads the first version alone. */
const shownPolicies = (object: Scope) =>
  (object['Policys'] as Blocks).map((policy) => ({
    ...{ action: policy['Action'], description: policy['Description'] },
    route_conditions: shown(policy['RouteConditions']),
    ...('BroadcastConditions' in policy ? { broadcast_conditions: shown(policy['BroadcastConditions']) } : {}),
  }));

const condition = (name: string, values: readonly string[], match_pattern = 1) => ({ name, values, match_pattern });

interface PolicyKind {
  readonly kind: 'Input' | 'Broadcast';
  readonly first: Resource['configuration'];
  readonly second: Resource['configuration'];
}
const policiesOf = ({ kind, first, second }: PolicyKind): Resource => {
  const type = `ccn_route_table_${kind.toLowerCase()}_policies`;
  const file = `ccn/resource_tc_${type}.go resourceTencentCloudCcnRouteTable${kind}Policies`;
  const replace: Call = {
    from: `${file}Create`,
    action: `ReplaceCcnRouteTable${kind}Policys`,
    arguments: { CcnId: '$ccn_id', RouteTableId: '$route_table_id', Policys: sentPolicies },
  };
  return {
    type,
    needs,
    configuration: { ccn_id: '$ccn.id', route_table_id: '$table.id', ...first },
    changes: [second],
    create: [replace],
    read: [
      {
        from: `${service} DescribeVpcReplaceCcnRouteTable${kind}PolicysById`,
        action: `DescribeCcnRouteTable${kind}Policys`,
        arguments: { CcnId: '$ccn_id', RouteTableId: '$route_table_id' },
        attributes: { policies: ({ PolicySet }) => shownPolicies((PolicySet as Blocks)[0] ?? {}) },
      },
    ],
    update: [{ ...replace, from: `${file}Update`, changed: ['policies'] }],
    delete: [
      {
        ...replace,
        from: `${file}Delete`,
        arguments: { CcnId: '$ccn_id', RouteTableId: '$route_table_id', Policys: [] },
      },
    ],
    // The table stays, and an empty list of policies with it.
    remains: true,
  };
};

const inputPolicies = policiesOf({
  kind: 'Input',
  first: {
    policies: [
      {
        ...{
          action: 'drop',
          description: 'no office',
          route_conditions: [condition('cidr-block', ['10.0.9.0/24'], 0)],
        },
      },
    ],
  },
  second: {
    policies: [
      { action: 'accept', description: 'VPCs', route_conditions: [condition('instance-type', ['VPC'])] },
      { action: 'drop', description: 'the rest', route_conditions: [condition('instance-region', ['$region'])] },
    ],
  },
});
const broadcastPolicies = policiesOf({
  kind: 'Broadcast',
  first: {
    policies: [
      {
        ...{ action: 'accept', description: 'to VPCs', route_conditions: [condition('instance-id', ['$vpc.id'])] },
        broadcast_conditions: [condition('instance-type', ['VPC'])],
      },
    ],
  },
  second: {
    policies: [
      {
        ...{ action: 'drop', description: 'to nobody', route_conditions: [condition('cidr-block', ['10.0.0.0/8'], 0)] },
        broadcast_conditions: [condition('instance-region', ['$region'])],
      },
    ],
  },
});

const selectionFields = {
  ...{ InstanceType: 'instance_type', InstanceId: 'instance_id', SourceCidrBlock: 'source_cidr_block' },
  ...{ RouteTableId: 'route_table_id', Description: 'description' },
};
const selection = (source_cidr_block: string, description: string) => ({
  ...{ instance_type: 'VPC', instance_id: '$vpc.id', route_table_id: '$table.id' },
  ...{ source_cidr_block, description },
});
const selectionFrom =
  'ccn/resource_tc_ccn_route_table_selection_policies.go resourceTencentCloudCcnRouteTableSelectionPolicies';
const modifySelection: Call = {
  from: `${selectionFrom}Create`,
  action: 'ModifyRouteTableSelectionPolicies',
  arguments: { CcnId: '$ccn_id', SelectionPolicies: blocks('selection_policies', selectionFields) },
};
const shownSelections: Reading = listOf(
  'RouteSelectionPolicySet',
  Object.fromEntries(Object.entries(selectionFields).map(([there, here]) => [here, there])),
);

const selectionPolicies: Resource = {
  type: 'ccn_route_table_selection_policies',
  needs,
  configuration: { ccn_id: '$ccn.id', selection_policies: [selection('10.0.1.0/24', 'guests')] },
  changes: [{ selection_policies: [selection('10.0.2.0/24', 'guests'), selection('10.0.1.0/24', 'others')] }],
  create: [modifySelection],
  read: [
    {
      from: `${service} DescribeVpcReplaceCcnRouteTableSelectionPolicysById`,
      action: 'DescribeRouteTableSelectionPolicies',
      arguments: { Filters: [filter('ccn-id', '$ccn_id')] },
      attributes: { selection_policies: shownSelections },
    },
  ],
  update: [
    {
      ...modifySelection,
      from: `${selectionFrom}Update`,
      changed: ['selection_policies'],
      arguments: {
        CcnId: '$ccn_id',
        SelectionPolicies: ifChanged(['selection_policies'], blocks('selection_policies', selectionFields)),
      },
    },
  ],
  delete: [
    { from: `${selectionFrom}Delete`, action: 'ClearRouteTableSelectionPolicies', arguments: { CcnId: '$ccn_id' } },
  ],
  // The provider takes an empty list for gone; its CCN is there.
  remains: true,
};

export const ccnRouteTableResources = [routeTable, associations, inputPolicies, broadcastPolicies, selectionPolicies];
