import { accessKeyActions, type WireAccessKey } from '@landbridge/catalogue/operator/access-keys';
import type { AccessKey } from '../../../domain/operator/account.ts';
import type { Services } from '../../../services/create-services.ts';
import type { Handlers } from '../../action.ts';
import { wireTime } from '../../wire/wire-values.ts';

/** Access keys (service landbridge, administrators only). */
export function accessKeyHandlers({ accessKeys }: Services): Handlers<typeof accessKeyActions> {
  return {
    CreateAccessKey: async (caller, { AccountName: name }) => {
      const { secretId, secretKey } = await accessKeys.create(caller, name);
      return { SecretId: secretId, SecretKey: secretKey };
    },
    DescribeAccessKeys: async (caller) => {
      const keys = await accessKeys.list(caller);
      return { TotalCount: keys.length, AccessKeySet: keys.map(wireAccessKey) };
    },
    DeleteAccessKey: async (caller, { SecretId: id }) => {
      await accessKeys.remove(caller, id);
      return {};
    },
  };
}

function wireAccessKey({ secretId, accountName, isAdministrator, createdAt }: AccessKey): WireAccessKey {
  return {
    SecretId: secretId,
    AccountName: accountName,
    IsAdministrator: isAdministrator,
    CreatedTime: wireTime(createdAt),
  };
}
