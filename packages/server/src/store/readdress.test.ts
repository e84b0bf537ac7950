import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseIpAddress as ip } from '@landbridge/net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keptReleases, unpackRelease } from '../../testing/release-fixture.ts';
import { claimDataDir } from '../platform/claim-data-dir.ts';
import { readdress, readMove } from './readdress.ts';
import { storeFiles } from './store-files.ts';

// With a database that has something in every table.

let root: string;
let dataDir: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'landbridge-readdress-'));
  dataDir = join(root, 'data');
  unpackRelease(keptReleases().at(-1) ?? '', dataDir);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function query(sql: string): Record<string, unknown>[] {
  const db = new DatabaseSync(storeFiles(dataDir).database);
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
}
const gateways = () =>
  query('SELECT id, name, public_address AS address FROM vpn_gateways ORDER BY id') as { id: string; name: string; address: string }[]; // prettier-ignore
const peers = () => query('SELECT id, address FROM customer_gateways ORDER BY id') as { id: string; address: string }[];
const [free, other] = [ip('192.0.2.77'), ip('192.0.2.78')];

describe('VPN gateways on other addresses', () => {
  it('are told first with their tunnels and whom these are to; nothing is done', () => {
    const gateway = gateways().find(({ id }) => query(`SELECT 1 FROM vpn_connections WHERE vpn_gateway_id = '${id}'`).length > 0)!; // prettier-ignore
    const before = [gateways(), peers()];
    const [told] = readdress({ dataDir, moves: [{ from: ip(gateway.address), to: free }], confirmed: false });
    expect(told).toMatchObject({ id: gateway.id, name: gateway.name, from: gateway.address, to: free });
    expect(told?.tunnels).toEqual(
      query(
        `SELECT t.id, t.name, c.address AS peer FROM vpn_connections t JOIN customer_gateways c ON c.id = t.customer_gateway_id
         WHERE t.vpn_gateway_id = '${gateway.id}' ORDER BY t.id`,
      ),
    );
    expect(told?.tunnels).not.toEqual([]);
    expect([gateways(), peers()]).toEqual(before);
  });

  it('have them, with the identities that say so, and gateways of this service that have them as peers follow', () => {
    const [first, second, ...others] = gateways();
    const [peer] = peers();
    const identity = (value: string) => `json('{"kind":"address","value":"${value}"}')`;
    query(`UPDATE customer_gateways SET address = '${first!.address}' WHERE id = '${peer!.id}'`);
    query(`UPDATE vpn_connections SET ike_json = json_set(ike_json, '$.localIdentity', ${identity(first!.address)})`);
    query(`UPDATE vpn_connections SET ike_json = json_set(ike_json, '$.remoteIdentity', ${identity(first!.address)})`);
    const [another] = query(`SELECT id FROM vpn_connections WHERE vpn_gateway_id = '${first!.id}' ORDER BY id DESC`);
    const tells = `id = '${String(another!['id'])}'`;
    query(
      `UPDATE vpn_connections SET ike_json = json_set(ike_json, '$.localIdentity', ${identity(other)}) WHERE ${tells}`,
    );
    const identities = (side: string, where: string) =>
      query(`SELECT json_extract(ike_json, '$.${side}.value') AS value FROM vpn_connections WHERE ${where}`).map(({ value }) => value); // prettier-ignore
    const [before, ofOthers] = [peers(), identities('localIdentity', `vpn_gateway_id = '${second!.id}'`)];
    const [told] = readdress({ dataDir, moves: [{ from: ip(first!.address), to: free }], confirmed: true });
    expect(gateways()).toEqual([{ ...first, address: free }, second, ...others]);
    expect(peers()).toEqual([{ ...before[0], address: free }, ...before.slice(1)]);
    expect(identities('localIdentity', tells)).toEqual([other]);
    const local = identities('localIdentity', `vpn_gateway_id = '${first!.id}' AND NOT ${tells}`);
    expect(local).not.toEqual([]);
    expect(new Set(local)).toEqual(new Set([free]));
    expect(identities('localIdentity', `vpn_gateway_id = '${second!.id}'`)).toEqual(ofOthers);
    expect(new Set(identities('remoteIdentity', `customer_gateway_id = '${peer!.id}'`))).toEqual(new Set([free]));
    expect(new Set(identities('remoteIdentity', `customer_gateway_id != '${peer!.id}'`))).toEqual(
      new Set([first!.address]),
    );
    // Its peer moves with it: nobody has to tell that one.
    expect(told?.tunnels.map(({ peer: address }) => address)).not.toContain(first!.address);
  });

  it('may have one that a tenant gave to somebody in a customer gateway of its own', () => {
    const [first] = gateways();
    query(`INSERT INTO accounts (id, name, is_administrator, created_at) VALUES ('x', 'x', 0, 1)`);
    query(
      `INSERT INTO customer_gateways (id, account_id, region, created_at, name, address, tags_json)
       SELECT 'cgw-stranger', 'x', region, 1, 'x', '${free}', '[]' FROM customer_gateways LIMIT 1`,
    );
    readdress({ dataDir, moves: [{ from: ip(first!.address), to: free }], confirmed: true });
    expect(gateways()[0]?.address).toBe(free);
  });

  it('are moved all or none: nobody has the one, somebody else has the other, or a service runs', () => {
    const [first, second] = gateways();
    const before = [gateways(), peers()];
    const good = { from: ip(first!.address), to: free };
    const after = (from: string, to: string) => () =>
      readdress({ dataDir, moves: [good, { from: ip(from), to: ip(to) }], confirmed: true });
    const [{ peer: address } = { peer: '' }] = query(
      `SELECT c.address AS peer FROM vpn_connections t JOIN customer_gateways c ON c.id = t.customer_gateway_id WHERE t.vpn_gateway_id = '${second!.id}'`,
    ) as { peer: string }[];
    const peer = peers().find((each) => each.address === address);
    expect(after(other, '192.0.2.79')).toThrow(`no VPN gateway has ${other}`);
    expect(after(second!.address, peer!.address)).toThrow(`${peer!.address} is the address of ${peer!.id}`);
    expect(after(second!.address, second!.address)).toThrow(`${second!.address} is the address of ${second!.id}`);
    // The same one twice.
    expect(() => readdress({ dataDir, moves: [good, { ...good, to: other }], confirmed: true })).toThrow('named twice');
    expect(() => readdress({ dataDir, moves: [good, good], confirmed: true })).toThrow('named twice');
    const claim = claimDataDir(dataDir);
    expect(() => readdress({ dataDir, moves: [good], confirmed: true })).toThrow(/another landbridge serves/);
    claim[Symbol.dispose]();
    expect([gateways(), peers()]).toEqual(before);
  });
});

it('reads two IPv4 addresses, and nothing else', () => {
  expect(readMove('203.0.113.1=203.0.113.9')).toEqual({ from: '203.0.113.1', to: '203.0.113.9' });
  for (const wrong of [
    '203.0.113.1',
    '=',
    '203.0.113.1=',
    '203.0.113.1=x',
    '203.0.113.1=::1',
    '1.2.3.4=1.2.3.5=1.2.3.6',
  ])
    expect(() => readMove(wrong)).toThrow(`"${wrong}" is not OLD=NEW`);
});
