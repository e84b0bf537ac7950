import { Type, type Static } from 'typebox';
import { changes, reads } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import {
  notOffered,
  filterList,
  idList,
  idOf,
  maybe,
  nameInCharacters,
  object,
  oneOf,
  paging,
  tagList,
  text,
} from '../schema/request-schemas.ts';
import { emptyList, nothing, page, time } from '../schema/response-schemas.ts';
import { tagErrors } from '../tag/tag-errors.ts';

/** Direct Connect gateways (docs/spec/actions.md section 2.10). */

const modeType = () => oneOf('standard', 'exquisite');

const directConnectGateway = object({
  DirectConnectGatewayId: idOf('dcg'),
  DirectConnectGatewayName: Type.String(),
  VpcId: about(Type.String(), 'The VPC it belongs to; empty for NetworkType CCN.'),
  NetworkType: about(oneOf('VPC', 'CCN'), 'What it joins to the data centre.'),
  NetworkInstanceId: about(Type.String(), 'The VPC, or the CCN it is attached to; empty for none.'),
  GatewayType: oneOf('NORMAL'),
  CreateTime: time(),
  DirectConnectGatewayIp: about(Type.String(), 'Its address on the line; empty without a line.'),
  CcnId: about(Type.String(), 'The CCN it is attached to; empty for none.'),
  CcnRouteType: oneOf('STATIC'),
  EnableBGP: about(Type.Boolean(), 'Always false: no BGP is spoken.'),
  EnableBGPCommunity: about(Type.Boolean(), 'Always false.'),
  NatGatewayId: about(Type.String(), 'Always empty.'),
  VXLANSupport: emptyList(),
  ModeType: modeType(),
  LocalZone: about(Type.Boolean(), 'Always false.'),
  Zone: about(Type.Null(), 'Always null: terraform writes it over its own mode_type.'),
  EnableFlowDetails: about(Type.Integer(), 'Always 0.'),
  FlowDetailsUpdateTime: about(Type.String(), 'Always empty.'),
  NewAfc: about(Type.Integer(), 'Always 0.'),
  AccessNetworkType: about(Type.String(), 'Always empty.'),
  HaZoneList: emptyList(),
  GatewayAsn: about(Type.Integer(), '0 for none.'),
});
/** A Direct Connect gateway as replies show it. */
export type WireDirectConnectGateway = Static<typeof directConnectGateway>;

export const directConnectGatewayActions = {
  CreateDirectConnectGateway: changes({
    summary: {
      en: 'Creates a Direct Connect gateway of a VPC, or for CCNs.',
      zh: '创建专线网关，用于 VPC 或云联网。',
    },
    request: object({
      DirectConnectGatewayName: nameInCharacters(),
      NetworkType: about(oneOf('VPC', 'CCN'), 'What it joins to the data centre.'),
      NetworkInstanceId: maybe(
        about(text(), 'The VPC, `vpc-…`; or the CCN to attach it to, `ccn-…`, which can be done later as well.'),
      ),
      GatewayType: maybe(about(oneOf('NORMAL', 'NAT'), 'NORMAL unless given; NAT is not offered.')),
      ModeType: maybe(about(modeType(), 'Kept and given back; standard unless given.')),
      GatewayAsn: maybe(
        about(
          Type.Integer({ minimum: 1, maximum: 4_294_967_294 }),
          'An autonomous system number: 45090, 64512 to 65534 or 4200000000 to 4294967294. It is kept and given back; no BGP is spoken.',
        ),
      ),
      Zone: notOffered('string', { en: 'a zone of a Direct Connect gateway', zh: '专线网关的可用区' }),
      HaZoneGroupId: notOffered('string', {
        en: 'groups of zones of Direct Connect gateways',
        zh: '专线网关的可用区组',
      }),
      Tags: tagList(),
    }),
    response: object({ DirectConnectGateway: directConnectGateway }),
    errors: ['not-found', 'quota-reached', 'feature-not-built', ...tagErrors],
  }),
  DescribeDirectConnectGateways: reads({
    summary: { en: 'Lists Direct Connect gateways, by ids or by filters.', zh: '按 ID 或过滤条件查询专线网关列表。' },
    request: object({ DirectConnectGatewayIds: idList('dcg'), Filters: filterList(), ...paging() }),
    response: page('DirectConnectGatewaySet', directConnectGateway),
    filters: {
      'direct-connect-gateway-id': 'the id',
      'direct-connect-gateway-name': 'a part of the name',
      'direct-connect-gateway-ip': 'its address on the line',
      'gateway-type': '`NORMAL`: all are',
      'network-type': '`VPC` or `CCN`',
      'ccn-id': 'the CCN it is attached to',
      'vpc-id': 'the VPC it belongs to',
    },
  }),
  ModifyDirectConnectGatewayAttribute: changes({
    summary: {
      en: 'Changes the name or the mode of a Direct Connect gateway.',
      zh: '修改专线网关的名称或模式。',
    },
    request: object({
      DirectConnectGatewayId: idOf('dcg'),
      DirectConnectGatewayName: maybe(nameInCharacters()),
      CcnRouteType: maybe(about(oneOf('BGP', 'STATIC'), 'STATIC, which it is; BGP is not offered.')),
      ModeType: maybe(about(modeType(), 'Kept and given back.')),
    }),
    response: nothing(),
    errors: ['not-found', 'feature-not-built'],
  }),
  DeleteDirectConnectGateway: changes({
    summary: {
      en: 'Deletes a Direct Connect gateway without a line, with its ranges and all routes that lead to it.',
      zh: '删除未绑定线路的专线网关，并一并删除其 IDC 网段及指向它的路由。',
    },
    request: object({ DirectConnectGatewayId: idOf('dcg') }),
    response: nothing(),
    errors: ['not-found', 'direct-connect-gateway-in-use'],
  }),
};
