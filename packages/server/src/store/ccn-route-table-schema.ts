/**
 * SQL that gives CCNs several route tables, and requests of other accounts to be attached. Every CCN has its default one; attachments and choices name theirs since then.
 */
export function ccnRouteTableSchema(owned: string): readonly string[] {
  const defaultTable = "'ccnrtb-' || substr(ccn_id, 5)";
  return [
    `CREATE TABLE ccn_route_tables (
       id TEXT PRIMARY KEY, ${owned}, ccn_id TEXT NOT NULL REFERENCES ccns (id) ON DELETE CASCADE, name TEXT NOT NULL,
       description TEXT NOT NULL, is_default INTEGER NOT NULL)`,
    `INSERT INTO ccn_route_tables (id, account_id, region, created_at, ccn_id, name, description, is_default)
     SELECT 'ccnrtb-' || substr(id, 5), account_id, region, created_at, id, 'default', '', 1 FROM ccns`,
    `CREATE TABLE ccn_attachments_with_tables (
       instance_id TEXT PRIMARY KEY, ${owned}, ccn_id TEXT NOT NULL REFERENCES ccns (id), instance_kind TEXT NOT NULL,
       description TEXT NOT NULL, route_table_id TEXT NOT NULL REFERENCES ccn_route_tables (id), bound_at BIGINT NOT NULL,
       number BIGINT NOT NULL, generation BIGINT NOT NULL)`,
    `INSERT INTO ccn_attachments_with_tables
       (instance_id, account_id, region, created_at, ccn_id, instance_kind, description, route_table_id, bound_at, number,
        generation)
     SELECT instance_id, account_id, region, created_at, ccn_id, instance_kind, description, ${defaultTable}, created_at,
        number, generation FROM ccn_attachments`,
    'DROP TABLE ccn_attachments',
    'ALTER TABLE ccn_attachments_with_tables RENAME TO ccn_attachments',
    `CREATE TABLE ccn_route_choices_with_tables (
       route_table_id TEXT NOT NULL REFERENCES ccn_route_tables (id) ON DELETE CASCADE, instance_id TEXT NOT NULL,
       destination TEXT NOT NULL, enabled INTEGER NOT NULL, updated_at BIGINT NOT NULL,
       PRIMARY KEY (route_table_id, instance_id, destination))`,
    `INSERT INTO ccn_route_choices_with_tables (route_table_id, instance_id, destination, enabled, updated_at)
     SELECT ${defaultTable}, instance_id, destination, enabled, updated_at FROM ccn_route_choices`,
    'DROP TABLE ccn_route_choices',
    'ALTER TABLE ccn_route_choices_with_tables RENAME TO ccn_route_choices',
    `CREATE TABLE ccn_route_policy_lists (
       route_table_id TEXT NOT NULL REFERENCES ccn_route_tables (id) ON DELETE CASCADE, direction TEXT NOT NULL,
       version BIGINT NOT NULL, policies_json TEXT NOT NULL, created_at BIGINT NOT NULL,
       PRIMARY KEY (route_table_id, direction, version))`,
    `CREATE TABLE ccn_selection_policies (
       instance_id TEXT NOT NULL REFERENCES ccn_attachments (instance_id) ON DELETE CASCADE, instance_kind TEXT NOT NULL,
       ccn_id TEXT NOT NULL REFERENCES ccns (id), source TEXT NOT NULL,
       route_table_id TEXT NOT NULL REFERENCES ccn_route_tables (id), description TEXT NOT NULL,
       PRIMARY KEY (instance_id, source))`,
    `CREATE TABLE ccn_attachment_requests (
       instance_id TEXT PRIMARY KEY, ${owned}, ccn_id TEXT NOT NULL REFERENCES ccns (id) ON DELETE CASCADE,
       instance_kind TEXT NOT NULL, description TEXT NOT NULL, is_rejected INTEGER NOT NULL)`,
    'CREATE INDEX ccn_route_tables_by_ccn ON ccn_route_tables (ccn_id)',
    'CREATE INDEX ccn_attachments_by_ccn ON ccn_attachments (ccn_id)',
    'CREATE INDEX ccn_selection_policies_by_ccn ON ccn_selection_policies (ccn_id)',
  ];
}
