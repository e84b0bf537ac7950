import { call, type Parameters } from '../calls/call.ts';
import { change } from '../changes/change.ts';
import type { Form } from '../changes/difference.ts';
import { slugs } from './addresses.ts';
import { formOf, requestOf, type Field, type PathOf } from './field.ts';
import { selected, type ObjectKind } from './object-kind.ts';

type Request = Parameters<'ModifyCustomerGatewayAttribute'>;

const fields = [
  { path: 'CustomerGatewayName', type: 'text', required: true },
  { path: 'BgpAsn', type: 'number' },
] as const satisfies readonly (Field & { path: PathOf<Request> })[];

export const customerGatewayKind: ObjectKind = {
  slug: slugs.cgw,
  prefix: 'cgw',
  word: 'kinds.customer-gateways',
  rows: ['customerGateways'],
  fields,
  filters: { ids: { cgw: 'customer-gateway-id' }, address: 'ip-address' },
  read: async (selection, options) => {
    const asked = selected('CustomerGatewayIds', selection);
    const { CustomerGatewaySet, TotalCount } = await call('DescribeCustomerGateways', asked, options);
    const objects = CustomerGatewaySet.map((row) => {
      const { CustomerGatewayId, CustomerGatewayName: name, IpAddress, CreatedTime } = row;
      return {
        ...{ id: CustomerGatewayId, name, region: options.region, summary: IpAddress, within: '' },
        facts: { IpAddress, CreatedTime },
        form: formOf(fields, row),
        // The call always takes the name.
        save: (changed: readonly string[], draft: Form) => [
          change('ModifyCustomerGatewayAttribute', {
            ...requestOf(fields, [...changed, 'CustomerGatewayName'], draft),
            CustomerGatewayId,
          } as Request),
        ],
        removal: change('DeleteCustomerGateway', { CustomerGatewayId }),
      };
    });
    return { objects, total: TotalCount };
  },
};
