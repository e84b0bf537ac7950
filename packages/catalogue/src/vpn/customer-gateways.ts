import { Type, type Static } from 'typebox';
import { changes, reads } from '../action-definition.ts';
import { about } from '../schema/about.ts';
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
} from '../schema/request-schemas.ts';
import { nothing, page, time } from '../schema/response-schemas.ts';
import { tagErrors } from '../tag/tag-errors.ts';

/** Customer gateways (docs/spec/actions.md section 1.2). */

const customerGateway = object({
  CustomerGatewayId: idOf('cgw'),
  CustomerGatewayName: Type.String(),
  IpAddress: about(Type.String({ format: 'ipv4' }), 'The public address of the device.'),
  CreatedTime: time(),
  BgpAsn: about(Type.Integer(), '0 for none.'),
});
/** A customer gateway as replies show it. */
export type WireCustomerGateway = Static<typeof customerGateway>;

export const customerGatewayActions = {
  CreateCustomerGateway: changes({
    summary: {
      en: 'Registers the public address of the device at the other end of tunnels.',
      zh: '登记通道对端设备的公网地址。',
    },
    request: object({
      CustomerGatewayName: nameInCharacters(),
      IpAddress: about(text(), 'The public IPv4 address of the device.'),
      Tags: tagList(),
      BgpAsn: maybe(asn()),
    }),
    response: object({ CustomerGateway: customerGateway }),
    errors: ['customer-gateway-exists', 'address-is-ours', 'quota-reached', ...tagErrors],
  }),
  DescribeCustomerGateways: reads({
    summary: { en: 'Lists customer gateways, by ids or by filters.', zh: '按 ID 或过滤条件查询对端网关列表。' },
    request: object({ CustomerGatewayIds: idList('cgw'), Filters: filterList(10, 5), ...paging() }),
    response: page('CustomerGatewaySet', customerGateway),
    filters: {
      'customer-gateway-id': 'the id',
      'customer-gateway-name': 'the name',
      'ip-address': 'the public address',
    },
  }),
  ModifyCustomerGatewayAttribute: changes({
    summary: { en: 'Changes the name or the ASN of a customer gateway.', zh: '修改对端网关的名称或 ASN。' },
    request: object({
      CustomerGatewayId: idOf('cgw'),
      CustomerGatewayName: nameInCharacters(),
      BgpAsn: maybe(asn()),
    }),
    response: nothing(),
    errors: ['not-found'],
  }),
  DeleteCustomerGateway: changes({
    summary: { en: 'Deletes a customer gateway that no tunnel uses.', zh: '删除没有通道使用的对端网关。' },
    request: object({ CustomerGatewayId: idOf('cgw') }),
    response: nothing(),
    errors: ['not-found', 'customer-gateway-in-use'],
  }),
};
