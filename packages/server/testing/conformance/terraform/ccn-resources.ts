import { filter, given, ifChanged, type Call, type Read, type Resource } from './call-list.ts';
import type { Scope } from './references.ts';

/** For tests only: what the provider does with CCNs, their instances, routes and bandwidth limits. */

const service = 'ccn/service_tencentcloud_ccn.go';
const ccnFrom = 'ccn/resource_tc_ccn.go resourceTencentCloudCcn';

const theCcn = (id: string): Call => ({
  from: `${service} DescribeCcns`,
  action: 'DescribeCcns',
  arguments: { Offset: 0, Limit: 100, Filters: [filter('ccn-id', id)] },
});
const isThere = { 'CcnSet.length': 1 };
const upper =
  (name: string) =>
  (object: Scope): unknown =>
    (object[name] as string).toUpperCase();

const ccn: Resource = {
  type: 'ccn',
  configuration: { name: 'ccn', description: 'between all', tags: { team: 'net' } },
  changes: [
    { name: 'ccn, renamed', description: 'between most' },
    { bandwidth_limit_type: 'INTER_REGION_LIMIT' },
    { route_ecmp_flag: true },
    { tags: { stage: 'test' } },
  ],
  variants: {
    'as little as goes': { configuration: { name: 'small', qos: 'AG' }, changes: [{ name: 'x' }] },
    // The provider sends false for the other flag then, and reads back what is.
    'with one flag': { configuration: { name: 'flagged', route_ecmp_flag: true } },
    'with both flags': { configuration: { name: 'flagged', route_ecmp_flag: false, route_overlap_flag: true } },
    'that is paid for in advance': {
      configuration: { name: 'prepaid', charge_type: 'PREPAID', bandwidth_limit_type: 'INTER_REGION_LIMIT' },
      changes: [{ name: 'renamed' }],
    },
  },
  defaults: { qos: 'AU', charge_type: 'POSTPAID', bandwidth_limit_type: 'OUTER_REGION_LIMIT' },
  computed: [
    'instance_metering_type',
    'route_ecmp_flag',
    'route_overlap_flag',
    'state',
    'instance_count',
    'create_time',
  ],
  tags: { prefix: 'ccn' },
  create: [
    {
      from: `${service} CreateCcn`,
      action: 'CreateCcn',
      arguments: {
        ...{ CcnName: '$name', CcnDescription: (scope) => scope['description'] ?? '', QosLevel: '$qos' },
        ...{ InstanceChargeType: '$charge_type', BandwidthLimitType: '$bandwidth_limit_type' },
        InstanceMeteringType: given('instance_metering_type'),
      },
      keeps: { id: 'Ccn.CcnId' },
    },
    {
      from: `${ccnFrom}Create`,
      action: 'ModifyCcnAttribute',
      when: (scope) => 'route_ecmp_flag' in scope || 'route_overlap_flag' in scope,
      arguments: {
        CcnId: '$id',
        // Both go, when either is configured.
        RouteECMPFlag: ({ route_ecmp_flag: flag }) => flag === true,
        RouteOverlapFlag: ({ route_overlap_flag: flag }) => flag === true,
      },
    },
  ],
  read: [
    {
      ...theCcn('$id'),
      set: 'CcnSet',
      dereferences: [
        ...['CcnId', 'CcnName', 'CreateTime', 'CcnDescription', 'InstanceCount', 'QosLevel', 'State'],
        ...['InstanceChargeType', 'BandwidthLimitType', 'RouteECMPFlag', 'RouteOverlapFlag'],
      ],
      attributes: {
        ...{ name: 'CcnName', description: 'CcnDescription', qos: upper('QosLevel'), state: upper('State') },
        ...{ instance_count: 'InstanceCount', create_time: 'CreateTime', charge_type: 'InstanceChargeType' },
        ...{ bandwidth_limit_type: 'BandwidthLimitType', instance_metering_type: 'InstanceMeteringType' },
        ...{ route_ecmp_flag: 'RouteECMPFlag', route_overlap_flag: 'RouteOverlapFlag' },
      },
    },
  ],
  update: [
    {
      from: `${ccnFrom}Update`,
      action: 'ModifyCcnAttribute',
      changed: ['name', 'description', 'route_ecmp_flag', 'route_overlap_flag'],
      arguments: {
        CcnId: '$id',
        ...{ CcnName: ifChanged(['name'], '$name'), CcnDescription: ifChanged(['description'], '$description') },
        RouteECMPFlag: ifChanged(['route_ecmp_flag'], '$route_ecmp_flag'),
        RouteOverlapFlag: ifChanged(['route_overlap_flag'], '$route_overlap_flag'),
      },
    },
    {
      from: `${service} ModifyCcnRegionBandwidthLimitsType`,
      action: 'ModifyCcnRegionBandwidthLimitsType',
      changed: ['bandwidth_limit_type'],
      arguments: { CcnId: '$id', BandwidthLimitType: '$bandwidth_limit_type' },
    },
  ],
  delete: [
    { ...theCcn('$id'), expects: isThere },
    { from: `${service} DeleteCcn`, action: 'DeleteCcn', arguments: { CcnId: '$id' } },
    { ...theCcn('$id'), until: { 'CcnSet.length': 0 } },
  ],
};

const attached = {
  ...{ ccn_id: '$ccn.id', instance_id: '$vpc.id', instance_type: 'VPC', instance_region: '$region' },
  description: 'the office',
};
const instance = (more: object = {}) => ({
  ...{ InstanceId: '$instance_id', InstanceRegion: '$instance_region', InstanceType: '$instance_type' },
  ...more,
});
const routeIds = ({ RouteSet: routes }: Scope) => (routes as readonly Scope[]).map(({ RouteId }) => RouteId);
const routesOfCcn = (from: string): Read => ({
  ...{ from, action: 'DescribeCcnRoutes', arguments: { CcnId: '$ccn_id' } },
  attributes: { route_ids: routeIds },
});
const attachmentFields = {
  ...{ description: 'Description', route_table_id: 'RouteTableId', ccn_uin: 'CcnUin', state: 'State' },
  ...{ attached_time: 'AttachedTime', cidr_block: 'CidrBlock' },
};
const whereAttached = {
  InstanceId: '$instance_id',
  InstanceRegion: '$instance_region',
  InstanceType: '$instance_type',
};
const computedOfAttachments = ['route_table_id', 'ccn_uin', 'state', 'attached_time', 'cidr_block', 'route_ids'];

const oldFrom = 'ccn/resource_tc_ccn_attachment.go resourceTencentCloudCcnAttachment';
const oldRead: Call = {
  from: `${service} DescribeCcnAttachedInstances`,
  action: 'DescribeCcnAttachedInstances',
  arguments: { CcnId: '$ccn_id', Offset: 0, Limit: 20 },
};

const attachment: Resource = {
  type: 'ccn_attachment',
  needs: { vpc: 'vpc', ccn: 'ccn' },
  configuration: attached,
  changes: [{ description: 'the branch' }],
  computed: computedOfAttachments,
  create: [
    { ...theCcn('$ccn_id'), expects: isThere },
    {
      from: `${service} AttachCcnInstances`,
      action: 'AttachCcnInstances',
      arguments: { CcnId: '$ccn_id', Instances: [instance({ Description: given('description') })] },
    },
  ],
  read: [
    { ...theCcn('$ccn_id'), set: 'CcnSet', attributes: {} },
    { ...oldRead, set: 'InstanceSet', where: whereAttached, attributes: attachmentFields },
    routesOfCcn(`${oldFrom}Read`),
  ],
  update: [
    {
      from: `${oldFrom}Update`,
      action: 'ModifyCcnAttachedInstancesAttribute',
      changed: ['description'],
      arguments: {
        CcnId: '$ccn_id',
        Instances: [instance({ Description: '$description', RouteTableId: '$route_table_id' })],
      },
    },
  ],
  delete: [
    { ...theCcn('$ccn_id'), expects: isThere },
    {
      from: `${service} DetachCcnInstances`,
      action: 'DetachCcnInstances',
      arguments: { CcnId: '$ccn_id', Instances: [instance()] },
    },
    { ...oldRead, until: { 'InstanceSet.length': 0 } },
  ],
};

const newFrom = 'ccn/resource_tc_ccn_attachment_v2.go resourceTencentCloudCcnAttachmentV2';

const attachmentV2: Resource = {
  type: 'ccn_attachment_v2',
  needs: { vpc: 'vpc', ccn: 'ccn' },
  configuration: attached,
  changes: [{ description: 'the branch' }],
  computed: computedOfAttachments,
  create: [
    {
      from: `${newFrom}Create`,
      action: 'AttachCcnInstances',
      arguments: {
        ...{ CcnId: '$ccn_id', CcnUin: given('ccn_uin') },
        Instances: [instance({ Description: given('description'), RouteTableId: given('route_table_id') })],
      },
    },
  ],
  read: [
    {
      from: `${service} DescribeCcnAttachedInstanceByFilter`,
      action: 'DescribeCcnAttachedInstances',
      arguments: {
        ...{ CcnId: '$ccn_id', Offset: 0, Limit: 20 },
        Filters: [
          filter('instance-type', '$instance_type'),
          filter('instance-region', '$instance_region'),
          filter('instance-id', '$instance_id'),
        ],
      },
      set: 'InstanceSet',
      where: whereAttached,
      attributes: attachmentFields,
    },
    routesOfCcn(`${newFrom}Read`),
  ],
  update: [
    {
      from: `${newFrom}Update`,
      action: 'ModifyCcnAttachedInstancesAttribute',
      changed: ['description'],
      arguments: {
        CcnId: '$ccn_id',
        Instances: [instance({ Description: given('description'), RouteTableId: given('route_table_id') })],
      },
    },
  ],
  delete: [
    {
      from: `${newFrom}Delete`,
      action: 'DetachCcnInstances',
      arguments: { CcnId: '$ccn_id', Instances: [instance()] },
    },
  ],
};

const theRoutes = (id: string): Call => ({
  from: `${service} DescribeVpcCcnRoutesById`,
  action: 'DescribeCcnRoutes',
  arguments: { CcnId: '$ccn_id', Filters: [filter('route-id', id)] },
});
const switchFrom = 'ccn/resource_tc_ccn_routes.go resourceTencentCloudCcnRoutesUpdate';
const switched = (action: 'EnableCcnRoutes' | 'DisableCcnRoutes'): Call => ({
  ...{ from: switchFrom, action, arguments: { CcnId: '$ccn_id', RouteIds: ['$route_id'] } },
  when: ({ switch: to }) => (to === 'on') === (action === 'EnableCcnRoutes'),
});

const routes: Resource = {
  type: 'ccn_routes',
  needs: { vpc: 'vpc', ccn: 'ccn', route_table: 'route_table', subnet: 'subnet', attachment: 'ccn_attachment_v2' },
  looks: [
    {
      ...{ from: `${service} DescribeVpcDescribeCcnRoutesByFilter`, action: 'DescribeCcnRoutes' },
      ...{ arguments: { CcnId: '$ccn.id', Offset: 0, Limit: 20 }, keeps: { found: 'RouteSet.0.RouteId' } },
    },
  ],
  configuration: { ccn_id: '$ccn.id', route_id: '$found', switch: 'off' },
  changes: [{ switch: 'on' }, { switch: 'off' }],
  create: [switched('EnableCcnRoutes'), switched('DisableCcnRoutes')],
  read: [
    {
      ...theRoutes('$route_id'),
      set: 'RouteSet',
      attributes: { route_id: 'RouteId', switch: ({ Enabled }) => (Enabled === true ? 'on' : 'off') },
    },
  ],
  update: [
    { ...switched('EnableCcnRoutes'), changed: ['switch'] },
    { ...switched('DisableCcnRoutes'), changed: ['switch'] },
  ],
  delete: [],
  remains: true,
};

const setLimit = (SetDefaultLimitFlag: boolean): Call => ({
  from: `${service} SetCcnRegionBandwidthLimits`,
  action: 'SetCcnRegionBandwidthLimits',
  arguments: {
    CcnId: '$ccn_id',
    CcnRegionBandwidthLimits: [
      { Region: '$region', DstRegion: given('dst_region'), BandwidthLimit: (scope) => scope['bandwidth_limit'] ?? 0 },
    ],
    SetDefaultLimitFlag,
  },
});

interface Limit {
  readonly Region: string;
  readonly DstRegion: string;
  readonly BandwidthLimit: number;
}

const bandwidthLimit: Resource = {
  type: 'ccn_bandwidth_limit',
  needs: { vpc: 'vpc', ccn: 'ccn', attachment: 'ccn_attachment_v2' },
  configuration: { ccn_id: '$ccn.id', region: '$region', bandwidth_limit: 500 },
  changes: [{ bandwidth_limit: 1000 }],
  computed: ['bandwidth_limit'],
  create: [{ ...theCcn('$ccn_id'), expects: isThere }, setLimit(false)],
  read: [
    { ...theCcn('$ccn_id'), set: 'CcnSet', attributes: { _type: 'BandwidthLimitType' } },
    {
      from: `${service} GetCcnRegionBandwidthLimits`,
      action: 'GetCcnRegionBandwidthLimits',
      arguments: { CcnId: '$ccn_id', Offset: 0, Limit: 100 },
      dereferences: ['CcnBandwidthSet'],
      attributes: {
        dst_region: (_reply, scope) => scope['dst_region'],
        bandwidth_limit: (reply, scope) =>
          (reply['CcnBandwidthSet'] as readonly { readonly CcnRegionBandwidthLimit: Limit }[])
            .map(({ CcnRegionBandwidthLimit: limit }) => limit)
            .find(
              ({ Region, DstRegion }) =>
                Region === scope['region'] &&
                (scope['_type'] === 'OUTER_REGION_LIMIT' || DstRegion === scope['dst_region']),
            )?.BandwidthLimit,
      },
    },
  ],
  update: [
    { ...theCcn('$ccn_id'), changed: ['bandwidth_limit'], expects: isThere },
    { ...setLimit(false), changed: ['bandwidth_limit'] },
  ],
  delete: [setLimit(true)],
  remains: true,
};

const limitBetween: Resource = {
  ...bandwidthLimit,
  needs: {
    ...bandwidthLimit.needs,
    ccn: { resource: 'ccn', configuration: { bandwidth_limit_type: 'INTER_REGION_LIMIT' } },
  },
  configuration: { ccn_id: '$ccn.id', region: '$region', dst_region: 'test-2', bandwidth_limit: 500 },
};

/** One account asks, another answers: what the other calls. */
const answer = (type: string, action: string, isReset: boolean): Resource => ({
  type,
  configuration: {
    ccn_id: '$ccn.id',
    ...(isReset ? { ccn_uin: '$ccn_uin' } : {}),
    instances: [{ instance_id: '$theirs.id', instance_region: '$region', instance_type: 'VPC' }],
  },
  create: [
    {
      from: `ccn/resource_tc_${type}.go ${functionOf(type)}Create`,
      action,
      arguments: {
        ...{ CcnId: '$ccn_id', ...(isReset ? { CcnUin: '$ccn_uin' } : {}) },
        Instances: [
          {
            ...{ InstanceId: '$instances.0.instance_id', InstanceRegion: '$instances.0.instance_region' },
            // The provider sends a description that nobody gave as an empty text.
            ...{ InstanceType: '$instances.0.instance_type', Description: '' },
          },
        ],
      },
    },
  ],
  read: [],
  delete: [],
  remains: true,
});

function functionOf(type: string): string {
  const words = type.split('_').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `resourceTencentCloud${words.join('')}`;
}

export const acceptAttach = answer('ccn_instances_accept_attach', 'AcceptAttachCcnInstances', false);
export const rejectAttach = answer('ccn_instances_reject_attach', 'RejectAttachCcnInstances', false);
export const resetAttach = answer('ccn_instances_reset_attach', 'ResetAttachCcnInstances', true);

export const ccnResources = [ccn, attachment, attachmentV2, routes, bandwidthLimit];
/** The same resource, about two regions. */
export { limitBetween };
