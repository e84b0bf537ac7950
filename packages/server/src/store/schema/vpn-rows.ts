import { flag } from './columns.ts';
import { routeColumns, routeOf } from './route-columns.ts';
import { parseJson, type RowMapping } from './row-mapping.ts';

export const vpnGateways: RowMapping<'vpnGateways'> = {
  key: ['id'],
  unique: ['publicAddress'],
  toColumns: ({ tags, ...gateway }) => ({
    ...gateway,
    prepaid: flag(gateway.prepaid),
    checksSources: flag(gateway.checksSources),
    tagsJson: JSON.stringify(tags),
  }),
  fromColumns: ({ tagsJson, ...columns }) => ({
    ...columns,
    prepaid: columns.prepaid === 1,
    checksSources: columns.checksSources === 1,
    tags: parseJson(tagsJson),
  }),
};

export const customerGateways: RowMapping<'customerGateways'> = {
  key: ['id'],
  unique: ['accountId', 'region', 'address'],
  toColumns: ({ tags, ...gateway }) => ({ ...gateway, tagsJson: JSON.stringify(tags) }),
  fromColumns: ({ tagsJson, ...columns }) => ({ ...columns, tags: parseJson(tagsJson) }),
};

export const vpnConnections: RowMapping<'vpnConnections'> = {
  key: ['id'],
  unique: ['vpnGatewayId', 'ifId'],
  toColumns: ({ tags, policies, ike, esp, dpd, healthCheck, writtenPolicies, ...connection }) => ({
    ...connection,
    policiesJson: JSON.stringify(policies),
    writtenPoliciesJson: writtenPolicies === null ? null : JSON.stringify(writtenPolicies),
    ikeJson: JSON.stringify(ike),
    espJson: JSON.stringify(esp),
    dpdJson: JSON.stringify(dpd),
    healthCheckJson: JSON.stringify(healthCheck),
    tagsJson: JSON.stringify(tags),
  }),
  fromColumns: ({
    tagsJson,
    policiesJson,
    ikeJson,
    espJson,
    dpdJson,
    healthCheckJson,
    writtenPoliciesJson,
    ...columns
  }) => ({
    ...columns,
    policies: parseJson(policiesJson),
    writtenPolicies: writtenPoliciesJson === null ? null : parseJson(writtenPoliciesJson),
    ike: parseJson(ikeJson),
    esp: parseJson(espJson),
    dpd: parseJson(dpdJson),
    healthCheck: parseJson(healthCheckJson),
    tags: parseJson(tagsJson),
  }),
};

export const preSharedKeys: RowMapping<'preSharedKeys'> = {
  key: ['vpnConnectionId'],
  toColumns: (key) => key,
  fromColumns: (columns) => columns,
};

export const vpnGatewayRoutes: RowMapping<'vpnGatewayRoutes'> = {
  key: ['id'],
  unique: ['vpnGatewayId', 'destination', 'nextHopId', 'priority'],
  toColumns: routeColumns,
  fromColumns: routeOf,
};
