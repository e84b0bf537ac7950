import { blockOfOne, type IpAddress } from '@landbridge/net';
import type { VpnConnection } from '../domain/vpn/vpn-connection.ts';
import type { Rows } from '../image/rows.ts';

/** Protocol and port of a packet, as far as anybody told. */
export interface Transport {
  readonly protocol: 'icmp' | 'tcp' | 'udp' | 'esp' | null;
  /** Of the destination. */
  readonly port: number | null;
}

/** A packet that a gateway itself sends about a tunnel: no route table decides about it. */
export interface GatewayPacket {
  readonly kind: 'health-check' | 'ike';
  readonly connection: VpnConnection;
}

interface Ends {
  readonly source: IpAddress;
  readonly destination: IpAddress;
}

const ikePorts = [500, 4500];

/** Of the gateways of an account; undefined: it is none of these. */
export function gatewayPacket(
  ends: Ends,
  transport: Transport,
  accountId: string,
  rows: Rows,
): GatewayPacket | undefined {
  const probed = probedTunnel(ends, transport, accountId, rows);
  if (probed !== undefined) return { kind: 'health-check', connection: probed };
  const connection = negotiatedTunnel(ends, transport, accountId, rows);
  return connection && { kind: 'ike', connection };
}

function probedTunnel({ source, destination }: Ends, { protocol }: Transport, accountId: string, rows: Rows) {
  if (protocol !== null && protocol !== 'icmp') return undefined;
  for (const { id } of rows.vpnGateways.of('account', accountId)) {
    const found = rows.vpnConnections.overlapping('probes', [blockOfOne(source)], id).find(({ healthCheck: check }) => {
      return check.enabled && check.localAddress === source && check.remoteAddress === destination;
    });
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Between a gateway's public address and a peer's: IKE, and ESP in UDP or by itself. */
function negotiatedTunnel({ source, destination }: Ends, transport: Transport, accountId: string, rows: Rows) {
  const { protocol, port } = transport;
  const isIke =
    protocol === null || protocol === 'esp' || (protocol === 'udp' && (port === null || ikePorts.includes(port)));
  if (!isIke) return undefined;
  return rows.vpnGateways
    .of('publicAddress', source)
    .filter((gateway) => gateway.accountId === accountId)
    .flatMap(({ id, region }) =>
      rows.customerGateways
        .of('address', accountId, region, destination)
        .flatMap((peer) => rows.vpnConnections.of('pair', id, peer.id)),
    )
    .at(0);
}
