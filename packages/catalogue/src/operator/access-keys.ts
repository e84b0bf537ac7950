import { Type, type Static } from 'typebox';
import { changes, reads } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import { object, text } from '../schema/request-schemas.ts';
import { nothing, page, time } from '../schema/response-schemas.ts';

/** Access keys (service landbridge, administrators only). */

const accessKey = object({
  SecretId: Type.String(),
  AccountName: Type.String(),
  IsAdministrator: about(Type.Boolean(), 'It may do what only the operator may.'),
  CreatedTime: time(),
});
/** An access key as replies show it, without its secret half. */
export type WireAccessKey = Static<typeof accessKey>;

export const accessKeyActions = {
  CreateAccessKey: changes({
    summary: {
      en: 'Makes an access key for an account, and the account if there is none of this name.',
      zh: '为账号创建访问密钥；账号不存在时一并创建。',
    },
    forAdministrators: true,
    request: object({
      AccountName: Type.String({
        pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$',
        means: '1 to 60 letters, digits, dots, underscores and hyphens are expected',
        description: 'The name of the account: 1 to 60 letters, digits, dots, underscores and hyphens.',
      }),
    }),
    response: object({
      SecretId: Type.String(),
      SecretKey: about(Type.String(), 'Shown this once only.'),
    }),
    errors: ['administrator-only'],
  }),
  DescribeAccessKeys: reads({
    summary: { en: 'Lists the access keys of all accounts.', zh: '查询所有账号的访问密钥。' },
    forAdministrators: true,
    request: object({}),
    response: page('AccessKeySet', accessKey),
    errors: ['administrator-only'],
  }),
  DeleteAccessKey: changes({
    summary: {
      en: 'Deletes an access key, but not the last one of an administrator.',
      zh: '删除访问密钥；不能删除最后一个管理员密钥。',
    },
    forAdministrators: true,
    request: object({ SecretId: about(text({ maxLength: 64 }), 'The id of the key.') }),
    response: nothing(),
    errors: ['administrator-only', 'not-found', 'last-administrator-key'],
  }),
};
