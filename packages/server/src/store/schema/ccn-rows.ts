import type { CcnInstance } from '../../domain/ccn/ccn.ts';
import { flag } from './columns.ts';
import { parseJson, type RowMapping } from './row-mapping.ts';

export const ccns: RowMapping<'ccns'> = {
  key: ['id'],
  toColumns: ({ tags, ...ccn }) => ({
    ...ccn,
    prepaid: flag(ccn.prepaid),
    routeEcmp: flag(ccn.routeEcmp),
    routeOverlap: flag(ccn.routeOverlap),
    tagsJson: JSON.stringify(tags),
  }),
  fromColumns: ({ tagsJson, ...columns }) => ({
    ...columns,
    prepaid: columns.prepaid === 1,
    routeEcmp: columns.routeEcmp === 1,
    routeOverlap: columns.routeOverlap === 1,
    tags: parseJson(tagsJson),
  }),
};

export const ccnRouteTables: RowMapping<'ccnRouteTables'> = {
  key: ['id'],
  toColumns: (table) => ({ ...table, isDefault: flag(table.isDefault) }),
  fromColumns: (columns) => ({ ...columns, isDefault: columns.isDefault === 1 }),
};

export const ccnAttachments: RowMapping<'ccnAttachments'> = {
  key: ['instanceId'],
  toColumns: ({ instance, ...attachment }) => ({ ...attachment, ...instanceColumns(instance) }),
  fromColumns: ({ instanceKind, instanceId, ...columns }) => ({
    ...columns,
    instance: { kind: instanceKind, id: instanceId } as CcnInstance,
  }),
};

export const ccnAttachmentRequests: RowMapping<'ccnAttachmentRequests'> = {
  key: ['instanceId'],
  toColumns: ({ instance, isRejected, ...request }) => ({
    ...request,
    ...instanceColumns(instance),
    isRejected: flag(isRejected),
  }),
  fromColumns: ({ instanceKind, instanceId, isRejected, ...columns }) => ({
    ...columns,
    instance: { kind: instanceKind, id: instanceId } as CcnInstance,
    isRejected: isRejected === 1,
  }),
};

export const ccnRoutePolicyLists: RowMapping<'ccnRoutePolicyLists'> = {
  key: ['routeTableId', 'direction', 'version'],
  toColumns: ({ policies, ...list }) => ({ ...list, policiesJson: JSON.stringify(policies) }),
  fromColumns: ({ policiesJson, ...columns }) => ({ ...columns, policies: parseJson(policiesJson) }),
};

export const ccnSelectionPolicies: RowMapping<'ccnSelectionPolicies'> = {
  key: ['instanceId', 'source'],
  toColumns: ({ instance, ...policy }) => ({ ...policy, ...instanceColumns(instance) }),
  fromColumns: ({ instanceKind, instanceId, ...columns }) => ({
    ...columns,
    instance: { kind: instanceKind, id: instanceId } as CcnInstance,
  }),
};

export const ccnRouteChoices: RowMapping<'ccnRouteChoices'> = {
  key: ['routeTableId', 'instanceId', 'destination'],
  toColumns: (choice) => ({ ...choice, enabled: flag(choice.enabled) }),
  fromColumns: (columns) => ({ ...columns, enabled: columns.enabled === 1 }),
};

export const ccnRangeChoices: RowMapping<'ccnRangeChoices'> = {
  key: ['vpnGatewayId', 'destination'],
  toColumns: (choice) => ({ ...choice, enabled: flag(choice.enabled) }),
  fromColumns: (columns) => ({ ...columns, enabled: columns.enabled === 1 }),
};

export const ccnBandwidthLimits: RowMapping<'ccnBandwidthLimits'> = {
  key: ['ccnId', 'region', 'peerRegion'],
  toColumns: (limit) => ({ ...limit, peerRegion: limit.peerRegion ?? '' }),
  fromColumns: (columns) => ({ ...columns, peerRegion: columns.peerRegion === '' ? null : columns.peerRegion }),
};

function instanceColumns({ kind, id }: CcnInstance): {
  readonly instanceKind: CcnInstance['kind'];
  readonly instanceId: CcnInstance['id'];
} {
  return { instanceKind: kind, instanceId: id };
}
