import type { CustomerGateway } from '../../../domain/vpn/customer-gateway.ts';
import { isPeerAddress } from '../../../domain/vpn/peer-address.ts';
import type { Services } from '../../../services/create-services.ts';
import { action, type Action } from '../../action.ts';
import { reject } from '../../protocol/api-error.ts';
import {
  asn,
  filterList,
  idList,
  idOf,
  maybe,
  nameInCharacters,
  object,
  paging,
  tagList,
  text,
} from '../../wire/parameter-schemas.ts';
import { equals, selectRows, type SelectionRules } from '../../wire/row-selection.ts';
import { defined, readAddress, readTags, wireTime } from '../../wire/wire-values.ts';

/** Customer gateways (docs/spec/actions.md section 1.2). */

const createRequest = object({
  CustomerGatewayName: nameInCharacters(),
  IpAddress: text(),
  Tags: tagList(),
  BgpAsn: maybe(asn()),
});
const describeRequest = object({ CustomerGatewayIds: idList('cgw'), Filters: filterList(10, 5), ...paging() });
const modifyRequest = object({
  CustomerGatewayId: idOf('cgw'),
  CustomerGatewayName: nameInCharacters(),
  BgpAsn: maybe(asn()),
});
const deleteRequest = object({ CustomerGatewayId: idOf('cgw') });

const selection: SelectionRules<CustomerGateway> = {
  idsName: 'CustomerGatewayIds',
  idOf: ({ id }) => id,
  filters: {
    'customer-gateway-id': equals(({ id }) => id),
    'customer-gateway-name': equals(({ name }) => name),
    'ip-address': equals(({ address }) => address),
  },
};

export function customerGatewayActions({ customerGateways }: Services): Action[] {
  return [
    action('CreateCustomerGateway', createRequest, async (caller, parameters) => {
      const address = readAddress(parameters.IpAddress, 'IpAddress');
      if (!isPeerAddress(address)) {
        const rule = `${address} is no unicast address of a device (0.x, 127/8, 169.254/16, 224/4 and up are not)`;
        reject('invalid-value', { name: 'IpAddress', rule });
      }
      const gateway = await customerGateways.create(caller, {
        name: parameters.CustomerGatewayName,
        address,
        bgpAsn: parameters.BgpAsn ?? null,
        tags: readTags(parameters.Tags),
      });
      return { CustomerGateway: wireCustomerGateway(gateway) };
    }),
    action('DescribeCustomerGateways', describeRequest, async (caller, parameters) => {
      const rows = await customerGateways.list(caller, parameters.CustomerGatewayIds);
      const { total, page } = selectRows(rows, { ...parameters, ids: parameters.CustomerGatewayIds }, selection);
      return { CustomerGatewaySet: page.map(wireCustomerGateway), TotalCount: total };
    }),
    action('ModifyCustomerGatewayAttribute', modifyRequest, async (caller, parameters) => {
      const changes = defined({ name: parameters.CustomerGatewayName, bgpAsn: parameters.BgpAsn });
      await customerGateways.modify(caller, parameters.CustomerGatewayId, changes);
      return {};
    }),
    action('DeleteCustomerGateway', deleteRequest, async (caller, { CustomerGatewayId: id }) => {
      await customerGateways.remove(caller, id);
      return {};
    }),
  ];
}

function wireCustomerGateway(gateway: CustomerGateway) {
  return {
    CustomerGatewayId: gateway.id,
    CustomerGatewayName: gateway.name,
    IpAddress: gateway.address,
    CreatedTime: wireTime(gateway.createdAt),
    BgpAsn: gateway.bgpAsn ?? 0,
  };
}
