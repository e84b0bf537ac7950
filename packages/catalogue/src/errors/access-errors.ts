import type { ErrorEntry } from './error-entry.ts';

/** What use cases refuse about keys, and about who may do what. */
export const accessErrors = {
  'administrator-only': {
    code: 'UnauthorizedOperation',
    en: 'Only the operator may do this: use an administrator key.',
    zh: '仅运维管理员可执行此操作，请使用管理员密钥。',
  },
  'last-administrator-key': {
    code: 'UnsupportedOperation',
    en: '`{id}` is the last administrator key; make another one first.',
    zh: '`{id}` 是最后一个管理员密钥，请先创建新的管理员密钥。',
  },
  'access-key-bounded': {
    code: 'UnauthorizedOperation',
    en: 'Access keys are given by keys that are neither bounded by a policy nor temporary.',
    zh: '仅未受策略限制且非临时的密钥可以管理访问密钥。',
  },
  'own-key-only': {
    code: 'UnauthorizedOperation',
    en: 'Only an administrator can do this with the key of somebody else; everybody can with the own one.',
    zh: '仅管理员可以对他人的密钥执行该操作，其他用户只能操作自己的密钥。',
  },
  'access-key-expires-already': {
    code: 'UnsupportedOperation',
    en: 'The access key `{id}` expires already, so no other key can come after it.',
    zh: '访问密钥 `{id}` 已设置过期时间，不能再轮换。',
  },
  'access-keys-too-many': {
    code: 'LimitExceeded',
    en: '`SecretId`: an account has at most {limit} access keys. Delete one first.',
    zh: '`SecretId`：每个账号最多有 {limit} 个访问密钥，请先删除不用的密钥。',
  },
  'temporary-credentials-by-temporary': {
    code: 'UnsupportedOperation',
    en: 'Temporary credentials cannot make others: use an access key.',
    zh: '临时凭证不能再签发临时凭证，请使用访问密钥。',
  },
  'client-token-of-other-call': {
    code: 'InvalidParameterValue',
    en: '`ClientToken` {token} was used for a call with other parameters. Use another one.',
    zh: '`ClientToken` {token} 已用于参数不同的调用，请更换。',
  },
  'pre-shared-key-masked': {
    code: 'InvalidParameterValue',
    en: '`PreShareKey`: {mask} is what is shown to keys that may not see pre-shared keys; leave the parameter out to keep the key.',
    zh: '`PreShareKey`：{mask} 是对无权查看预共享密钥的密钥显示的掩码；如需保留原密钥，请勿传该参数。',
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
