import { Type } from 'typebox';
import { reads } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import { object } from '../schema/request-schemas.ts';

export const callerIdentityActions = {
  GetCallerIdentity: reads({
    summary: { en: 'Tells whose access key signed the call.', zh: '查询当前调用者的身份信息。' },
    request: object({}),
    response: object({
      Arn: about(Type.String(), 'The caller, `qcs::cam:uin/ACCOUNT:uin/ACCOUNT`.'),
      AccountId: about(Type.String(), 'The account whose resources the key reaches.'),
      UserId: about(Type.String(), 'The same: accounts have no users here.'),
      PrincipalId: about(Type.String(), 'The same.'),
      Type: Type.Literal('CAMUser'),
    }),
  }),
};
