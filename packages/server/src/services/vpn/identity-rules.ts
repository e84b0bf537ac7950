import { keyMixUps, keyUserOf, type KeyMixUp, type KeyUser } from '../../domain/vpn/key-owners.ts';
import { refuse } from '../../domain/refusal.ts';
import type { VpnConnectionId } from '../../domain/resource-id.ts';
import type { VpnConnection } from '../../domain/vpn/vpn-connection.ts';
import type { VpnGateway } from '../../domain/vpn/vpn-gateway.ts';
import type { Rows } from '../../image/rows.ts';
import type { OtherTunnels } from './other-tunnels.ts';

/**
 * Refuses identities by which charon would confuse the keys, or the tunnels, of one gateway.
 * @param keyOf the pre-shared key of another tunnel, in clear.
 * @param connection the new tunnel, or the changed one.
 * @param preSharedKey its key.
 */
export function checkIdentities(
  { rows, keyOf }: KeyedRows,
  gateway: VpnGateway,
  connection: VpnConnection,
  preSharedKey: string,
  others: Pick<OtherTunnels, 'all'>,
): void {
  checkNames(connection);
  if (!sharesNames(rows, gateway, connection)) return;
  const usersOf = (connections: readonly VpnConnection[]): KeyUser[] =>
    connections.flatMap((one) => {
      const peer = rows.customerGateways.get(one.customerGatewayId);
      return peer === undefined ? [] : [keyUserOf(one, gateway, peer)];
    });
  const otherUsers = usersOf(others.all());
  const [user] = usersOf([connection]);
  if (user === undefined) return;
  const { localId: local, remoteId: remote } = user;
  const known = new Set([...keyMixUps(otherUsers)].map(describeMixUp));
  const keys = new Map<string, string | undefined>([[user.id, preSharedKey]]);
  for (const mixUp of keyMixUps([user, ...otherUsers])) {
    if (known.has(describeMixUp(mixUp))) continue;
    for (const { id } of [mixUp.user, mixUp.rival]) {
      if (!keys.has(id)) keys.set(id, keyOf(id));
    }
    if (keys.get(mixUp.user.id) === keys.get(mixUp.rival.id)) continue;
    const other = mixUp.user === user ? mixUp.rival.id : mixUp.user.id;
    refuse('pre-shared-key-ambiguous', { local, remote, other });
  }
}

/**
 * Whether another tunnel of the gateway has a name or an address that this one's peer goes by. Where none has, no key of theirs
 * is entered under such a name, and none of their keys is looked up by one: charon cannot take one for the other.
 */
function sharesNames(rows: Rows, gateway: VpnGateway, { id, customerGatewayId, ike }: VpnConnection): boolean {
  const peer = rows.customerGateways.get(customerGatewayId);
  if (peer === undefined) return true;
  const { accountId, region, address } = peer;
  const names = new Set<string>([address, (ike.remoteIdentity.value ?? address).toLowerCase()]);
  if (names.has(gateway.publicAddress)) return true;
  const others = [...names].flatMap((name) => [
    ...rows.vpnConnections.of('remoteIdentity', gateway.id, name),
    ...rows.vpnConnections.of('localIdentity', gateway.id, name),
    ...rows.customerGateways
      .of('address', accountId, region, name)
      .flatMap((namesake) => rows.vpnConnections.of('pair', gateway.id, namesake.id)),
  ]);
  return others.some((other) => other.id !== id);
}

export interface KeyedRows {
  readonly rows: Rows;
  readonly keyOf: (id: VpnConnectionId) => string | undefined;
}

/** strongSwan takes an asterisk for a pattern that fits many names. */
function checkNames({ ike }: VpnConnection): void {
  for (const side of ['Local', 'Remote'] as const) {
    const { value } = side === 'Local' ? ike.localIdentity : ike.remoteIdentity;
    if (value?.includes('*') === true) refuse('identity-is-pattern', { side });
  }
}

function describeMixUp({ user, rival }: KeyMixUp): string {
  return `${user.id} ${rival.id}`;
}
