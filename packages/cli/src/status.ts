import type { ResponseOf } from '@landbridge/catalogue/action-definition';
import type { tunnelHealthActions } from '@landbridge/catalogue/operator/tunnel-health';
import { callsOf } from './calls.ts';
import { adminEndpoint, type EndpointOptions } from './endpoint.ts';
import { listAll } from './list-all.ts';
import { duration } from './output/duration.ts';
import { findingLines } from './output/finding-lines.ts';
import { printJson, printLines } from './output/print.ts';
import { repeatedly } from './output/repeatedly.ts';
import { secondsOf } from './seconds-of.ts';

/** What DescribeTunnelHealth tells of a tunnel. */
export type TunnelHealth = ResponseOf<typeof tunnelHealthActions.DescribeTunnelHealth>['TunnelHealthSet'][number];

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

interface Room {
  /** Null where nothing ends that is known. */
  readonly More: number | null;
  readonly Reason: string;
}

interface Capacity {
  readonly VpnGateways: Room;
  readonly VpnConnections: Room;
}

interface SystemStatus {
  readonly Version: string;
  readonly DataPlane: string;
  readonly DataPlaneReason: string;
  readonly StartedAt: string;
  readonly Gateways: readonly GatewayStatus[];
  /** Null where it is not known, and from a service before this one. */
  readonly Capacity?: Capacity | null;
  readonly Conditions: readonly { readonly Name: string; readonly Ok: boolean; readonly Message: string }[];
}

const mostDrops = 100;

export interface StatusOptions extends EndpointOptions {
  readonly json?: boolean;
  /** Seconds from one picture to the next. */
  readonly watch?: string | true;
}

const usualWatchSeconds = '2';
const emptyScreen = '\u001B[2J\u001B[H';

/** `landbridge status`: gateways with their tunnels and what is wrong with them, what was dropped, and every condition that is not as it should be. */
export async function status(options: StatusOptions): Promise<void> {
  const { watch, json = false } = options;
  if (watch === undefined) {
    await show(options, '');
    return;
  }
  const seconds = secondsOf('watch', watch === true ? usualWatchSeconds : watch);
  // What a terminal shows is replaced; a file gets one after the other.
  const before = process.stdout.isTTY && !json ? emptyScreen : '';
  await repeatedly(() => show(options, before), seconds * 1000);
}

async function show(options: StatusOptions, before: string): Promise<void> {
  try {
    const seen = await look(options);
    process.stdout.write(before);
    if (options.json === true) printJson(seen);
    else printLines(render(seen));
  } catch (error) {
    // A service that lost its data directory may know no key by which it could answer.
    const { findHold } = await import('./find-hold.ts');
    const held = await findHold(options.dataDir);
    if (held === null) throw error;
    process.exitCode = 1;
    printLines([`! store: ${held}`]);
  }
}

interface Seen extends SystemStatus {
  readonly TunnelHealthSet: readonly TunnelHealth[];
  readonly DroppedPackets: { readonly TotalCount: number; readonly DroppedPacketSet: readonly DroppedPackets[] };
}

async function look(options: EndpointOptions): Promise<Seen> {
  const call = callsOf(await adminEndpoint(options));
  const system = (await call('DescribeSystemStatus')) as unknown as SystemStatus;
  const hasTunnels = system.Gateways.some(({ Tunnels }) => Tunnels.length > 0);
  return {
    ...system,
    TunnelHealthSet: hasTunnels ? await listAll<TunnelHealth>(call, 'DescribeTunnelHealth', 'TunnelHealthSet') : [],
    DroppedPackets: (await call('DescribeDroppedPackets', { Limit: mostDrops })) as unknown as Seen['DroppedPackets'],
  };
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

function render(system: Seen): string[] {
  const health = new Map(system.TunnelHealthSet.map((one) => [one.VpnConnectionId, one]));
  const troubles = system.Conditions.filter(({ Ok }) => !Ok).map(({ Name, Message }) => `! ${Name}: ${Message}`);
  return [
    `landbridge ${system.Version}, data plane ${system.DataPlane} (${system.DataPlaneReason}), since ${system.StartedAt}`,
    ...(system.Gateways.length === 0
      ? ['no VPN gateways']
      : system.Gateways.flatMap((gateway) => renderGateway(gateway, health))),
    ...renderDrops(system.DroppedPackets),
    ...renderCapacity(system.Capacity ?? null),
    ...troubles,
  ];
}

/** How many more there may be; nothing where that is not known. */
export function renderCapacity(capacity: Capacity | null): string[] {
  if (capacity === null) return [];
  const line = (things: string, { More, Reason }: Room) =>
    More === null ? [] : [`room for ${More} more ${things} (${Reason})`];
  return [...line('VPN gateways', capacity.VpnGateways), ...line('tunnels', capacity.VpnConnections)];
}

/** A gateway and its tunnels, in the words of the service. */
export function renderGateway(gateway: GatewayStatus, health: ReadonlyMap<string, TunnelHealth> = new Map()): string[] {
  const state = gateway.Applied >= gateway.Generation ? 'as wanted' : 'being applied';
  return [
    `${gateway.VpnGatewayId}  ${gateway.Error === '' ? state : gateway.Error}${gateway.SourceCheck ? '' : '  sources are not checked'}`,
    ...gateway.Tunnels.flatMap((tunnel) => renderTunnel(tunnel, health.get(tunnel.VpnConnectionId))),
  ];
}

function renderTunnel(
  { VpnConnectionId, State, Reason, Notes, Children }: TunnelStatus,
  health: TunnelHealth | undefined,
): string[] {
  const installed = Children.filter(({ Installed }) => Installed).length;
  const parts = [
    VpnConnectionId,
    health?.VpnConnectionName ?? '',
    State,
    Children.length > 1 ? `${installed} of ${Children.length} mappings` : '',
    health === undefined ? '' : ages(health),
    Reason,
  ];
  const line = `  ${parts.filter((part) => part !== '').join('  ')}`;
  if (health === undefined) return [line, ...Notes.map((note) => `  ! ${VpnConnectionId}: ${note}`)];
  return [line, ...health.FindingSet.flatMap(findingLines).map((below) => `    ${below}`)];
}

/** `for 3 h 2 min, 2 s ago a probe was answered`. */
function ages({ Since, Proof, ProvenAt }: TunnelHealth): string {
  const age = (time: string) => duration(Date.now() - Date.parse(time));
  return `for ${age(Since)}${ProvenAt === '' ? '' : `, ${age(ProvenAt)} ago ${Proof}`}`;
}
