import type { TableName } from '../../image/tables.ts';
import * as ccn from './ccn-rows.ts';
import * as directConnect from './direct-connect-rows.ts';
import * as operator from './operator-rows.ts';
import type { RowMapping } from './row-mapping.ts';
import * as vpc from './vpc-rows.ts';
import * as vpn from './vpn-rows.ts';

/** Of every table of desired rows. */
export const rowMappings: { readonly [Name in TableName]: RowMapping<Name> } = {
  ...operator,
  ...vpc,
  ...vpn,
  ...ccn,
  ...directConnect,
};
