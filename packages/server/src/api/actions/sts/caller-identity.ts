import type { callerIdentityActions } from '@landbridge/catalogue/sts/caller-identity';
import type { Handlers } from '../../action.ts';

/** Whose key it is (docs/spec/actions.md section 0; clients check it before they begin). */
export function callerIdentityHandlers(): Handlers<typeof callerIdentityActions> {
  return {
    GetCallerIdentity: ({ accountId }) => {
      const Arn = `qcs::cam:uin/${accountId}:uin/${accountId}`;
      return Promise.resolve({ Arn, AccountId: accountId, UserId: accountId, PrincipalId: accountId, Type: 'CAMUser' });
    },
  };
}
