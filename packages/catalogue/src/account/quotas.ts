import { Type, type Static } from 'typebox';
import { reads } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import { fullList, object, oneOf, text } from '../schema/request-schemas.ts';
import { anyOf, count } from '../schema/response-schemas.ts';

/** What an account may have (docs/spec/actions.md section 2.11). */

const limit = object({
  LimitType: about(Type.String(), 'The name of the limit.'),
  LimitValue: about(count(), 'How many there may be; 0 for what is not offered.'),
});

const quota = object({
  QuotaId: about(Type.String(), 'The name of the quota.'),
  QuotaName: about(Type.String(), 'What it counts.'),
  QuotaCurrent: about(count(), 'How many there are; of quotas of one object, at the object that has the most.'),
  QuotaLimit: about(count(), 'How many there may be.'),
  QuotaRegion: about(Type.Boolean(), 'True: counted in each region by itself.'),
});
/** A quota as replies show it. */
export type WireQuota = Static<typeof quota>;

export const quotaActions = {
  DescribeAccountAttributes: reads({
    summary: { en: 'Tells which kinds of networks the account may make.', zh: '查询账号支持的网络类型。' },
    request: object({}),
    response: object({
      AccountAttributeSet: about(
        anyOf(
          object({
            AttributeName: about(Type.String(), '`supported-platforms`.'),
            AttributeValues: about(anyOf(Type.String()), '`VPC`.'),
          }),
        ),
        'One attribute.',
      ),
    }),
  }),
  DescribeVpcLimits: reads({
    summary: { en: 'Tells limits by their names.', zh: '按名称查询配额上限。' },
    request: object({ LimitTypes: about(fullList(text({ maxLength: 100 }), 100), 'Names such as `vpc-max-subnets`.') }),
    response: object({ VpcLimitSet: about(anyOf(limit), 'In the order asked for.') }),
  }),
  DescribeProductQuota: reads({
    summary: { en: 'Lists the quotas of a product, and how much of each is used.', zh: '查询产品的配额列表及使用量。' },
    request: object({
      Product: about(
        oneOf('vpc', 'ccn', 'vpn', 'dc', 'dfw', 'clb', 'eip'),
        'Of the last three there is nothing here: they have no quota.',
      ),
    }),
    response: object({
      ProductQuotaSet: about(anyOf(quota), 'All of them.'),
      TotalCount: about(count(), 'How many quotas there are.'),
    }),
  }),
};
