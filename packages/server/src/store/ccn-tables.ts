/** SQL of the tables for CCNs and Direct Connect gateways. A VPC route may lead to either kind of gateway since then. */
export function ccnTables(owned: string): readonly string[] {
  return [
    `CREATE TABLE ccns (
       id TEXT PRIMARY KEY, ${owned}, name TEXT NOT NULL, description TEXT NOT NULL, qos_level TEXT NOT NULL,
       prepaid INTEGER NOT NULL, metering TEXT NOT NULL, bandwidth_limit TEXT NOT NULL, route_ecmp INTEGER NOT NULL,
       route_overlap INTEGER NOT NULL, generation BIGINT NOT NULL, tags_json TEXT NOT NULL)`,
    `CREATE TABLE ccn_attachments (
       instance_id TEXT PRIMARY KEY, ${owned}, ccn_id TEXT NOT NULL REFERENCES ccns (id), instance_kind TEXT NOT NULL,
       description TEXT NOT NULL, number BIGINT NOT NULL, generation BIGINT NOT NULL)`,
    `CREATE TABLE ccn_route_choices (
       ccn_id TEXT NOT NULL REFERENCES ccns (id) ON DELETE CASCADE, instance_id TEXT NOT NULL,
       destination TEXT NOT NULL, enabled INTEGER NOT NULL, updated_at BIGINT NOT NULL,
       PRIMARY KEY (ccn_id, instance_id, destination))`,
    `CREATE TABLE ccn_range_choices (
       vpn_gateway_id TEXT NOT NULL REFERENCES vpn_gateways (id) ON DELETE CASCADE, destination TEXT NOT NULL,
       enabled INTEGER NOT NULL, updated_at BIGINT NOT NULL, PRIMARY KEY (vpn_gateway_id, destination))`,
    `CREATE TABLE direct_connect_gateways (
       id TEXT PRIMARY KEY, ${owned}, name TEXT NOT NULL, network TEXT NOT NULL, vpc_id TEXT REFERENCES vpcs (id),
       mode_type TEXT NOT NULL, asn BIGINT, generation BIGINT NOT NULL, tags_json TEXT NOT NULL)`,
    `CREATE TABLE direct_connect_ranges (
       id TEXT PRIMARY KEY, ${owned},
       direct_connect_gateway_id TEXT NOT NULL REFERENCES direct_connect_gateways (id) ON DELETE CASCADE,
       destination TEXT NOT NULL, description TEXT NOT NULL, updated_at BIGINT NOT NULL,
       UNIQUE (direct_connect_gateway_id, destination))`,
    `CREATE TABLE direct_connect_lines (
       direct_connect_gateway_id TEXT PRIMARY KEY REFERENCES direct_connect_gateways (id),
       account_id TEXT NOT NULL REFERENCES accounts (id), interface_name TEXT NOT NULL, vlan_id INTEGER NOT NULL,
       local_address TEXT NOT NULL, peer_address TEXT NOT NULL, created_at BIGINT NOT NULL,
       UNIQUE (interface_name, vlan_id))`,
    `CREATE TABLE vpc_routes_to_gateways (
       id TEXT PRIMARY KEY, ${owned}, route_id BIGINT NOT NULL UNIQUE,
       route_table_id TEXT NOT NULL REFERENCES route_tables (id), vpc_id TEXT NOT NULL REFERENCES vpcs (id),
       destination TEXT NOT NULL, next_hop_kind TEXT NOT NULL, next_hop_id TEXT NOT NULL,
       description TEXT NOT NULL, enabled INTEGER NOT NULL)`,
    `INSERT INTO vpc_routes_to_gateways
       (id, account_id, region, created_at, route_id, route_table_id, vpc_id, destination, next_hop_kind, next_hop_id,
        description, enabled)
     SELECT id, account_id, region, created_at, route_id, route_table_id, vpc_id, destination, next_hop_kind,
        next_hop_id, description, enabled FROM vpc_routes`,
    'DROP TABLE vpc_routes',
    'ALTER TABLE vpc_routes_to_gateways RENAME TO vpc_routes',
    'CREATE INDEX vpc_routes_by_table ON vpc_routes (route_table_id)',
    'CREATE INDEX vpc_routes_by_next_hop ON vpc_routes (next_hop_id)',
    'CREATE INDEX ccn_attachments_by_ccn ON ccn_attachments (ccn_id)',
    'CREATE INDEX direct_connect_gateways_by_vpc ON direct_connect_gateways (vpc_id)',
  ];
}
