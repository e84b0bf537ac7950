import type { AccessPolicy } from '../../domain/operator/access-policy.ts';
import { flag } from './columns.ts';
import { parseJson, type RowMapping } from './row-mapping.ts';

export const accounts: RowMapping<'accounts'> = {
  key: ['id'],
  unique: ['name'],
  toColumns: (account) => ({ ...account, isAdministrator: flag(account.isAdministrator) }),
  fromColumns: (columns) => ({ ...columns, isAdministrator: columns.isAdministrator === 1 }),
};

export const accessKeys: RowMapping<'accessKeys'> = {
  key: ['secretId'],
  toColumns: ({ policy, ...key }) => ({ ...key, policyJson: policy === null ? null : JSON.stringify(policy) }),
  fromColumns: ({ policyJson, ...columns }) => ({
    ...columns,
    policy: policyJson === null ? null : parseJson<AccessPolicy>(policyJson),
  }),
};

export const clientTokens: RowMapping<'clientTokens'> = {
  key: ['keyId', 'token'],
  toColumns: (token) => token,
  fromColumns: (columns) => columns,
};

export const findingMutes: RowMapping<'findingMutes'> = {
  key: ['vpnConnectionId', 'code'],
  toColumns: (mute) => mute,
  fromColumns: (columns) => columns,
};

export const webhooks: RowMapping<'webhooks'> = {
  key: ['id'],
  toColumns: (webhook) => webhook,
  fromColumns: (columns) => columns,
};

export const counters: RowMapping<'counters'> = {
  key: ['name'],
  toColumns: (counter) => counter,
  fromColumns: (columns) => columns,
};
