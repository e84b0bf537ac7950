import { callAction } from '@landbridge/client';
import { adminEndpoint, type EndpointOptions } from './endpoint.ts';

interface TunnelStatus {
  readonly VpnConnectionId: string;
  /** A word of packages/server/src/diagnosis/tunnel-condition.ts. */
  readonly State: string;
  /** Empty when the word says it all. */
  readonly Reason: string;
  readonly Notes: readonly string[];
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
  /** False: packets out of its destination-routing tunnels may have any source. */
  readonly SourceCheck: boolean;
}

interface DroppedPackets {
  readonly ResourceId: string;
  /** Empty where the resource is no tunnel. */
  readonly VpnGatewayId: string;
  readonly Reason: string;
  readonly Message: string;
  readonly Packets: number;
}

interface SystemStatus {
  readonly Version: string;
  readonly DataPlane: string;
  readonly DataPlaneReason: string;
  readonly StartedAt: string;
  readonly Gateways: readonly GatewayStatus[];
  readonly Conditions: readonly { readonly Name: string; readonly Ok: boolean; readonly Message: string }[];
}

const mostDrops = 100;

/** `landbridge status`: gateways with their tunnels, what was dropped, and every condition that is not as it should be. */
export async function status(options: EndpointOptions): Promise<void> {
  const answer = await describe(options);
  process.stdout.write(`${answer.join('\n')}\n`);
}

async function describe(options: EndpointOptions): Promise<string[]> {
  try {
    const endpoint = await adminEndpoint(options);
    const system = await callAction(endpoint, 'landbridge', 'DescribeSystemStatus');
    const drops = await callAction(endpoint, 'landbridge', 'DescribeDroppedPackets', { Limit: mostDrops });
    return [
      ...render(system as unknown as SystemStatus),
      ...renderDrops(drops as unknown as { TotalCount: number; DroppedPacketSet: readonly DroppedPackets[] }),
    ];
  } catch (error) {
    // A service that lost its data directory may know no key by which it could answer.
    const { findHold } = await import('./find-hold.ts');
    const held = await findHold(options.dataDir);
    if (held === null) throw error;
    process.exitCode = 1;
    return [`! store: ${held}`];
  }
}

/** Which resource, which reason, how many. */
export function renderDrops({
  TotalCount,
  DroppedPacketSet,
}: {
  readonly TotalCount: number;
  readonly DroppedPacketSet: readonly DroppedPackets[];
}): string[] {
  const more = TotalCount - DroppedPacketSet.length;
  return [
    ...DroppedPacketSet.map(({ ResourceId, VpnGatewayId, Reason, Message, Packets }) => {
      const place = VpnGatewayId === '' ? ResourceId : `${VpnGatewayId} ${ResourceId}`;
      return `- ${place} dropped ${Packets} packets: ${Message} (${Reason})`;
    }),
    ...(more > 0 ? [`- and ${more} more: DescribeDroppedPackets`] : []),
  ];
}

function render(system: SystemStatus): string[] {
  const troubles = system.Conditions.filter(({ Ok }) => !Ok).map(({ Name, Message }) => `! ${Name}: ${Message}`);
  return [
    `landbridge ${system.Version}, data plane ${system.DataPlane} (${system.DataPlaneReason}), since ${system.StartedAt}`,
    ...(system.Gateways.length === 0 ? ['no VPN gateways'] : system.Gateways.flatMap(renderGateway)),
    ...troubles,
  ];
}

/** A gateway and its tunnels, in the words of the service. */
export function renderGateway(gateway: GatewayStatus): string[] {
  const state = gateway.Applied >= gateway.Generation ? 'as wanted' : 'being applied';
  return [
    `${gateway.VpnGatewayId}  ${gateway.Error === '' ? state : gateway.Error}${gateway.SourceCheck ? '' : '  sources are not checked'}`,
    ...gateway.Tunnels.flatMap(renderTunnel),
  ];
}

function renderTunnel({ VpnConnectionId, State, Reason, Notes, Children }: TunnelStatus): string[] {
  const installed = Children.filter(({ Installed }) => Installed).length;
  const children = Children.length > 1 ? `  ${installed} of ${Children.length} mappings` : '';
  const line = `  ${VpnConnectionId}  ${State}${children}${Reason === '' ? '' : `  ${Reason}`}`;
  return [line, ...Notes.map((note) => `  ! ${VpnConnectionId}: ${note}`)];
}
