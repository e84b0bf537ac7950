import type { IpAddress } from '@landbridge/net';
import type { CustomerGateway } from './customer-gateway.ts';
import { identityText } from './identity-text.ts';
import type { VpnConnectionId } from '../resource-id.ts';
import type { VpnConnection } from './vpn-connection.ts';
import type { VpnGateway } from './vpn-gateway.ts';

/** A tunnel as far as charon's choice of its pre-shared key goes. Identities are texts (identity-text.ts). */
export interface KeyUser {
  readonly id: VpnConnectionId;
  readonly version: 1 | 2;
  /** IKEv1's aggressive mode, where the peer says who it is before a key is needed. */
  readonly aggressive: boolean;
  readonly localId: string;
  readonly remoteId: string;
  readonly localAddress: IpAddress;
  readonly remoteAddress: IpAddress;
}

export function keyUserOf(
  { id, ike }: Pick<VpnConnection, 'id' | 'ike'>,
  gateway: Pick<VpnGateway, 'publicAddress'>,
  peer: Pick<CustomerGateway, 'address'>,
): KeyUser {
  return {
    id,
    version: ike.version,
    aggressive: ike.aggressive,
    localId: identityText(ike.localIdentity, gateway.publicAddress),
    remoteId: identityText(ike.remoteIdentity, peer.address),
    localAddress: gateway.publicAddress,
    remoteAddress: peer.address,
  };
}

/**
 * What each tunnel's pre-shared key is entered under ("owners"), for the tunnels of one gateway. charon looks a key up by
 * the two identities; any key that has either as an owner is a candidate, the remote identity counts first (strongSwan's
 * credential_manager.c, get_shared). With IKEv1 alone it asks by the two addresses when there is no candidate at all
 * (phase1.c, lookup_shared_key).
 *
 * So a key is the remote identity's; where several tunnels have the same one, that and the local identity's; where they have
 * both in common, an IKEv1 key is its peer's address's.
 */
export function keyOwners(users: readonly KeyUser[]): ReadonlyMap<VpnConnectionId, readonly string[]> {
  const byRemoteId = Map.groupBy(users, ({ remoteId }) => comparable(remoteId));
  const owners = new Map<VpnConnectionId, readonly string[]>();
  for (const namesakes of byRemoteId.values()) {
    for (const user of namesakes) owners.set(user.id, ownersAmong(user, namesakes));
  }
  return owners;
}

function ownersAmong(user: KeyUser, namesakes: readonly KeyUser[]): readonly string[] {
  if (namesakes.length === 1) return [user.remoteId];
  const [twins, others] = partition(namesakes, ({ localId }) => comparable(localId) === comparable(user.localId));
  const isByAddress = twins.some(({ remoteAddress }) => remoteAddress !== user.remoteAddress);
  if (user.version === 1 && isByAddress) return [user.remoteAddress];
  return others.length > 0 ? [user.localId, user.remoteId] : [user.remoteId];
}

export interface KeyMixUp {
  /** charon may take … */
  readonly user: KeyUser;
  /** … the key of this tunnel for that one's. */
  readonly rival: KeyUser;
}

/** Every mix-up that charon could make between keys of these tunnels, as long as they are different keys. */
export function* keyMixUps(users: readonly KeyUser[]): Generator<KeyMixUp> {
  const owners = keyOwners(users);
  const keysOf = new Map<string, KeyUser[]>();
  for (const user of users) {
    for (const owner of new Set(owners.get(user.id)?.map(comparable))) {
      const keys = keysOf.get(owner);
      if (keys === undefined) keysOf.set(owner, [user]);
      else keys.push(user);
    }
  }
  for (const user of users) {
    for (const rival of new Set([...bestKeys(user, keysOf), ...sameToMainMode(user, users)])) {
      if (rival !== user) yield { user, rival };
    }
  }
}

/** As the answering end of main mode, charon takes the first tunnel to that address for the one that is meant. */
function sameToMainMode(user: KeyUser, users: readonly KeyUser[]): readonly KeyUser[] {
  if (user.version === 2 || user.aggressive) return [];
  return users.filter(({ version, remoteAddress }) => version === 1 && remoteAddress === user.remoteAddress);
}

/** The keys that charon has no reason to prefer another one to. */
function bestKeys(user: KeyUser, keysOf: KeysByOwner): readonly KeyUser[] {
  const byIdentity = keysFor(user.localId, user.remoteId, keysOf);
  if (byIdentity.length > 0 || user.version === 2) return byIdentity;
  return keysFor(user.localAddress, user.remoteAddress, keysOf);
}

type KeysByOwner = ReadonlyMap<string, readonly KeyUser[]>;

function keysFor(local: string, remote: string, keysOf: KeysByOwner): readonly KeyUser[] {
  const ofLocal = keysOf.get(comparable(local)) ?? [];
  const ofRemote = keysOf.get(comparable(remote)) ?? [];
  const isOfLocal = new Set(ofLocal);
  const ofBoth = ofRemote.filter((key) => isOfLocal.has(key));
  return [ofBoth, ofRemote].find((keys) => keys.length > 0) ?? ofLocal;
}

function partition<T>(items: readonly T[], isFirst: (item: T) => boolean): [readonly T[], readonly T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}

/** Names are compared without regard to case (RFC 4343), addresses have one spelling. */
function comparable(id: string): string {
  return id.toLowerCase();
}
