import type { RequestOf } from '@landbridge/catalogue/action-definition';
import { vpnConnectionActions } from '@landbridge/catalogue/vpn/vpn-connections';
import { isResourceId, type VpcId } from '../../../domain/resource-id.ts';
import type { Services } from '../../../services/create-services.ts';
import { shownKey } from '../../../services/vpn/shown-key.ts';
import type { NewVpnConnection } from '../../../services/vpn/vpn-connections.ts';
import type { Handlers } from '../../action.ts';
import { describing } from '../../describe-action.ts';
import { reject } from '../../protocol/api-error.ts';
import { equals } from '../../wire/row-selection.ts';
import { readRouteType } from './forwarding-wire.ts';
import { checkPreSharedKey, readNegotiation, wireVpnConnection } from './vpn-connection-wire.ts';
import { defined, readTags } from '../../wire/wire-values.ts';

/** Tunnels (docs/spec/actions.md section 1.3). */

export function vpnConnectionHandlers({ vpnConnections }: Services): Handlers<typeof vpnConnectionActions> {
  return {
    CreateVpnConnection: async (caller, parameters) => {
      const connection = await vpnConnections.create(caller, readConnection(parameters));
      return {
        VpnConnection: wireVpnConnection(
          connection,
          shownKey(caller, () => parameters.PreShareKey),
        ),
      };
    },
    DescribeVpnConnections: describing(vpnConnectionActions.DescribeVpnConnections, {
      list: (caller, ids) => vpnConnections.list(caller, ids),
      idOf: ({ id }) => id,
      filters: {
        'vpc-id': equals(({ vpcId }) => vpcId ?? ''),
        'vpn-gateway-id': equals(({ vpnGatewayId }) => vpnGatewayId),
        'customer-gateway-id': equals(({ customerGatewayId }) => customerGatewayId),
        'vpn-connection-name': equals(({ name }) => name),
        'vpn-connection-id': equals(({ id }) => id),
      },
      show: async (page, caller) => {
        const opened = await vpnConnections.open(caller, page);
        return opened.map(({ connection, preSharedKey }) => wireVpnConnection(connection, preSharedKey));
      },
    }),
    ModifyVpnConnectionAttribute: async (caller, parameters) => {
      const { VpnConnectionId: id, PreShareKey: key } = parameters;
      const changes = defined({
        name: parameters.VpnConnectionName,
        preSharedKey: key === undefined ? undefined : checkPreSharedKey(key),
        customerGatewayId: parameters.CustomerGatewayId,
        ...readNegotiation(parameters),
      });
      await vpnConnections.modify(caller, id, changes);
      return {};
    },
    DeleteVpnConnection: async (caller, { VpnGatewayId, VpnConnectionId }) => {
      await vpnConnections.remove(caller, VpnGatewayId, VpnConnectionId);
      return {};
    },
    ResetVpnConnection: async (caller, { VpnGatewayId, VpnConnectionId }) => {
      await vpnConnections.reset(caller, VpnGatewayId, VpnConnectionId);
      return {};
    },
    GenerateVpnConnectionDefaultHealthCheckIp: async (caller, { VpnGatewayId }) => {
      const { local, remote } = await vpnConnections.proposeProbeAddresses(caller, VpnGatewayId);
      return { HealthCheckLocalIp: local, HealthCheckRemoteIp: remote };
    },
  };
}

function readConnection(parameters: RequestOf<typeof vpnConnectionActions.CreateVpnConnection>): NewVpnConnection {
  const routeType = readRouteType(parameters.RouteType);
  if (parameters.Route !== undefined) {
    const feature = {
      en: 'a route made with its tunnel (use CreateVpnGatewayRoutes)',
      zh: '随通道一并创建路由（请使用 CreateVpnGatewayRoutes）',
    };
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
  return reject('malformed-value', {
    name: 'VpcId',
    rule: { en: 'vpc- and 8 lower-case letters or digits are expected', zh: '应为 vpc- 加 8 位小写字母或数字' },
  });
}
