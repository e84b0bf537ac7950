import { callAction } from '@landbridge/client';
import { adminEndpoint, type EndpointOptions } from './endpoint.ts';

interface TunnelStatus {
  readonly VpnConnectionId: string;
  /** A word of packages/server/src/domain/tunnel-state.ts. */
  readonly State: string;
  /** Empty when the word says it all. */
  readonly Reason: string;
  readonly Children: readonly { readonly Name: string; readonly Installed: boolean }[];
}

interface GatewayStatus {
  readonly VpnGatewayId: string;
  readonly Generation: number;
  /** Generation of the plan that is in the network. */
  readonly Applied: number;
  /** Empty when there is none. */
  readonly Error: string;
  readonly Tunnels: readonly TunnelStatus[];
}

interface SystemStatus {
  readonly Version: string;
  readonly DataPlane: string;
  readonly DataPlaneReason: string;
  readonly StartedAt: string;
  readonly Gateways: readonly GatewayStatus[];
  readonly Conditions: readonly { readonly Name: string; readonly Ok: boolean; readonly Message: string }[];
}

/** `landbridge status`: gateways with their tunnels, and every condition that is not as it should be. */
export async function status(options: EndpointOptions): Promise<void> {
  const endpoint = await adminEndpoint(options);
  const answer = await callAction(endpoint, 'landbridge', 'DescribeSystemStatus');
  process.stdout.write(`${render(answer as unknown as SystemStatus).join('\n')}\n`);
}

function render(system: SystemStatus): string[] {
  const troubles = system.Conditions.filter(({ Ok }) => !Ok).map(({ Name, Message }) => `! ${Name}: ${Message}`);
  return [
    `landbridge ${system.Version}, data plane ${system.DataPlane} (${system.DataPlaneReason}), since ${system.StartedAt}`,
    ...(system.Gateways.length === 0 ? ['no VPN gateways'] : system.Gateways.flatMap(renderGateway)),
    ...troubles,
  ];
}

function renderGateway(gateway: GatewayStatus): string[] {
  const state = gateway.Applied === gateway.Generation ? 'as wanted' : 'being applied';
  return [
    `${gateway.VpnGatewayId}  ${gateway.Error === '' ? state : gateway.Error}`,
    ...gateway.Tunnels.map(renderTunnel),
  ];
}

function renderTunnel({ VpnConnectionId, State, Reason, Children }: TunnelStatus): string {
  const installed = Children.filter(({ Installed }) => Installed).length;
  const children = Children.length > 1 ? `  ${installed} of ${Children.length} mappings` : '';
  return `  ${VpnConnectionId}  ${State}${children}${Reason === '' ? '' : `  ${Reason}`}`;
}
