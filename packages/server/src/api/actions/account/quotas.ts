import { quotaActions, type WireQuota } from '@landbridge/catalogue/account/quotas';
import type { Services } from '../../../services/create-services.ts';
import type { Handlers } from '../../action.ts';
import { reject } from '../../protocol/api-error.ts';
import { productQuotas } from './product-quotas.ts';
import { limitNamed } from './vpc-limits.ts';

/** What an account may have (docs/spec/actions.md section 2.11). */
export function quotaHandlers({ quotas }: Services): Handlers<typeof quotaActions> {
  return {
    DescribeAccountAttributes: () => {
      const attribute = { AttributeName: 'supported-platforms', AttributeValues: ['VPC'] };
      return Promise.resolve({ AccountAttributeSet: [attribute] });
    },
    DescribeVpcLimits: async (_caller, { LimitTypes: names }) => {
      const limits = names.map((LimitType, place) => {
        const LimitValue = limitNamed(LimitType, quotas.limits());
        const name = `LimitTypes.${place}`;
        return {
          LimitType,
          LimitValue:
            LimitValue ?? reject('invalid-value', { name, rule: { en: 'there is no such limit', zh: '不存在该配额' } }),
        };
      });
      return Promise.resolve({ VpcLimitSet: limits });
    },
    DescribeProductQuota: async (caller, { Product }) => {
      const [limits, use] = [quotas.limits(), await quotas.use(caller)];
      const listed = productQuotas[Product].map(({ id, name, quota, isRegional }): WireQuota => ({
        QuotaId: id,
        QuotaName: name,
        QuotaCurrent: use[quota] ?? 0,
        QuotaLimit: limits[quota],
        QuotaRegion: isRegional,
      }));
      return { ProductQuotaSet: listed, TotalCount: listed.length };
    },
  };
}
