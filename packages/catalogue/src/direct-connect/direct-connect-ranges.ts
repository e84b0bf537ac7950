import { Type, type Static } from 'typebox';
import { changes, reads } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import { notOffered, fullList, idOf, maybe, object, oneOf, paging, text } from '../schema/request-schemas.ts';
import { emptyList, nothing, page, range, time } from '../schema/response-schemas.ts';

/** Ranges of data centres behind Direct Connect gateways (docs/spec/actions.md section 2.10). */

const addressType = () => maybe(about(oneOf('IPv4', 'IPv6'), 'IPv4 unless given; there are no IPv6 ranges.'));

export const givenRange = object({
  RouteId: maybe(about(text(), 'The id of the range, `dcr-…`, for ReplaceDirectConnectGatewayCcnRoutes.')),
  DestinationCidrBlock: about(text(), 'A range of the data centre.'),
  ASPath: notOffered('array', { en: 'an AS path, as no BGP is spoken', zh: 'AS 路径（不支持 BGP）' }),
  Description: maybe(about(text({ maxLength: 255 }), 'Words about it.')),
  UpdateTime: maybe(about(text(), 'As replies have it; not read.')),
});

const directConnectRange = object({
  RouteId: idOf('dcr'),
  DestinationCidrBlock: range(),
  ASPath: emptyList(),
  Description: Type.String(),
  UpdateTime: time(),
});
/** A range behind a Direct Connect gateway as replies show it. */
export type WireDirectConnectRange = Static<typeof directConnectRange>;

export const directConnectRangeActions = {
  CreateDirectConnectGatewayCcnRoutes: changes({
    summary: {
      en: 'Adds ranges of the data centre to a Direct Connect gateway of type CCN, all or none.',
      zh: '为云联网类型的专线网关添加 IDC 网段，全部成功或全部失败。',
    },
    request: object({
      DirectConnectGatewayId: idOf('dcg'),
      Routes: about(fullList(givenRange, 100), 'The new ranges.'),
    }),
    response: nothing(),
    errors: ['not-found', 'direct-connect-gateway-without-ccn', 'quota-reached', 'direct-connect-range-exists'],
  }),
  DescribeDirectConnectGatewayCcnRoutes: reads({
    summary: {
      en: 'Lists the ranges of the data centre behind a Direct Connect gateway.',
      zh: '查询专线网关的 IDC 网段。',
    },
    request: object({
      DirectConnectGatewayId: idOf('dcg'),
      CcnRouteType: maybe(about(oneOf('STATIC', 'BGP'), 'STATIC unless given; none is learned by BGP.')),
      AddressType: addressType(),
      ...paging(100),
    }),
    response: page('RouteSet', directConnectRange),
    errors: ['not-found'],
  }),
  DeleteDirectConnectGatewayCcnRoutes: changes({
    summary: {
      en: 'Removes ranges of the data centre from a Direct Connect gateway, all or none.',
      zh: '删除专线网关的 IDC 网段，全部成功或全部失败。',
    },
    request: object({
      DirectConnectGatewayId: idOf('dcg'),
      RouteIds: about(fullList(text(), 100), 'Ids of ranges, `dcr-…`.'),
      AddressType: addressType(),
    }),
    response: nothing(),
    errors: ['not-found', 'direct-connect-gateway-without-ccn'],
  }),
  ReplaceDirectConnectGatewayCcnRoutes: changes({
    summary: {
      en: 'Changes ranges of the data centre in place, all or none; their ids stay.',
      zh: '修改专线网关已有的 IDC 网段，ID 保持不变，全部成功或全部失败。',
    },
    request: object({
      DirectConnectGatewayId: idOf('dcg'),
      Routes: about(fullList(givenRange, 100), 'What the ranges shall be; `RouteId` tells which one is meant.'),
      AddressType: addressType(),
    }),
    response: nothing(),
    errors: ['not-found', 'direct-connect-gateway-without-ccn', 'direct-connect-range-exists'],
  }),
};
