import { callAction } from '@landbridge/client';
import { adminEndpoint, type EndpointOptions } from './endpoint.ts';

interface TunnelStatus {
  readonly VpnConnectionId: string;
  readonly NetStatus: string;
  /** Empty when there is none. */
  readonly LastError: string;
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
  const answer = await describe(options);
  process.stdout.write(`${answer.join('\n')}\n`);
}

async function describe(options: EndpointOptions): Promise<string[]> {
  try {
    const endpoint = await adminEndpoint(options);
    const answer = await callAction(endpoint, 'landbridge', 'DescribeSystemStatus');
    return render(answer as unknown as SystemStatus);
  } catch (error) {
    // A service that lost its data directory may know no key by which it could answer.
    const { findHold } = await import('./find-hold.ts');
    const held = await findHold(options.dataDir);
    if (held === null) throw error;
    process.exitCode = 1;
    return [`! store: ${held}`];
  }
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

function renderTunnel({ VpnConnectionId, NetStatus, LastError, Children }: TunnelStatus): string {
  const installed = Children.filter(({ Installed }) => Installed).length;
  const children = Children.length > 1 ? `  ${installed} of ${Children.length} mappings` : '';
  const reason = NetStatus === 'AVAILABLE' || LastError === '' ? '' : `  ${LastError}`;
  return `  ${VpnConnectionId}  ${NetStatus === 'AVAILABLE' ? 'connected' : 'down'}${children}${reason}`;
}
