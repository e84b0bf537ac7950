import type { Cidr, IpAddress } from '@landbridge/net';
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
    /** Its pre-shared key as the caller may see it. @param interfaceName of the device, where the Internet is */
    of: (caller: Caller, gatewayId: VpnGatewayId, id: VpnConnectionId, interfaceName: string): Promise<PeerModel> =>
      read((rows) => {
        const { gateway, connection } = findBoth(rows, caller, gatewayId, id);
        return modelOf(rows, caller, gateway, connection, interfaceName, (key) => shownKey(caller, () => key));
      }),

    /** The tunnel as a device's configuration is compared with it; its pre-shared key is in clear. */
    compared: (caller: Caller, id: VpnConnectionId): Promise<ComparedTunnel> =>
      read((rows) => {
        const connection = orNotFound(rows.vpnConnections.find(caller, id), id);
        const { vpnGatewayId } = connection;
        const gateway = orNotFound(rows.vpnGateways.find(caller, vpnGatewayId), vpnGatewayId);
        const { device, tunnels } = modelOf(rows, caller, gateway, connection, '', (key) => key);
        return { device, tunnel: tunnels[0], gatewayBegins: begins[connection.negotiation] };
      }),
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
export function peerModel({ gateway, connection, peer, behind, key, pathMtu, interfaceName }: TunnelFacts): PeerModel {
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
    traffic: trafficOf(connection, behind),
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

function trafficOf(connection: VpnConnection, behind: Behind): PeerTraffic {
  if (connection.mode === 'route') return { mode: 'route', remotes: behind.gateway, locals: behind.device };
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

/** The VPC, or what the CCN announces, and what other tunnels of the gateway lead to. */
function rangesBehind(
  rows: Rows,
  caller: Caller,
  gateway: VpnGateway,
  connection: VpnConnection,
  isUsable: IsUsable,
): Behind {
  const routes = rows.vpnGatewayRoutes.of('vpnGateway', gateway.id).filter(isTunnelRoute);
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
    gateway: distinct([...vpc, ...announced, ...(vpc.length > 0 ? [] : far)]).filter(
      (range) => !device.includes(range),
    ),
    device,
    priority: own.length === 0 ? 0 : Math.min(...own.map(({ priority }) => priority)),
  };
}

function distinct(ranges: readonly Cidr[]): Cidr[] {
  return [...new Set(ranges)];
}
