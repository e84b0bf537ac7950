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
  readonly tunnels: readonly { readonly id: string; readonly name: string; readonly peer: string }[];
}

export interface ReaddressOptions {
  readonly dataDir: string;
  readonly moves: readonly AddressMove[];
  /** Otherwise nothing is done. */
  readonly confirmed: boolean;
}

/**
 * Gives VPN gateways other public addresses, while the service is stopped: all of them or none. Gateways of this service whose peer such
 * a gateway is follow it. Throws where no gateway has the one address, or somebody else has the other.
 */
export function readdress({ dataDir, moves, confirmed }: ReaddressOptions): MovedGateway[] {
  refuseTwice(moves);
  using claims = new DisposableStack();
  if (confirmed) claims.use(claimDataDir(dataDir));
  const { database } = storeFiles(dataDir);
  if (readStoreIdentity(database) === null) throw new StoreError(`there is no database in ${dataDir}`);
  checkSchemaIsKnown(database);
  const db = new DatabaseSync(database, { timeout: busyTimeoutMs, readOnly: !confirmed });
  try {
    const moved = moves.map((move) => gatewayAt(db, move));
    for (const { to } of moves) refuseTaken(db, to);
    if (confirmed) moveAll(db, moves);
    return moved;
  } finally {
    db.close();
  }
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
       JOIN customer_gateways AS peer ON peer.id = tunnel.customer_gateway_id WHERE tunnel.vpn_gateway_id = ? ORDER BY tunnel.id`,
    )
    .all(gateway['id'] ?? null)
    .map((row) => ({ id: String(row['id']), name: String(row['name']), peer: String(row['peer']) }));
  return { ...move, id: String(gateway['id']), name: String(gateway['name']), tunnels };
}

/** One that another gateway moves away from is taken as well: that one goes first, by a call of its own. */
function refuseTaken(db: DatabaseSync, address: IpAddress): void {
  for (const [table, column] of [
    ['vpn_gateways', 'public_address'],
    ['customer_gateways', 'address'],
  ] as const) {
    const owner = db.prepare(`SELECT id FROM ${table} WHERE ${column} = ?`).get(address);
    if (owner !== undefined) throw new StoreError(`${address} is the address of ${String(owner['id'])}`);
  }
}

function moveAll(db: DatabaseSync, moves: readonly AddressMove[]): void {
  db.exec('PRAGMA synchronous = FULL; BEGIN IMMEDIATE');
  const gateway = db.prepare('UPDATE vpn_gateways SET public_address = ? WHERE public_address = ?');
  const peer = db.prepare('UPDATE customer_gateways SET address = ? WHERE address = ?');
  for (const { from, to } of moves) {
    gateway.run(to, from);
    peer.run(to, from);
  }
  db.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)');
}
