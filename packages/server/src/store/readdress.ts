import { DatabaseSync } from 'node:sqlite';
import { isIpAddress, parseIpAddress, type IpAddress } from '@landbridge/net';
import { claimDataDir } from '../platform/claim-data-dir.ts';
import { busyTimeoutMs } from './engines/sqlite.ts';
import { StoreError } from './store-error.ts';
import { storeFiles } from './store-files.ts';
import { checkSchemaIsKnown, readStoreIdentity } from './store-identity.ts';

export interface AddressMove {
  readonly from: IpAddress;
  readonly to: IpAddress;
}

/** A VPN gateway whose public address is another one, and those who have to be told. */
export interface MovedGateway extends AddressMove {
  readonly id: string;
  readonly name: string;
  /** To peers that are no gateways of this service. */
  readonly tunnels: readonly { readonly id: string; readonly name: string; readonly peer: string }[];
}

export interface ReaddressOptions {
  readonly dataDir: string;
  readonly moves: readonly AddressMove[];
  /** Otherwise nothing is done. */
  readonly confirmed: boolean;
}

/**
 * Gives VPN gateways other public addresses, while the service is stopped: all of them or none. Identities that say the same address follow,
 * and so do gateways of this service whose peer such a gateway is. Throws where no gateway has the one address, or the other one is taken.
 */
export function readdress({ dataDir, moves, confirmed }: ReaddressOptions): MovedGateway[] {
  refuseTwice(moves);
  using claims = new DisposableStack();
  if (confirmed) claims.use(claimDataDir(dataDir));
  const { database } = storeFiles(dataDir);
  if (readStoreIdentity(database) === null) throw new StoreError(`there is no database in ${dataDir}`);
  checkSchemaIsKnown(database);
  using db = new DatabaseSync(database, { timeout: busyTimeoutMs, readOnly: !confirmed });
  const moved = moves.map((move) => gatewayAt(db, move));
  for (const move of moved) refuseTaken(db, move);
  if (confirmed) moveAll(db, moved);
  return moved;
}

/** `203.0.113.1=203.0.113.9`. Throws for anything else. */
export function readMove(text: string): AddressMove {
  const [from = '', to = '', ...more] = text.split('=');
  if (more.length > 0 || !isIpv4(from) || !isIpv4(to))
    throw new Error(`"${text}" is not OLD=NEW, two IPv4 addresses such as 203.0.113.1=203.0.113.9`);
  return { from: parseIpAddress(from), to: parseIpAddress(to) };
}

function isIpv4(text: string): text is IpAddress {
  return isIpAddress(text) && !text.includes(':');
}

function refuseTwice(moves: readonly AddressMove[]): void {
  const named = moves.flatMap(({ from, to }) => (from === to ? [from] : [from, to]));
  const twice = named.find((address, index) => named.indexOf(address) !== index);
  if (twice !== undefined) throw new StoreError(`${twice} is named twice`);
}

function gatewayAt(db: DatabaseSync, move: AddressMove): MovedGateway {
  const gateway = db.prepare('SELECT id, name FROM vpn_gateways WHERE public_address = ?').get(move.from);
  if (gateway === undefined) throw new StoreError(`no VPN gateway has ${move.from}`);
  const tunnels = db
    .prepare(
      `SELECT tunnel.id, tunnel.name, peer.address AS peer FROM vpn_connections AS tunnel
       JOIN customer_gateways AS peer ON peer.id = tunnel.customer_gateway_id
       WHERE tunnel.vpn_gateway_id = ? AND peer.address NOT IN (SELECT public_address FROM vpn_gateways) ORDER BY tunnel.id`,
    )
    .all(gateway['id'] ?? null)
    .map((row) => ({ id: String(row['id']), name: String(row['name']), peer: String(row['peer']) }));
  return { ...move, id: String(gateway['id']), name: String(gateway['name']), tunnels };
}

/**
 * Of another gateway (one that moves away goes first, by a call of its own), of a peer of this one, or of a customer gateway beside which one
 * that follows would be a second one. Whatever else tenants call so is theirs.
 */
function refuseTaken(db: DatabaseSync, { id, from, to }: MovedGateway): void {
  const owner =
    db.prepare('SELECT id FROM vpn_gateways WHERE public_address = ?').get(to) ??
    db
      .prepare(
        `SELECT peer.id FROM customer_gateways AS peer JOIN vpn_connections AS tunnel ON tunnel.customer_gateway_id = peer.id
         WHERE peer.address = ? AND tunnel.vpn_gateway_id = ?`,
      )
      .get(to, id) ??
    db
      .prepare(
        `SELECT peer.id FROM customer_gateways AS peer JOIN customer_gateways AS follower
         ON follower.account_id = peer.account_id AND follower.region = peer.region WHERE peer.address = ? AND follower.address = ?`,
      )
      .get(to, from);
  if (owner !== undefined) throw new StoreError(`${to} is the address of ${String(owner['id'])}`);
}

function moveAll(db: DatabaseSync, moved: readonly MovedGateway[]): void {
  db.exec('PRAGMA synchronous = FULL; BEGIN IMMEDIATE');
  const gateway = db.prepare('UPDATE vpn_gateways SET public_address = ? WHERE id = ?');
  const peer = db.prepare('UPDATE customer_gateways SET address = ? WHERE address = ?');
  for (const { id, from, to } of moved) {
    moveIdentities(db, 'localIdentity', { from, to }, 'vpn_gateway_id = ?', id);
    moveIdentities(db, 'remoteIdentity', { from, to }, peersAt, from);
    gateway.run(to, id);
    peer.run(to, from);
  }
  db.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)');
}

const peersAt = 'customer_gateway_id IN (SELECT id FROM customer_gateways WHERE address = ?)';

/** What is said as an address and is the one that is left. */
function moveIdentities(
  db: DatabaseSync,
  side: 'localIdentity' | 'remoteIdentity',
  { from, to }: AddressMove,
  where: string,
  value: string,
): void {
  const path = `$.${side}`;
  db.prepare(
    `UPDATE vpn_connections SET ike_json = json_set(ike_json, '${path}.value', ?)
     WHERE ${where} AND json_extract(ike_json, '${path}.kind') = 'address' AND json_extract(ike_json, '${path}.value') = ?`,
  ).run(to, value, from);
}
