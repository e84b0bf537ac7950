import { cidrContains, type Cidr, type IpAddress } from '@landbridge/net';
import type {
  PeerHealthCheck,
  PeerIdentity,
  PeerModel,
  PeerTraffic,
  PeerTunnel,
} from '@landbridge/peer-config/peer-model';
import type { ComparedTunnel } from '@landbridge/peer-config/reading/difference';
import { announcedToGateway } from '../../derive/ccn-announcement.ts';
import { attachmentOf } from '../../derive/ccn-routes.ts';
import { refuse } from '../../domain/refusal.ts';
import type { VpnConnectionId, VpnGatewayId } from '../../domain/resource-id.ts';
import { rangesOfVpc } from '../../domain/vpc/vpc.ts';
import type { CustomerGateway } from '../../domain/vpn/customer-gateway.ts';
import { tunnelMtu } from '../../domain/vpn/esp-overhead.ts';
import { isProbeAddress } from '../../domain/vpn/health-check-address.ts';
import type { IsUsable } from '../../domain/vpn/tunnel-usability.ts';
import { mappingsOf, type HealthCheck, type Identity, type VpnConnection } from '../../domain/vpn/vpn-connection.ts';
import type { VpnGateway } from '../../domain/vpn/vpn-gateway.ts';
import { isTunnelRoute } from '../../domain/vpn/vpn-gateway-route.ts';
import type { Rows } from '../../image/rows.ts';
import type { Caller } from '../caller.ts';
import { orNotFound } from '../changes.ts';
import { shownKey } from './shown-key.ts';
import type { ServiceDependencies } from '../dependencies.ts';
import { findBoth, keyOf } from './vpn-connections.ts';

export type PeerModelService = ReturnType<typeof peerModelService>;

/** What the device at the other end of a tunnel has to be, from the tunnel's rows. */
export function peerModelService({ read, sealing, uplink, observed }: ServiceDependencies) {
  const modelOf = (
    rows: Rows,
    caller: Caller,
    gateway: VpnGateway,
    connection: VpnConnection,
    interfaceName: string,
    shown: (key: string) => string,
  ): PeerModel => {
    const { customerGatewayId, id } = connection;
    const peer = orNotFound(rows.customerGateways.find(caller, customerGatewayId), customerGatewayId);
    const pathMtu = uplink?.pathMtu ?? refuse('no-uplink');
    const behind = rangesBehind(rows, caller, gateway, connection, observed.isUsable);
    const sealed = keyOf({ sealing }, rows, id);
    const key = sealed === undefined ? null : shown(sealed);
    return peerModel({ gateway, connection, peer, behind, key, pathMtu, interfaceName });
  };
  return {
    /** Pre-shared keys are as the caller may see them. */
    of: (caller: Caller, { gatewayId, id, standbyId, interfaceName }: AskedPeer): Promise<PeerModel> =>
      read((rows) => {
        const shown = (key: string) => shownKey(caller, () => key);
        const { gateway, connection } = findBoth(rows, caller, gatewayId, id);
        const model = modelOf(rows, caller, gateway, connection, interfaceName, shown);
        if (standbyId === undefined) return model;
        const standby = findTunnel(rows, caller, standbyId);
        return failoverPair(model, modelOf(rows, caller, standby.gateway, standby.connection, interfaceName, shown));
      }),

    /** The tunnel as a device's configuration is compared with it; its pre-shared key is in clear. */
    compared: (caller: Caller, id: VpnConnectionId): Promise<ComparedTunnel> =>
      read((rows) => {
        const { gateway, connection } = findTunnel(rows, caller, id);
        const { device, tunnels } = modelOf(rows, caller, gateway, connection, '', (key) => key);
        return { device, tunnel: tunnels[0], gatewayBegins: begins[connection.negotiation] };
      }),
  };
}

function findTunnel(rows: Rows, caller: Caller, id: VpnConnectionId) {
  const connection = orNotFound(rows.vpnConnections.find(caller, id), id);
  const { vpnGatewayId } = connection;
  return { connection, gateway: orNotFound(rows.vpnGateways.find(caller, vpnGatewayId), vpnGatewayId) };
}

export interface AskedPeer {
  readonly gatewayId: VpnGatewayId;
  readonly id: VpnConnectionId;
  /** The tunnel that the device shall take while the other one is down; by another gateway. */
  readonly standbyId: VpnConnectionId | undefined;
  /** Of the device, where the Internet is. */
  readonly interfaceName: string;
}

/** One device with both tunnels: the caller says which is preferred, whatever priorities the gateways' own routes have. */
function failoverPair(
  { device, tunnels: [first] }: PeerModel,
  { device: other, tunnels: [second] }: PeerModel,
): PeerModel {
  if (device.address !== other.address || device.publicAddress !== other.publicAddress) {
    refuse('peer-pair-of-two-devices', {
      id: first.id,
      address: device.address,
      standby: second.id,
      other: other.address,
    });
  }
  if (first.gatewayAddress === second.gatewayAddress) {
    refuse('peer-pair-of-one-gateway', { id: first.id, standby: second.id, address: first.gatewayAddress });
  }
  return {
    device,
    tunnels: [
      { ...first, priority: 0 },
      { ...second, priority: 100 },
    ],
  };
}

const begins = { active: 'at-once', 'on-traffic': 'with-traffic', passive: 'never' } as const;

interface Behind {
  /** Of the gateway. */
  readonly gateway: readonly Cidr[];
  /** Of the device: what the gateway routes into the tunnel. */
  readonly device: readonly Cidr[];
  readonly priority: number;
}

interface TunnelFacts {
  readonly gateway: VpnGateway;
  readonly connection: VpnConnection;
  readonly peer: CustomerGateway;
  readonly behind: Behind;
  readonly key: string | null;
  readonly pathMtu: number;
  readonly interfaceName: string;
}

/** The tunnel seen from its other end. */
function peerModel({ gateway, connection, peer, behind, key, pathMtu, interfaceName }: TunnelFacts): PeerModel {
  const { ike, esp, dpd } = connection;
  const address = addressOf(peer, ike.remoteIdentity);
  const mtu = tunnelMtu(pathMtu, esp);
  const { localIdentity, remoteIdentity, ...options } = ike;
  const tunnel: PeerTunnel = {
    id: connection.id,
    name: connection.name,
    priority: behind.priority,
    gatewayAddress: gateway.publicAddress,
    localIdentity: identityOf(remoteIdentity, peer.address),
    remoteIdentity: identityOf(localIdentity, gateway.publicAddress),
    preSharedKey: key,
    ike: options,
    esp,
    dpd,
    natTraversal: true,
    // Two that begin at once make two SAs; but nobody reaches a device behind a NAT.
    initiates: connection.negotiation !== 'active' || address !== peer.address,
    traffic: trafficOf(connection, behind, gateway.publicAddress),
    mtu,
    mss: mtu - tcpIpHeaderBytes,
    healthCheck: healthCheckOf(connection.healthCheck),
  };
  return { device: { publicAddress: peer.address, address, interfaceName }, tunnels: [tunnel] };
}

/** IPv4 and TCP, without options. */
const tcpIpHeaderBytes = 40;

/** A device behind a NAT names its private address (docs/spec/semantics.md section 4, "Identity"). */
function addressOf(peer: CustomerGateway, { kind, value }: Identity): IpAddress {
  return kind === 'address' && value !== null && isProbeAddress(value) ? value : peer.address;
}

function identityOf(identity: Identity, natural: IpAddress): PeerIdentity {
  if (identity.value === null) return { kind: 'address', value: natural };
  return identity.kind === 'fqdn'
    ? { kind: 'fqdn', value: identity.value }
    : { kind: 'address', value: identity.value };
}

function trafficOf(connection: VpnConnection, behind: Behind, gatewayAddress: IpAddress): PeerTraffic {
  if (connection.mode === 'route') {
    const isAround = (range: Cidr) => cidrContains(range, gatewayAddress);
    return {
      mode: 'route',
      remotes: behind.gateway.filter((range) => !isAround(range)),
      withheld: behind.gateway.filter(isAround),
      locals: behind.device,
    };
  }
  return {
    mode: 'policy',
    pairs: mappingsOf(connection).map(({ local, remote }) => ({ local: remote, remote: local })),
  };
}

function healthCheckOf(check: HealthCheck): PeerHealthCheck | null {
  const { enabled, localAddress, remoteAddress, intervalMs, threshold, timeoutMs } = check;
  if (!enabled || localAddress === null || remoteAddress === null) return null;
  return { localAddress: remoteAddress, remoteAddress: localAddress, intervalMs, threshold, timeoutMs };
}

/**
 * The VPC, or what the CCN announces, and what other tunnels of the gateway lead to: between tunnels by route it forwards
 * (docs/spec/scenarios.md sections 2 and 6 C), and no gateway route leads into one by policies.
 */
function rangesBehind(
  rows: Rows,
  caller: Caller,
  gateway: VpnGateway,
  connection: VpnConnection,
  isUsable: IsUsable,
): Behind {
  const routes = rows.vpnGatewayRoutes
    .of('vpnGateway', gateway.id)
    .filter(isTunnelRoute)
    .filter(({ enabled }) => enabled);
  const [own, others] = [
    routes.filter(({ nextHop }) => nextHop.id === connection.id),
    routes.filter(({ nextHop }) => nextHop.id !== connection.id),
  ];
  const device = distinct(own.map(({ destination }) => destination));
  const attachment = attachmentOf(gateway.id, rows);
  const announced = attachment === undefined ? [] : announcedToGateway(attachment, rows, isUsable);
  const { vpcId } = gateway;
  const vpc = vpcId === null ? [] : rangesOfVpc(orNotFound(rows.vpcs.find(caller, vpcId), vpcId));
  const far = others.map(({ destination }) => destination).filter((range) => !device.includes(range));
  return {
    gateway: distinct([...vpc, ...announced, ...far]).filter((range) => !device.includes(range)),
    device,
    priority: own.length === 0 ? 0 : Math.min(...own.map(({ priority }) => priority)),
  };
}

function distinct(ranges: readonly Cidr[]): Cidr[] {
  return [...new Set(ranges)];
}
