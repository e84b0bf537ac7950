const owned =
  'account_id TEXT NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED, region TEXT NOT NULL, created_at BIGINT NOT NULL';

/** A reference that holds once the transaction commits: what a decision changed is written in no particular order. */
function references(table: string, column = 'id'): string {
  return `REFERENCES ${table} (${column}) DEFERRABLE INITIALLY DEFERRED`;
}

const operator: readonly string[] = [
  'CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL)',
  'CREATE TABLE generation (value BIGINT NOT NULL)',
  'INSERT INTO generation (value) VALUES (0)',
  'CREATE TABLE journal (generation BIGINT PRIMARY KEY, keys_json TEXT NOT NULL)',
  'CREATE TABLE counters (name TEXT PRIMARY KEY, value BIGINT NOT NULL)',
  `CREATE TABLE accounts (
     id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, is_administrator INTEGER NOT NULL, created_at BIGINT NOT NULL)`,
  `CREATE TABLE access_keys (
     secret_id TEXT PRIMARY KEY, account_id TEXT NOT NULL ${references('accounts')},
     sealed_secret_key TEXT NOT NULL, policy_json TEXT, calls_per_second INTEGER, expires_at BIGINT,
     created_at BIGINT NOT NULL)`,
  `CREATE TABLE client_tokens (
     key_id TEXT NOT NULL ${references('access_keys', 'secret_id')}, token TEXT NOT NULL, call_digest TEXT NOT NULL,
     sealed_answer TEXT NOT NULL, created_at BIGINT NOT NULL, PRIMARY KEY (key_id, token))`,
  `CREATE TABLE webhooks (
     id TEXT PRIMARY KEY, account_id TEXT NOT NULL ${references('accounts')}, url TEXT NOT NULL,
     sealed_secret TEXT NOT NULL, created_at BIGINT NOT NULL)`,
  `CREATE TABLE finding_mutes (
     vpn_connection_id TEXT NOT NULL ${references('vpn_connections')}, code TEXT NOT NULL,
     account_id TEXT NOT NULL ${references('accounts')}, reason TEXT NOT NULL, muted_by TEXT NOT NULL, until BIGINT, created_at BIGINT NOT NULL,
     PRIMARY KEY (vpn_connection_id, code))`,
];

/** Bounded, and read by an index. They outlive what they tell of, so they refer to nothing. */
const logs: readonly string[] = [
  `CREATE TABLE tasks (
     request_id TEXT PRIMARY KEY, account_id TEXT NOT NULL, vpn_gateway_id TEXT, vpn_connection_id TEXT,
     generation BIGINT NOT NULL, created_at BIGINT NOT NULL)`,
  // No id is used again, though the newest events may be removed with their resource: whoever goes on after one misses none.
  `CREATE TABLE events (
     id INTEGER PRIMARY KEY AUTOINCREMENT, account_id TEXT NOT NULL, resource_id TEXT NOT NULL, vpn_gateway_id TEXT NOT NULL,
     kind TEXT NOT NULL, message TEXT NOT NULL, at BIGINT NOT NULL, finding TEXT)`,
  'CREATE TABLE event_series (id INTEGER PRIMARY KEY, series TEXT NOT NULL UNIQUE, kept_up_to BIGINT NOT NULL)',
  `CREATE TABLE audit_events (
     id INTEGER PRIMARY KEY, account_id TEXT NOT NULL, is_refused INTEGER NOT NULL, at BIGINT NOT NULL,
     secret_id TEXT NOT NULL, service TEXT NOT NULL, action TEXT NOT NULL, region TEXT NOT NULL,
     remote_address TEXT NOT NULL, request_id TEXT NOT NULL, resources_json TEXT NOT NULL, code TEXT NOT NULL,
     count INTEGER NOT NULL, changes_json TEXT NOT NULL, is_cut INTEGER NOT NULL)`,
  'CREATE TABLE webhook_deliveries (webhook_id TEXT PRIMARY KEY, told_up_to BIGINT NOT NULL)',
  'CREATE INDEX audit_events_by_account ON audit_events (account_id, id)',
  'CREATE INDEX audit_events_by_outcome ON audit_events (account_id, is_refused, id)',
  'CREATE INDEX tasks_by_age ON tasks (created_at)',
  'CREATE INDEX tasks_by_owner ON tasks (account_id, created_at, request_id)',
  'CREATE INDEX events_by_resource ON events (resource_id, id)',
  'CREATE INDEX events_by_gateway ON events (vpn_gateway_id, id)',
  'CREATE INDEX events_by_finding ON events (resource_id, finding, id) WHERE finding IS NOT NULL',
  'CREATE INDEX events_by_account ON events (account_id, id)',
];

const vpc: readonly string[] = [
  `CREATE TABLE vpcs (
     id TEXT PRIMARY KEY, ${owned}, name TEXT NOT NULL, cidr TEXT NOT NULL, secondary_ranges_json TEXT NOT NULL,
     is_default INTEGER NOT NULL,
     enable_multicast INTEGER NOT NULL, dns_servers_json TEXT NOT NULL, domain_name TEXT NOT NULL,
     publish_vpc_cidr INTEGER NOT NULL, publish_vpc_cidr_ipv6 INTEGER NOT NULL, tags_json TEXT NOT NULL)`,
  `CREATE TABLE route_tables (
     id TEXT PRIMARY KEY, ${owned}, vpc_id TEXT NOT NULL ${references('vpcs')}, name TEXT NOT NULL,
     is_main INTEGER NOT NULL, tags_json TEXT NOT NULL)`,
  `CREATE TABLE subnets (
     id TEXT PRIMARY KEY, ${owned}, vpc_id TEXT NOT NULL ${references('vpcs')}, name TEXT NOT NULL, cidr TEXT NOT NULL,
     zone TEXT NOT NULL, route_table_id TEXT NOT NULL ${references('route_tables')},
     enable_broadcast INTEGER NOT NULL, tags_json TEXT NOT NULL)`,
  `CREATE TABLE subnet_interfaces (
     account_id TEXT NOT NULL ${references('accounts')}, subnet_id TEXT NOT NULL ${references('subnets')},
     vpc_id TEXT NOT NULL ${references('vpcs')}, interface_name TEXT NOT NULL, vlan_id INTEGER NOT NULL,
     created_at BIGINT NOT NULL, PRIMARY KEY (interface_name, vlan_id))`,
  `CREATE TABLE vpc_routes (
     id TEXT PRIMARY KEY, ${owned}, route_id BIGINT NOT NULL UNIQUE,
     route_table_id TEXT NOT NULL ${references('route_tables')}, vpc_id TEXT NOT NULL ${references('vpcs')},
     destination TEXT NOT NULL, next_hop_kind TEXT NOT NULL, next_hop_id TEXT NOT NULL,
     description TEXT NOT NULL, enabled INTEGER NOT NULL)`,
];

const vpn: readonly string[] = [
  `CREATE TABLE vpn_gateways (
     id TEXT PRIMARY KEY, ${owned}, name TEXT NOT NULL, kind TEXT NOT NULL, vpc_id TEXT ${references('vpcs')},
     bandwidth_mbps INTEGER NOT NULL, public_address TEXT NOT NULL UNIQUE, zone TEXT NOT NULL,
     prepaid INTEGER NOT NULL, renew_flag TEXT NOT NULL, bgp_asn BIGINT, max_connections INTEGER,
     checks_sources INTEGER NOT NULL, tags_json TEXT NOT NULL)`,
  `CREATE TABLE customer_gateways (
     id TEXT PRIMARY KEY, ${owned}, name TEXT NOT NULL, address TEXT NOT NULL, bgp_asn BIGINT,
     tags_json TEXT NOT NULL, UNIQUE (account_id, region, address))`,
  `CREATE TABLE vpn_connections (
     id TEXT PRIMARY KEY, ${owned}, name TEXT NOT NULL,
     vpn_gateway_id TEXT NOT NULL ${references('vpn_gateways')},
     customer_gateway_id TEXT NOT NULL ${references('customer_gateways')}, vpc_id TEXT ${references('vpcs')},
     if_id INTEGER NOT NULL, route_type TEXT NOT NULL, mode TEXT NOT NULL,
     policies_json TEXT NOT NULL, written_policies_json TEXT, negotiation TEXT NOT NULL, ike_json TEXT NOT NULL, esp_json TEXT NOT NULL,
     dpd_json TEXT NOT NULL, health_check_json TEXT NOT NULL, epoch BIGINT NOT NULL, generation BIGINT NOT NULL,
     tags_json TEXT NOT NULL, UNIQUE (vpn_gateway_id, if_id))`,
  `CREATE TABLE pre_shared_keys (
     vpn_connection_id TEXT PRIMARY KEY ${references('vpn_connections')}, sealed_key TEXT NOT NULL)`,
  `CREATE TABLE vpn_gateway_routes (
     id TEXT PRIMARY KEY, ${owned}, vpn_gateway_id TEXT NOT NULL ${references('vpn_gateways')},
     destination TEXT NOT NULL, next_hop_kind TEXT NOT NULL, next_hop_id TEXT NOT NULL,
     priority INTEGER NOT NULL, enabled INTEGER NOT NULL, description TEXT NOT NULL, updated_at BIGINT NOT NULL,
     UNIQUE (vpn_gateway_id, destination, next_hop_id, priority))`,
];

const ccn: readonly string[] = [
  `CREATE TABLE ccns (
     id TEXT PRIMARY KEY, ${owned}, name TEXT NOT NULL, description TEXT NOT NULL, qos_level TEXT NOT NULL,
     prepaid INTEGER NOT NULL, metering TEXT NOT NULL, bandwidth_limit TEXT NOT NULL, route_ecmp INTEGER NOT NULL,
     route_overlap INTEGER NOT NULL, tags_json TEXT NOT NULL)`,
  `CREATE TABLE ccn_route_tables (
     id TEXT PRIMARY KEY, ${owned}, ccn_id TEXT NOT NULL ${references('ccns')}, name TEXT NOT NULL,
     description TEXT NOT NULL, is_default INTEGER NOT NULL)`,
  `CREATE TABLE ccn_attachments (
     instance_id TEXT PRIMARY KEY, ${owned}, ccn_id TEXT NOT NULL ${references('ccns')}, instance_kind TEXT NOT NULL,
     description TEXT NOT NULL, route_table_id TEXT NOT NULL ${references('ccn_route_tables')}, bound_at BIGINT NOT NULL,
     number BIGINT NOT NULL, generation BIGINT NOT NULL)`,
  `CREATE TABLE ccn_attachment_requests (
     instance_id TEXT PRIMARY KEY, ${owned}, ccn_id TEXT NOT NULL ${references('ccns')},
     instance_kind TEXT NOT NULL, description TEXT NOT NULL, is_rejected INTEGER NOT NULL)`,
  `CREATE TABLE ccn_route_policy_lists (
     route_table_id TEXT NOT NULL ${references('ccn_route_tables')}, direction TEXT NOT NULL,
     version BIGINT NOT NULL, policies_json TEXT NOT NULL, created_at BIGINT NOT NULL,
     PRIMARY KEY (route_table_id, direction, version))`,
  `CREATE TABLE ccn_selection_policies (
     instance_id TEXT NOT NULL ${references('ccn_attachments', 'instance_id')}, instance_kind TEXT NOT NULL,
     ccn_id TEXT NOT NULL ${references('ccns')}, source TEXT NOT NULL,
     route_table_id TEXT NOT NULL ${references('ccn_route_tables')}, description TEXT NOT NULL,
     position INTEGER NOT NULL, PRIMARY KEY (instance_id, source))`,
  `CREATE TABLE ccn_route_choices (
     route_table_id TEXT NOT NULL ${references('ccn_route_tables')}, instance_id TEXT NOT NULL,
     destination TEXT NOT NULL, enabled INTEGER NOT NULL, updated_at BIGINT NOT NULL,
     PRIMARY KEY (route_table_id, instance_id, destination))`,
  `CREATE TABLE ccn_range_choices (
     vpn_gateway_id TEXT NOT NULL ${references('vpn_gateways')}, destination TEXT NOT NULL,
     enabled INTEGER NOT NULL, updated_at BIGINT NOT NULL, PRIMARY KEY (vpn_gateway_id, destination))`,
  `CREATE TABLE ccn_bandwidth_limits (
     ccn_id TEXT NOT NULL ${references('ccns')}, region TEXT NOT NULL, peer_region TEXT NOT NULL,
     limit_mbps INTEGER NOT NULL, created_at BIGINT NOT NULL, PRIMARY KEY (ccn_id, region, peer_region))`,
];

const directConnect: readonly string[] = [
  `CREATE TABLE direct_connect_gateways (
     id TEXT PRIMARY KEY, ${owned}, name TEXT NOT NULL, network TEXT NOT NULL, vpc_id TEXT ${references('vpcs')},
     mode_type TEXT NOT NULL, asn BIGINT, tags_json TEXT NOT NULL)`,
  `CREATE TABLE direct_connect_ranges (
     id TEXT PRIMARY KEY, ${owned},
     direct_connect_gateway_id TEXT NOT NULL ${references('direct_connect_gateways')},
     destination TEXT NOT NULL, description TEXT NOT NULL, updated_at BIGINT NOT NULL,
     UNIQUE (direct_connect_gateway_id, destination))`,
  `CREATE TABLE direct_connect_lines (
     direct_connect_gateway_id TEXT PRIMARY KEY ${references('direct_connect_gateways')}, kind TEXT NOT NULL,
     account_id TEXT NOT NULL ${references('accounts')}, interface_name TEXT, vlan_id INTEGER, vni INTEGER,
     remote_address TEXT, underlay_address TEXT, port INTEGER, underlay_mtu INTEGER,
     local_address TEXT NOT NULL, peer_address TEXT NOT NULL, created_at BIGINT NOT NULL,
     UNIQUE (interface_name, vlan_id), UNIQUE (vni, port))`,
];

/** Tables are read whole, once, and written by their keys: what indexes there are serve the checks of references. */
const indexes: readonly string[] = [
  ['route_tables', 'vpc_id'],
  ['subnets', 'vpc_id'],
  ['subnets', 'route_table_id'],
  ['subnet_interfaces', 'subnet_id'],
  ['subnet_interfaces', 'vpc_id'],
  ['vpc_routes', 'route_table_id'],
  ['vpc_routes', 'vpc_id'],
  ['vpn_gateways', 'vpc_id'],
  ['vpn_connections', 'customer_gateway_id'],
  ['vpn_connections', 'vpc_id'],
  ['ccn_route_tables', 'ccn_id'],
  ['ccn_attachments', 'ccn_id'],
  ['ccn_attachments', 'route_table_id'],
  ['ccn_attachment_requests', 'ccn_id'],
  ['ccn_selection_policies', 'ccn_id'],
  ['ccn_selection_policies', 'route_table_id'],
  ['direct_connect_gateways', 'vpc_id'],
].map(([table = '', column = '']) => `CREATE INDEX ${table}_by_${column} ON ${table} (${column})`);

/** The tables, in the SQL that every engine understands. */
export const first: readonly string[] = [...operator, ...logs, ...vpc, ...vpn, ...ccn, ...directConnect, ...indexes];
