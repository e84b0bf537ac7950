import { customerGatewayActions, type WireCustomerGateway } from '@landbridge/catalogue/vpn/customer-gateways';
import type { CustomerGateway } from '../../../domain/vpn/customer-gateway.ts';
import { isPeerAddress } from '../../../domain/vpn/peer-address.ts';
import type { Services } from '../../../services/create-services.ts';
import type { Handlers } from '../../action.ts';
import { describing } from '../../describe-action.ts';
import { reject } from '../../protocol/api-error.ts';
import { equals } from '../../wire/row-selection.ts';
import { defined, readAddress, readTags, wireTime } from '../../wire/wire-values.ts';

/** Customer gateways (docs/spec/actions.md section 1.2). */
export function customerGatewayHandlers({ customerGateways }: Services): Handlers<typeof customerGatewayActions> {
  return {
    CreateCustomerGateway: async (caller, parameters) => {
      const address = readAddress(parameters.IpAddress, 'IpAddress');
      if (!isPeerAddress(address)) {
        const rule = {
          en: `${address} is no unicast address of a device (0.x, 127/8, 169.254/16, 224/4 and up are not, nor a host part of all 0 or all 1)`,
          zh: `${address} 不是设备的单播地址（不支持 0.x、127/8、169.254/16、224/4 及以上，主机位也不能全为 0 或全为 1）`,
        };
        reject('invalid-value', { name: 'IpAddress', rule });
      }
      const gateway = await customerGateways.create(caller, {
        name: parameters.CustomerGatewayName,
        address,
        bgpAsn: parameters.BgpAsn ?? null,
        tags: readTags(parameters.Tags),
      });
      return { CustomerGateway: wireCustomerGateway(gateway) };
    },
    DescribeCustomerGateways: describing(customerGatewayActions.DescribeCustomerGateways, {
      list: (caller, ids) => customerGateways.list(caller, ids),
      idOf: ({ id }) => id,
      filters: {
        'customer-gateway-id': equals(({ id }) => id),
        'customer-gateway-name': equals(({ name }) => name),
        'ip-address': equals(({ address }) => address),
      },
      show: (page) => page.map(wireCustomerGateway),
    }),
    ModifyCustomerGatewayAttribute: async (caller, parameters) => {
      const changes = defined({ name: parameters.CustomerGatewayName, bgpAsn: parameters.BgpAsn });
      await customerGateways.modify(caller, parameters.CustomerGatewayId, changes);
      return {};
    },
    DeleteCustomerGateway: async (caller, { CustomerGatewayId: id }) => {
      await customerGateways.remove(caller, id);
      return {};
    },
  };
}

function wireCustomerGateway(gateway: CustomerGateway): WireCustomerGateway {
  return {
    CustomerGatewayId: gateway.id,
    CustomerGatewayName: gateway.name,
    IpAddress: gateway.address,
    CreatedTime: wireTime(gateway.createdAt),
    BgpAsn: gateway.bgpAsn ?? 0,
  };
}
