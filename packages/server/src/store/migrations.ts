import { ccnRouteTableSchema } from './ccn-route-table-schema.ts';
import { bandwidthAndVxlanTables } from './bandwidth-and-vxlan-tables.ts';
import { ccnTables } from './ccn-tables.ts';

/** The schema's history. Entries are never edited once released: a change is a new entry. */
export interface Migration {
  /** Counts up by one. */
  readonly version: number;
  readonly name: string;
  /** Statements in the SQL that every engine understands. */
  readonly statements: readonly string[];
}

const owned = 'account_id TEXT NOT NULL REFERENCES accounts (id), region TEXT NOT NULL, created_at BIGINT NOT NULL';

const first: readonly string[] = [
  `CREATE TABLE accounts (
     id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, is_administrator INTEGER NOT NULL, created_at BIGINT NOT NULL)`,
  `CREATE TABLE access_keys (
     secret_id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts (id),
     sealed_secret_key TEXT NOT NULL, created_at BIGINT NOT NULL)`,
  'CREATE TABLE counters (name TEXT PRIMARY KEY, value BIGINT NOT NULL)',
  'CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL)',
  `CREATE TABLE vpcs (
     id TEXT PRIMARY KEY, ${owned}, name TEXT NOT NULL, cidr TEXT NOT NULL, is_default INTEGER NOT NULL,
     enable_multicast INTEGER NOT NULL, dns_servers_json TEXT NOT NULL, domain_name TEXT NOT NULL,
     publish_vpc_cidr INTEGER NOT NULL, publish_vpc_cidr_ipv6 INTEGER NOT NULL, tags_json TEXT NOT NULL)`,
  `CREATE TABLE route_tables (
     id TEXT PRIMARY KEY, ${owned}, vpc_id TEXT NOT NULL REFERENCES vpcs (id), name TEXT NOT NULL,
     is_main INTEGER NOT NULL, tags_json TEXT NOT NULL)`,
  `CREATE TABLE subnets (
     id TEXT PRIMARY KEY, ${owned}, vpc_id TEXT NOT NULL REFERENCES vpcs (id), name TEXT NOT NULL, cidr TEXT NOT NULL,
     zone TEXT NOT NULL, route_table_id TEXT NOT NULL REFERENCES route_tables (id),
     enable_broadcast INTEGER NOT NULL, tags_json TEXT NOT NULL)`,
  `CREATE TABLE subnet_interfaces (
     account_id TEXT NOT NULL REFERENCES accounts (id), subnet_id TEXT NOT NULL REFERENCES subnets (id),
     vpc_id TEXT NOT NULL REFERENCES vpcs (id), interface_name TEXT NOT NULL, vlan_id INTEGER NOT NULL,
     created_at BIGINT NOT NULL, PRIMARY KEY (interface_name, vlan_id))`,
  `CREATE TABLE vpn_gateways (
     id TEXT PRIMARY KEY, ${owned}, name TEXT NOT NULL, kind TEXT NOT NULL, vpc_id TEXT REFERENCES vpcs (id),
     bandwidth_mbps INTEGER NOT NULL, public_address TEXT NOT NULL UNIQUE, zone TEXT NOT NULL,
     prepaid INTEGER NOT NULL, renew_flag TEXT NOT NULL, bgp_asn BIGINT, max_connections INTEGER,
     generation BIGINT NOT NULL, tags_json TEXT NOT NULL)`,
  `CREATE TABLE vpc_routes (
     id TEXT PRIMARY KEY, ${owned}, route_id BIGINT NOT NULL UNIQUE,
     route_table_id TEXT NOT NULL REFERENCES route_tables (id), vpc_id TEXT NOT NULL REFERENCES vpcs (id),
     destination TEXT NOT NULL, next_hop_kind TEXT NOT NULL, next_hop_id TEXT NOT NULL REFERENCES vpn_gateways (id),
     description TEXT NOT NULL, enabled INTEGER NOT NULL)`,
  `CREATE TABLE customer_gateways (
     id TEXT PRIMARY KEY, ${owned}, name TEXT NOT NULL, address TEXT NOT NULL, bgp_asn BIGINT,
     tags_json TEXT NOT NULL, UNIQUE (account_id, region, address))`,
  `CREATE TABLE vpn_connections (
     id TEXT PRIMARY KEY, ${owned}, name TEXT NOT NULL,
     vpn_gateway_id TEXT NOT NULL REFERENCES vpn_gateways (id),
     customer_gateway_id TEXT NOT NULL REFERENCES customer_gateways (id), vpc_id TEXT REFERENCES vpcs (id),
     if_id INTEGER NOT NULL, route_type TEXT NOT NULL, mode TEXT NOT NULL, wildcard_policy INTEGER NOT NULL,
     policies_json TEXT NOT NULL, negotiation TEXT NOT NULL, ike_json TEXT NOT NULL, esp_json TEXT NOT NULL,
     dpd_json TEXT NOT NULL, health_check_json TEXT NOT NULL, epoch BIGINT NOT NULL, generation BIGINT NOT NULL,
     tags_json TEXT NOT NULL, UNIQUE (vpn_gateway_id, if_id))`,
  `CREATE TABLE pre_shared_keys (
     vpn_connection_id TEXT PRIMARY KEY REFERENCES vpn_connections (id) ON DELETE CASCADE, sealed_key TEXT NOT NULL)`,
  `CREATE TABLE vpn_gateway_routes (
     id TEXT PRIMARY KEY, ${owned}, vpn_gateway_id TEXT NOT NULL REFERENCES vpn_gateways (id),
     destination TEXT NOT NULL, next_hop_kind TEXT NOT NULL,
     next_hop_id TEXT NOT NULL REFERENCES vpn_connections (id), priority INTEGER NOT NULL, enabled INTEGER NOT NULL,
     description TEXT NOT NULL, updated_at BIGINT NOT NULL,
     UNIQUE (vpn_gateway_id, destination, next_hop_id, priority))`,
  `CREATE TABLE tasks (
     request_id TEXT PRIMARY KEY, account_id TEXT NOT NULL, vpn_gateway_id TEXT NOT NULL,
     generation BIGINT NOT NULL, created_at BIGINT NOT NULL)`,
  'CREATE INDEX access_keys_by_account ON access_keys (account_id)',
  'CREATE INDEX route_tables_by_vpc ON route_tables (vpc_id)',
  'CREATE INDEX subnets_by_vpc ON subnets (vpc_id)',
  'CREATE INDEX subnets_by_route_table ON subnets (route_table_id)',
  'CREATE INDEX subnet_interfaces_by_subnet ON subnet_interfaces (subnet_id)',
  'CREATE INDEX vpn_gateways_by_vpc ON vpn_gateways (vpc_id)',
  'CREATE INDEX vpc_routes_by_table ON vpc_routes (route_table_id)',
  'CREATE INDEX vpc_routes_by_next_hop ON vpc_routes (next_hop_id)',
  'CREATE INDEX vpn_connections_by_customer_gateway ON vpn_connections (customer_gateway_id)',
  'CREATE INDEX vpn_gateway_routes_by_next_hop ON vpn_gateway_routes (next_hop_id)',
  'CREATE INDEX tasks_by_age ON tasks (created_at)',
];

/** What happened to tunnels and gateways: bounded per resource, so without a foreign key that would keep rows alive. */
const events: readonly string[] = [
  `CREATE TABLE events (
     id INTEGER PRIMARY KEY, account_id TEXT NOT NULL, resource_id TEXT NOT NULL, vpn_gateway_id TEXT NOT NULL,
     kind TEXT NOT NULL, message TEXT NOT NULL, at BIGINT NOT NULL)`,
  'CREATE INDEX events_by_resource ON events (resource_id, id)',
  'CREATE INDEX events_by_account ON events (account_id, id)',
];

/** Next hops may be CCNs now; the services see to it that a tunnel with routes is not deleted. */
const gatewayRoutesToCcns: readonly string[] = [
  `CREATE TABLE vpn_gateway_routes_anew (
     id TEXT PRIMARY KEY, ${owned}, vpn_gateway_id TEXT NOT NULL REFERENCES vpn_gateways (id),
     destination TEXT NOT NULL, next_hop_kind TEXT NOT NULL, next_hop_id TEXT NOT NULL,
     priority INTEGER NOT NULL, enabled INTEGER NOT NULL, description TEXT NOT NULL, updated_at BIGINT NOT NULL,
     UNIQUE (vpn_gateway_id, destination, next_hop_id, priority))`,
  'INSERT INTO vpn_gateway_routes_anew SELECT * FROM vpn_gateway_routes',
  'DROP TABLE vpn_gateway_routes',
  'ALTER TABLE vpn_gateway_routes_anew RENAME TO vpn_gateway_routes',
  'CREATE INDEX vpn_gateway_routes_by_next_hop ON vpn_gateway_routes (next_hop_id)',
];

/** Gateways of before are held to the check as well: what it drops is counted, and an asymmetric site can lift it. */
const sourceChecks: readonly string[] = [
  'ALTER TABLE vpn_gateways ADD COLUMN checks_sources INTEGER NOT NULL DEFAULT 1',
];

/** Quotas are counted, and the oldest tasks of an account dropped, without a look at what is another's. */
const indexesByOwner: readonly string[] = [
  'CREATE INDEX vpcs_by_owner ON vpcs (account_id, region)',
  'CREATE INDEX vpn_gateways_by_owner ON vpn_gateways (account_id, region)',
  'CREATE INDEX direct_connect_gateways_by_owner ON direct_connect_gateways (account_id, region)',
  'CREATE INDEX ccns_by_owner ON ccns (account_id)',
  'CREATE INDEX tasks_by_owner ON tasks (account_id, created_at, request_id)',
];

export const migrations: readonly Migration[] = [
  { version: 1, name: 'first-tables', statements: first },
  { version: 2, name: 'events', statements: events },
  { version: 3, name: 'ccn-and-direct-connect', statements: ccnTables(owned) },
  { version: 4, name: 'ccn-route-tables', statements: ccnRouteTableSchema(owned) },
  { version: 5, name: 'bandwidth-limits-and-vxlan-lines', statements: bandwidthAndVxlanTables },
  { version: 6, name: 'gateway-routes-to-ccns', statements: gatewayRoutesToCcns },
  { version: 7, name: 'source-checks', statements: sourceChecks },
  { version: 8, name: 'indexes-by-owner', statements: indexesByOwner },
];
