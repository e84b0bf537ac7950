import { Type, type Static } from 'typebox';
import type {
  DirectConnectGatewayView,
  NewDirectConnectGateway,
} from '../../../services/direct-connect/direct-connect-gateways.ts';
import { isResourceId } from '../../../domain/resource-id.ts';
import type { Services } from '../../../services/create-services.ts';
import { action, type Action } from '../../action.ts';
import { reject } from '../../protocol/api-error.ts';
import {
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
} from '@landbridge/catalogue/schema/request-schemas';
import { contains, equals, selectRows, type SelectionRules } from '../../wire/row-selection.ts';
import { defined, readTags, wireTime } from '../../wire/wire-values.ts';

/** Direct Connect gateways (docs/spec/actions.md section 2.10). */

const modeType = () => maybe(oneOf('standard', 'exquisite'));
const createRequest = object({
  DirectConnectGatewayName: nameInCharacters(),
  NetworkType: oneOf('VPC', 'CCN'),
  NetworkInstanceId: maybe(text()),
  GatewayType: maybe(oneOf('NORMAL', 'NAT')),
  ModeType: modeType(),
  GatewayAsn: maybe(Type.Integer({ minimum: 1, maximum: 4_294_967_294 })),
  Zone: maybe(text()),
  HaZoneGroupId: maybe(text()),
  Tags: tagList(),
});
const describeRequest = object({ DirectConnectGatewayIds: idList('dcg'), Filters: filterList(), ...paging() });
const modifyRequest = object({
  DirectConnectGatewayId: idOf('dcg'),
  DirectConnectGatewayName: maybe(nameInCharacters()),
  CcnRouteType: maybe(oneOf('BGP', 'STATIC')),
  ModeType: modeType(),
});

const selection: SelectionRules<DirectConnectGatewayView> = {
  idsName: 'DirectConnectGatewayIds',
  idOf: ({ id }) => id,
  filters: {
    'direct-connect-gateway-id': equals(({ id }) => id),
    'direct-connect-gateway-name': contains(({ name }) => name),
    'direct-connect-gateway-ip': equals(({ lineAddress }) => lineAddress),
    'gateway-type': equals(() => 'NORMAL'),
    'network-type': equals(({ network }) => network.toUpperCase()),
    'ccn-id': equals(({ ccnId }) => ccnId ?? ''),
    'vpc-id': equals(({ vpcId }) => vpcId ?? ''),
  },
};

export function directConnectGatewayActions({ directConnectGateways }: Services): Action[] {
  return [
    action('CreateDirectConnectGateway', createRequest, async (caller, parameters) => {
      const gateway = await directConnectGateways.create(caller, readGateway(parameters));
      return { DirectConnectGateway: wireGateway(gateway) };
    }),
    action('DescribeDirectConnectGateways', describeRequest, async (caller, parameters) => {
      const { DirectConnectGatewayIds: ids } = parameters;
      const rows = await directConnectGateways.list(caller, ids);
      const { total, page } = selectRows(rows, { ...parameters, ids }, selection);
      return { TotalCount: total, DirectConnectGatewaySet: page.map(wireGateway) };
    }),
    action('ModifyDirectConnectGatewayAttribute', modifyRequest, async (caller, parameters) => {
      if (parameters.CcnRouteType === 'BGP') {
        reject('feature-not-built', { name: 'CcnRouteType', feature: 'BGP on Direct Connect gateways' });
      }
      const changes = defined({ name: parameters.DirectConnectGatewayName, modeType: parameters.ModeType });
      await directConnectGateways.modify(caller, parameters.DirectConnectGatewayId, changes);
      return {};
    }),
    action(
      'DeleteDirectConnectGateway',
      object({ DirectConnectGatewayId: idOf('dcg') }),
      async (caller, { DirectConnectGatewayId: id }) => {
        await directConnectGateways.remove(caller, id);
        return {};
      },
    ),
  ];
}

function readGateway(parameters: Static<typeof createRequest>): NewDirectConnectGateway {
  if (parameters.GatewayType === 'NAT') {
    reject('feature-not-built', { name: 'GatewayType', feature: 'a Direct Connect gateway with NAT' });
  }
  return {
    name: parameters.DirectConnectGatewayName,
    ...readNetwork(parameters.NetworkType, parameters.NetworkInstanceId ?? ''),
    modeType: parameters.ModeType ?? 'standard',
    asn: parameters.GatewayAsn ?? null,
    tags: readTags(parameters.Tags),
  };
}

function readNetwork(type: 'VPC' | 'CCN', id: string): Pick<NewDirectConnectGateway, 'network' | 'vpcId' | 'ccnId'> {
  if (type === 'VPC') {
    if (!isResourceId('vpc', id)) return malformed('the id of a VPC, vpc-…, is expected');
    return { network: 'vpc', vpcId: id, ccnId: null };
  }
  if (id === '') return { network: 'ccn', vpcId: null, ccnId: null };
  if (!isResourceId('ccn', id)) return malformed('the id of a CCN, ccn-…, is expected');
  return { network: 'ccn', vpcId: null, ccnId: id };
}

function malformed(rule: string): never {
  return reject('malformed-value', { name: 'NetworkInstanceId', rule });
}

/**
 * Zone stays null: terraform writes it over its own mode_type (docs/spec/actions.md, DescribeDirectConnectGateways).
 */
function wireGateway(gateway: DirectConnectGatewayView) {
  return {
    DirectConnectGatewayId: gateway.id,
    DirectConnectGatewayName: gateway.name,
    VpcId: gateway.vpcId ?? '',
    NetworkType: gateway.network.toUpperCase(),
    NetworkInstanceId: gateway.vpcId ?? gateway.ccnId ?? '',
    GatewayType: 'NORMAL',
    CreateTime: wireTime(gateway.createdAt),
    DirectConnectGatewayIp: gateway.lineAddress,
    CcnId: gateway.ccnId ?? '',
    CcnRouteType: 'STATIC',
    EnableBGP: false,
    EnableBGPCommunity: false,
    NatGatewayId: '',
    VXLANSupport: [],
    ModeType: gateway.modeType,
    LocalZone: false,
    Zone: null,
    EnableFlowDetails: 0,
    FlowDetailsUpdateTime: '',
    NewAfc: 0,
    AccessNetworkType: '',
    HaZoneList: [],
    GatewayAsn: gateway.asn ?? 0,
  };
}
