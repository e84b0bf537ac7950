import type { RequestOf } from '@landbridge/catalogue/action-definition';
import {
  directConnectGatewayActions,
  type WireDirectConnectGateway,
} from '@landbridge/catalogue/direct-connect/direct-connect-gateways';
import type { Words } from '../../../domain/refusal.ts';
import { isResourceId } from '../../../domain/resource-id.ts';
import type { Services } from '../../../services/create-services.ts';
import type {
  DirectConnectGatewayView,
  NewDirectConnectGateway,
} from '../../../services/direct-connect/direct-connect-gateways.ts';
import type { Handlers } from '../../action.ts';
import { describing } from '../../describe-action.ts';
import { reject } from '../../protocol/api-error.ts';
import { contains, equals } from '../../wire/row-selection.ts';
import { defined, readTags, wireTime } from '../../wire/wire-values.ts';

/** Direct Connect gateways (docs/spec/actions.md section 2.10). */

type NewGatewayParameters = RequestOf<typeof directConnectGatewayActions.CreateDirectConnectGateway>;

export function directConnectGatewayHandlers({
  directConnectGateways,
}: Services): Handlers<typeof directConnectGatewayActions> {
  return {
    CreateDirectConnectGateway: async (caller, parameters) => {
      const gateway = await directConnectGateways.create(caller, readGateway(parameters));
      return { DirectConnectGateway: wireGateway(gateway) };
    },
    DescribeDirectConnectGateways: describing(directConnectGatewayActions.DescribeDirectConnectGateways, {
      list: (caller, ids) => directConnectGateways.list(caller, ids),
      idOf: ({ id }) => id,
      filters: {
        'direct-connect-gateway-id': equals(({ id }) => id),
        'direct-connect-gateway-name': contains(({ name }) => name),
        'direct-connect-gateway-ip': equals(({ lineAddress }) => lineAddress),
        'gateway-type': equals(() => 'NORMAL'),
        'network-type': equals(wireNetworkType),
        'ccn-id': equals(({ ccnId }) => ccnId ?? ''),
        'vpc-id': equals(({ vpcId }) => vpcId ?? ''),
      },
      show: (page) => page.map(wireGateway),
    }),
    ModifyDirectConnectGatewayAttribute: async (caller, parameters) => {
      if (parameters.CcnRouteType === 'BGP') {
        reject('feature-not-built', {
          name: 'CcnRouteType',
          feature: { en: 'BGP on Direct Connect gateways', zh: '专线网关的 BGP' },
        });
      }
      const changes = defined({ name: parameters.DirectConnectGatewayName, modeType: parameters.ModeType });
      await directConnectGateways.modify(caller, parameters.DirectConnectGatewayId, changes);
      return {};
    },
    DeleteDirectConnectGateway: async (caller, { DirectConnectGatewayId: id }) => {
      await directConnectGateways.remove(caller, id);
      return {};
    },
  };
}

function readGateway(parameters: NewGatewayParameters): NewDirectConnectGateway {
  if (parameters.GatewayType === 'NAT') {
    reject('feature-not-built', {
      name: 'GatewayType',
      feature: { en: 'a Direct Connect gateway with NAT', zh: 'NAT 类型的专线网关' },
    });
  }
  return {
    name: parameters.DirectConnectGatewayName,
    ...readNetwork(parameters.NetworkType, parameters.NetworkInstanceId ?? ''),
    modeType: parameters.ModeType ?? 'standard',
    asn: readAsn(parameters.GatewayAsn),
    tags: readTags(parameters.Tags),
  };
}

/** The vendor's own, and those for private use (RFC 6996). */
const gatewayAsns = [
  [45_090, 45_090],
  [64_512, 65_534],
  [4_200_000_000, 4_294_967_294],
] as const;

function readAsn(asn: number | undefined): number | null {
  if (asn === undefined || gatewayAsns.some(([from, to]) => asn >= from && asn <= to)) return asn ?? null;
  const ranges = gatewayAsns.map(([from, to]) => (from === to ? from : `${from}-${to}`)).join(', ');
  const rule = { en: `must be one of ${ranges}`, zh: `应为 ${ranges} 之一` };
  return reject('value-out-of-range', { name: 'GatewayAsn', rule });
}

function readNetwork(
  type: NewGatewayParameters['NetworkType'],
  id: string,
): Pick<NewDirectConnectGateway, 'network' | 'vpcId' | 'ccnId'> {
  if (type === 'VPC') {
    if (!isResourceId('vpc', id))
      return malformed({ en: 'the id of a VPC, vpc-…, is expected', zh: '应为私有网络 ID（vpc-…）' });
    return { network: 'vpc', vpcId: id, ccnId: null };
  }
  if (id === '') return { network: 'ccn', vpcId: null, ccnId: null };
  if (!isResourceId('ccn', id))
    return malformed({ en: 'the id of a CCN, ccn-…, is expected', zh: '应为云联网 ID（ccn-…）' });
  return { network: 'ccn', vpcId: null, ccnId: id };
}

function malformed(rule: Words): never {
  return reject('malformed-value', { name: 'NetworkInstanceId', rule });
}

function wireNetworkType({ network }: DirectConnectGatewayView): WireDirectConnectGateway['NetworkType'] {
  return network === 'vpc' ? 'VPC' : 'CCN';
}

/**
 * Zone stays null: terraform writes it over its own mode_type (docs/spec/actions.md, DescribeDirectConnectGateways).
 */
function wireGateway(gateway: DirectConnectGatewayView): WireDirectConnectGateway {
  return {
    DirectConnectGatewayId: gateway.id,
    DirectConnectGatewayName: gateway.name,
    VpcId: gateway.vpcId ?? '',
    NetworkType: wireNetworkType(gateway),
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
