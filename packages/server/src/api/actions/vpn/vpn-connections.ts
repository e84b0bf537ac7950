import type { Static } from 'typebox';
import { isResourceId, type VpcId } from '../../../domain/resource-id.ts';
import type { Caller } from '../../../services/caller.ts';
import type { Services } from '../../../services/create-services.ts';
import type { VpnConnection } from '../../../domain/vpn/vpn-connection.ts';
import type { NewVpnConnection } from '../../../services/vpn/vpn-connections.ts';
import { action, type Action } from '../../action.ts';
import { reject } from '../../protocol/api-error.ts';
import { equals, selectRows, type SelectionRules } from '../../wire/row-selection.ts';
import { readRouteType } from './forwarding-wire.ts';
import { createRequest, describeRequest, modifyRequest, nameRequest, probeRequest } from './vpn-connection-schemas.ts';
import { checkPreSharedKey, readNegotiation, wireVpnConnection } from './vpn-connection-wire.ts';
import { defined, readTags } from '../../wire/wire-values.ts';

/** Tunnels (docs/spec/actions.md section 1.3). */

const selection: SelectionRules<VpnConnection> = {
  idsName: 'VpnConnectionIds',
  idOf: ({ id }) => id,
  filters: {
    'vpc-id': equals(({ vpcId }) => vpcId ?? ''),
    'vpn-gateway-id': equals(({ vpnGatewayId }) => vpnGatewayId),
    'customer-gateway-id': equals(({ customerGatewayId }) => customerGatewayId),
    'vpn-connection-name': equals(({ name }) => name),
    'vpn-connection-id': equals(({ id }) => id),
  },
};

export function vpnConnectionActions({ vpnConnections }: Services): Action[] {
  return [
    action('CreateVpnConnection', createRequest, async (caller, parameters) => {
      const connection = await vpnConnections.create(caller, readConnection(parameters));
      return { VpnConnection: wireVpnConnection(connection, parameters.PreShareKey) };
    }),
    action('DescribeVpnConnections', describeRequest, (caller, parameters) =>
      describe(vpnConnections, caller, parameters),
    ),
    action('ModifyVpnConnectionAttribute', modifyRequest, async (caller, parameters) => {
      const { VpnConnectionId: id, PreShareKey: key } = parameters;
      const changes = defined({
        name: parameters.VpnConnectionName,
        preSharedKey: key === undefined ? undefined : checkPreSharedKey(key),
        customerGatewayId: parameters.CustomerGatewayId,
        ...readNegotiation(parameters),
      });
      await vpnConnections.modify(caller, id, changes);
      return {};
    }),
    action('DeleteVpnConnection', nameRequest, async (caller, { VpnGatewayId, VpnConnectionId }) => {
      await vpnConnections.remove(caller, VpnGatewayId, VpnConnectionId);
      return {};
    }),
    action('ResetVpnConnection', nameRequest, async (caller, { VpnGatewayId, VpnConnectionId }) => {
      await vpnConnections.reset(caller, VpnGatewayId, VpnConnectionId);
      return {};
    }),
    action('GenerateVpnConnectionDefaultHealthCheckIp', probeRequest, async (caller, { VpnGatewayId }) => {
      const { local, remote } = await vpnConnections.proposeProbeAddresses(caller, VpnGatewayId);
      return { HealthCheckLocalIp: local, HealthCheckRemoteIp: remote };
    }),
  ];
}

/** Keys are opened for the rows of the page only. */
async function describe(
  vpnConnections: Services['vpnConnections'],
  caller: Caller,
  parameters: Static<typeof describeRequest>,
) {
  const { VpnConnectionIds: ids } = parameters;
  const { total, opened } = await vpnConnections.pick(caller, ids, (connections) =>
    selectRows(connections, { ...parameters, ids }, selection),
  );
  return {
    TotalCount: total,
    VpnConnectionSet: opened.map(({ connection, preSharedKey }) => wireVpnConnection(connection, preSharedKey)),
  };
}

function readConnection(parameters: Static<typeof createRequest>): NewVpnConnection {
  const routeType = readRouteType(parameters.RouteType);
  if (parameters.Route !== undefined) {
    const feature = 'a route made with its tunnel (use CreateVpnGatewayRoutes)';
    reject('feature-not-built', { name: 'Route', feature });
  }
  return {
    name: parameters.VpnConnectionName,
    preSharedKey: checkPreSharedKey(parameters.PreShareKey),
    vpnGatewayId: parameters.VpnGatewayId,
    customerGatewayId: parameters.CustomerGatewayId,
    vpcId: readVpcId(parameters.VpcId),
    routeType,
    tags: readTags(parameters.Tags),
    ...readNegotiation(parameters),
  };
}

function readVpcId(text: string | undefined): VpcId | undefined {
  if (text === undefined || text === '') return undefined;
  if (isResourceId('vpc', text)) return text;
  return reject('malformed-value', { name: 'VpcId', rule: 'vpc- and 8 lower-case letters or digits are expected' });
}
