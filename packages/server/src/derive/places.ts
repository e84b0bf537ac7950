import type { Cidr } from '@landbridge/net';
import type { CcnInstance } from '../domain/ccn/ccn.ts';
import type { CustomerGatewayId, DirectConnectGatewayId, SubnetId, VpnGatewayId } from '../domain/resource-id.ts';
import { mappingsOf, type VpnConnection } from '../domain/vpn/vpn-connection.ts';
import { isTunnelRoute } from '../domain/vpn/vpn-gateway-route.ts';
import type { Rows } from '../image/rows.ts';

/** A row and a column of the reachability matrix. Behind tunnels there is one for each customer gateway and range. */
export type Place = PlaceId & {
  readonly range: Cidr;
  /** The VPC that it is in, or the gateways that it is behind. */
  readonly joins: ReadonlySet<CcnInstance['id']>;
};

type PlaceId =
  | { readonly kind: 'subnet'; readonly id: SubnetId }
  | { readonly kind: 'customer-gateway'; readonly id: CustomerGatewayId }
  | { readonly kind: 'direct-connect-gateway'; readonly id: DirectConnectGatewayId };

/** An account's places that may reach one another, as some VPCs, gateways and CCNs join them. */
export class Places {
  readonly #accountId: string;
  readonly #most: number;
  readonly #found = new Map<string, Place & { readonly joins: Set<CcnInstance['id']> }>();
  #isComplete = true;

  /** @param most of places, and of instances without any that are looked at. */
  constructor(accountId: string, most: number) {
    this.#accountId = accountId;
    this.#most = most;
  }

  /** The nearest first. */
  get all(): readonly Place[] {
    return [...this.#found.values()];
  }

  /** False: there are more. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Those at these VPCs, gateways and CCNs, and at all that they are joined with; other ids add none. */
  add(ids: Iterable<string>, rows: Rows): void {
    const met = new Set(ids);
    let looked = 0;
    for (const id of met) {
      if (looked++ >= this.#most + this.#found.size || !this.#addAt(id, rows)) {
        this.#isComplete = false;
        return;
      }
      for (const neighbour of neighboursOf(id, rows)) met.add(neighbour);
    }
  }

  /** False: there is no room for all of them. */
  #addAt(id: string, rows: Rows): boolean {
    const [vpc, gateway, line] = [rows.vpcs.get(id), rows.vpnGateways.get(id), rows.directConnectGateways.get(id)];
    if (vpc !== undefined) {
      const own = rows.subnets.of('vpc', vpc.id).filter((subnet) => this.#isOwn(subnet));
      return own.every((subnet) => this.#put({ kind: 'subnet', id: subnet.id }, subnet.cidr, vpc.id));
    }
    if (gateway !== undefined && this.#isOwn(gateway)) {
      return behindTunnels(gateway.id, rows).every(([{ customerGatewayId }, range]) =>
        this.#put({ kind: 'customer-gateway', id: customerGatewayId }, range, gateway.id),
      );
    }
    if (line !== undefined && this.#isOwn(line)) {
      const ranges = [...rows.directConnectRanges.of('directConnectGateway', id), ...rows.vpcRoutes.of('nextHop', id)];
      return ranges.every(({ destination }) =>
        this.#put({ kind: 'direct-connect-gateway', id: line.id }, destination, line.id),
      );
    }
    return true;
  }

  #isOwn({ accountId }: { readonly accountId: string }): boolean {
    return accountId === this.#accountId;
  }

  #put(place: PlaceId, range: Cidr, join: CcnInstance['id']): boolean {
    const key = `${place.id} ${range}`;
    const known = this.#found.get(key);
    known?.joins.add(join);
    const hasRoom = known !== undefined || this.#found.size < this.#most;
    if (known === undefined && hasRoom) this.#found.set(key, { ...place, range, joins: new Set([join]) });
    return hasRoom;
  }
}

/** What a gateway's routes and policies say of who is behind which tunnel. */
function* behindTunnels(id: VpnGatewayId, rows: Rows): Generator<readonly [VpnConnection, Cidr]> {
  for (const connection of rows.vpnConnections.of('vpnGateway', id)) {
    if (connection.mode === 'spd') for (const { remote } of mappingsOf(connection)) yield [connection, remote];
  }
  for (const { destination, nextHop } of rows.vpnGatewayRoutes.of('vpnGateway', id).filter(isTunnelRoute)) {
    const connection = rows.vpnConnections.get(nextHop.id);
    if (connection !== undefined) yield [connection, destination];
  }
}

function neighboursOf(id: string, rows: Rows): string[] {
  const joined = rows.vpnGateways.get(id) ?? rows.directConnectGateways.get(id);
  const ccnId = rows.ccnAttachments.get(id)?.ccnId;
  return [
    ...[joined?.vpcId, ccnId].filter((one) => one != null),
    ...[...rows.vpnGateways.of('vpc', id), ...rows.directConnectGateways.of('vpc', id)].map((gateway) => gateway.id),
    ...rows.ccnAttachments.of('ccn', id).map(({ instance }) => instance.id),
  ];
}
