import { accessKeyActions, type WireAccessKey } from '@landbridge/catalogue/operator/access-keys';
import type { AccessKey } from '../../../domain/operator/account.ts';
import { tokenLifetime } from '../../../domain/operator/temporary-credentials.ts';
import type { Services } from '../../../services/create-services.ts';
import type { NewAccessKey } from '../../../services/operator/access-keys.ts';
import type { Handlers } from '../../action.ts';
import { reject } from '../../protocol/api-error.ts';
import { defined, wireTime } from '../../wire/wire-values.ts';
import { readPolicy, wirePolicy } from './access-policy-wire.ts';

const daySeconds = 24 * 3600;

/** Access keys, and temporary ones (service landbridge). */
export function accessKeyHandlers({ accessKeys, temporaryCredentials }: Services): Handlers<typeof accessKeyActions> {
  return {
    CreateAccessKey: async (caller, { AccountName, Policy, CallsPerSecond = 0 }) =>
      wireNewKey(
        await accessKeys.create(caller, {
          accountName: AccountName,
          policy: Policy === undefined ? null : readPolicy(Policy),
          callsPerSecond: limitOf(CallsPerSecond),
        }),
      ),
    DescribeAccessKeys: async () => {
      const keys = await accessKeys.list();
      return { TotalCount: keys.length, AccessKeySet: keys.map(wireAccessKey) };
    },
    ModifyAccessKey: async (caller, { SecretId, Policy, RemovePolicy = false, CallsPerSecond }) => {
      if (RemovePolicy && Policy !== undefined) {
        reject('parameters-exclude-each-other', { name: 'RemovePolicy', other: 'Policy' });
      }
      const policy = RemovePolicy ? null : Policy && readPolicy(Policy);
      const callsPerSecond = CallsPerSecond === undefined ? undefined : limitOf(CallsPerSecond);
      await accessKeys.modify(caller, SecretId, defined({ policy, callsPerSecond }));
      return {};
    },
    RotateAccessKey: async (caller, { SecretId, OldKeyValidSeconds = daySeconds }) =>
      wireNewKey(await accessKeys.rotate(caller, SecretId, OldKeyValidSeconds)),
    DeleteAccessKey: async (caller, { SecretId }) => {
      await accessKeys.remove(caller, SecretId);
      return {};
    },
    CreateTemporaryCredentials: async (caller, { DurationSeconds = tokenLifetime.usual, Policy }) => {
      const policy = Policy === undefined ? null : readPolicy(Policy);
      const { token, secretId, secretKey, expiresAt } = await temporaryCredentials.create(
        caller,
        DurationSeconds,
        policy,
      );
      return {
        Credentials: { Token: token, TmpSecretId: secretId, TmpSecretKey: secretKey },
        ExpiredTime: Math.floor(expiresAt / 1000),
        Expiration: `${new Date(expiresAt).toISOString().slice(0, 19)}Z`,
      };
    },
  };
}

function limitOf(callsPerSecond: number): number | null {
  return callsPerSecond === 0 ? null : callsPerSecond;
}

function wireNewKey({ secretId, secretKey }: NewAccessKey) {
  return { SecretId: secretId, SecretKey: secretKey };
}

function wireAccessKey(key: AccessKey): WireAccessKey {
  return {
    SecretId: key.secretId,
    AccountName: key.accountName,
    IsAdministrator: key.isAdministrator,
    CreatedTime: wireTime(key.createdAt),
    ExpiredTime: key.expiresAt === null ? null : wireTime(key.expiresAt),
    CallsPerSecond: key.callsPerSecond ?? 0,
    Policy: key.policy === null ? null : wirePolicy(key.policy),
  };
}
