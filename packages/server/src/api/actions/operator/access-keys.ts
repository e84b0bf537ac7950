import { Type } from 'typebox';
import type { Services } from '../../../services/create-services.ts';
import { action, type Action } from '../../action.ts';
import { object, text } from '@landbridge/catalogue/schema/request-schemas';
import { wireTime } from '../../wire/wire-values.ts';

/** Access keys (service landbridge, administrators only). */

const createRequest = object({
  AccountName: Type.String({
    pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$',
    means: '1 to 60 letters, digits, dots, underscores and hyphens are expected',
  }),
});

export function accessKeyActions({ accessKeys }: Services): Action[] {
  return [
    action('CreateAccessKey', createRequest, async (caller, { AccountName }) => {
      const { secretId, secretKey } = await accessKeys.create(caller, AccountName);
      return { SecretId: secretId, SecretKey: secretKey };
    }),
    action('DescribeAccessKeys', object({}), async (caller) => {
      const keys = await accessKeys.list(caller);
      return {
        TotalCount: keys.length,
        AccessKeySet: keys.map((key) => ({
          SecretId: key.secretId,
          AccountName: key.accountName,
          IsAdministrator: key.isAdministrator,
          CreatedTime: wireTime(key.createdAt),
        })),
      };
    }),
    action('DeleteAccessKey', object({ SecretId: text({ maxLength: 64 }) }), async (caller, { SecretId }) => {
      await accessKeys.remove(caller, SecretId);
      return {};
    }),
  ];
}
