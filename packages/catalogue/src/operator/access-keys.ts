import { Type, type Static } from 'typebox';
import { changes, reads } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import { lenientInteger, maybe, object, text } from '../schema/request-schemas.ts';
import { nothing, orNull, page, time } from '../schema/response-schemas.ts';
import { policy } from './access-policy.ts';

/** Access keys, and temporary ones (service landbridge). */

const accountName = () =>
  Type.String({
    pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$',
    means: {
      en: '1 to 60 letters, digits, dots, underscores and hyphens are expected',
      zh: '应为 1 到 60 个字母、数字、点、下划线和连字符',
    },
    description: 'The name of the account: 1 to 60 letters, digits, dots, underscores and hyphens.',
  });
const secretId = () => about(text({ minLength: 1, maxLength: 64 }), 'The id of the key.');
const callsPerSecond = () =>
  about(
    lenientInteger(0, 1_000_000),
    'Calls a second with this key, of all Actions together; 0 for no limit of its own.',
  );

const newKey = object({
  SecretId: Type.String(),
  SecretKey: about(Type.String(), 'Shown this once.'),
});

const accessKey = object({
  SecretId: Type.String(),
  AccountName: Type.String(),
  IsAdministrator: Type.Boolean(),
  CreatedTime: time(),
  ExpiredTime: about(orNull(time()), 'Null: it does not expire.'),
  CallsPerSecond: callsPerSecond(),
  Policy: about(orNull(policy()), 'Null: it may do what its account may.'),
});
export type WireAccessKey = Static<typeof accessKey>;

const day = 24 * 3600;

export const accessKeyActions = {
  CreateAccessKey: changes({
    summary: {
      en: 'Makes a key for an account, which is made as well when its name is new.',
      zh: '为账号创建访问密钥；账号不存在时一并创建。',
    },
    request: object({ AccountName: accountName(), Policy: maybe(policy()), CallsPerSecond: maybe(callsPerSecond()) }),
    response: newKey,
    errors: ['access-key-bounded', 'access-keys-too-many'],
    forAdministrators: true,
  }),
  DescribeAccessKeys: reads({
    summary: { en: 'Lists all keys without their secret halves.', zh: '查询所有访问密钥（不含 SecretKey）。' },
    request: object({}),
    response: page('AccessKeySet', accessKey),
    forAdministrators: true,
  }),
  ModifyAccessKey: changes({
    summary: { en: 'Changes what a key may do, or its rate.', zh: '修改访问密钥的策略或频率限制。' },
    request: object({
      SecretId: secretId(),
      Policy: maybe(policy()),
      RemovePolicy: maybe(about(Type.Boolean(), 'It may do what its account may again.')),
      CallsPerSecond: maybe(callsPerSecond()),
    }),
    response: nothing(),
    errors: ['access-key-bounded', 'last-administrator-key', 'not-found', 'parameters-exclude-each-other'],
    forAdministrators: true,
  }),
  RotateAccessKey: changes({
    summary: {
      en: 'Makes another key that may do the same, and lets the old one expire: until then both are valid.',
      zh: '创建权限相同的新密钥，并让旧密钥在一段时间后过期；在此之前两者均有效。',
    },
    request: object({
      SecretId: about(secretId(), 'The own key, or any for an administrator.'),
      OldKeyValidSeconds: maybe(
        about(lenientInteger(0, 90 * day), 'How long the old key stays valid; one day when it is left out.'),
      ),
    }),
    response: newKey,
    errors: ['own-key-only', 'access-key-bounded', 'access-key-expires-already', 'access-keys-too-many', 'not-found'],
  }),
  DeleteAccessKey: changes({
    summary: { en: 'Deletes a key; whatever it signs is refused at once.', zh: '删除访问密钥，其签名的请求立即失效。' },
    request: object({ SecretId: secretId() }),
    response: nothing(),
    errors: ['access-key-bounded', 'last-administrator-key', 'not-found'],
    forAdministrators: true,
  }),
  CreateTemporaryCredentials: changes({
    summary: {
      en: 'Makes credentials that expire, with at most what the own key may do; clients send their Token with each call.',
      zh: '签发临时凭证，权限不超过当前密钥；客户端须在每次请求中携带 Token。',
    },
    request: object({
      DurationSeconds: maybe(about(lenientInteger(60, 43_200), '1800 when it is left out.')),
      Policy: maybe(policy()),
    }),
    response: object({
      Credentials: object({ Token: Type.String(), TmpSecretId: Type.String(), TmpSecretKey: Type.String() }),
      ExpiredTime: about(Type.Integer(), 'Seconds since the epoch.'),
      Expiration: about(Type.String(), 'The same as `2026-11-22T12:00:00Z`.'),
    }),
    errors: ['temporary-credentials-by-temporary'],
  }),
};
