/** SQL of the tables for bandwidth limits of CCNs and for VXLANs as dedicated lines. */
export const bandwidthAndVxlanTables: readonly string[] = [
  `CREATE TABLE ccn_bandwidth_limits (
     ccn_id TEXT NOT NULL REFERENCES ccns (id) ON DELETE CASCADE, region TEXT NOT NULL, peer_region TEXT NOT NULL,
     limit_mbps INTEGER NOT NULL, created_at BIGINT NOT NULL, PRIMARY KEY (ccn_id, region, peer_region))`,
  `CREATE TABLE direct_connect_vxlans (
     direct_connect_gateway_id TEXT PRIMARY KEY REFERENCES direct_connect_gateways (id),
     account_id TEXT NOT NULL REFERENCES accounts (id), vni INTEGER NOT NULL, remote_address TEXT NOT NULL,
     underlay_address TEXT, port INTEGER NOT NULL, underlay_mtu INTEGER NOT NULL,
     local_address TEXT NOT NULL, peer_address TEXT NOT NULL, created_at BIGINT NOT NULL, UNIQUE (vni, port))`,
];
