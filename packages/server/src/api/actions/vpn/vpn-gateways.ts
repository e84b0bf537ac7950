import { prepaidRequest, vpnGatewayActions, type WireVpnGateway } from '@landbridge/catalogue/vpn/vpn-gateways';
import type { RequestOf } from '@landbridge/catalogue/action-definition';
import type { Static } from 'typebox';
import { bandwidths } from '../../../domain/vpn/bandwidth.ts';
import { isResourceId } from '../../../domain/resource-id.ts';
import type { VpnGateway } from '../../../domain/vpn/vpn-gateway.ts';
import type { Services } from '../../../services/create-services.ts';
import type { NewVpnGateway, VpnGatewayView } from '../../../services/vpn/vpn-gateways.ts';
import type { Handlers } from '../../action.ts';
import { describing } from '../../describe-action.ts';
import { reject } from '../../protocol/api-error.ts';
import { equals } from '../../wire/row-selection.ts';
import { defined, noTime, readTags, wireTags, wireTime } from '../../wire/wire-values.ts';

/** VPN gateways (docs/spec/actions.md section 1.1). */

const wireRenewFlags = {
  'auto-renew': 'NOTIFY_AND_AUTO_RENEW',
  'manual-renew': 'NOTIFY_AND_MANUAL_RENEW',
  'no-renew': 'NOT_NOTIFY_AND_NOT_RENEW',
} as const satisfies Record<VpnGateway['renewFlag'], string>;

/** By the number that SetVpnGatewaysRenewFlag takes. */
const renewFlagsByNumber: readonly VpnGateway['renewFlag'][] = ['manual-renew', 'auto-renew', 'no-renew'];

export function vpnGatewayHandlers({ vpnGateways }: Services): Handlers<typeof vpnGatewayActions> {
  return {
    CreateVpnGateway: async (caller, parameters) => {
      const gateway = await vpnGateways.create(caller, readGateway(parameters));
      return { VpnGateway: wireVpnGateway(gateway) };
    },
    DescribeVpnGateways: describing(vpnGatewayActions.DescribeVpnGateways, {
      list: (caller, ids) => vpnGateways.list(caller, ids),
      idOf: ({ id }) => id,
      filters: {
        'vpc-id': equals(({ vpcId }) => vpcId ?? ''),
        'vpn-gateway-id': equals(({ id }) => id),
        'vpn-gateway-name': equals(({ name }) => name),
        type: equals(wireType),
        'public-ip-address': equals(({ publicAddress }) => publicAddress),
        'renew-flag': equals(({ renewFlag }) => wireRenewFlags[renewFlag]),
        zone: equals((gateway) => gateway.zone),
      },
      show: async (page) => (await vpnGateways.view(page)).map(wireVpnGateway),
    }),
    ModifyVpnGatewayAttribute: async (caller, parameters) => {
      const changes = defined({
        name: parameters.VpnGatewayName,
        prepaid: parameters.InstanceChargeType === undefined ? undefined : false,
        bgpAsn: parameters.BgpAsn,
        maxConnections: parameters.MaxConnection,
      });
      await vpnGateways.modify(caller, parameters.VpnGatewayId, changes);
      return {};
    },
    DeleteVpnGateway: async (caller, { VpnGatewayId: id }) => {
      await vpnGateways.remove(caller, id);
      return {};
    },
    ResetVpnGatewayInternetMaxBandwidth: async (caller, parameters) => {
      await vpnGateways.setBandwidth(caller, parameters.VpnGatewayId, parameters.InternetMaxBandwidthOut);
      return {};
    },
    SetVpnGatewaysRenewFlag: async (caller, parameters) => {
      const renewFlag = renewFlagsByNumber[parameters.AutoRenewFlag] ?? 'manual-renew';
      await vpnGateways.setRenewFlag(caller, parameters.VpnGatewayIds, renewFlag);
      return {};
    },
    RenewVpnGateway: async (caller, parameters) => {
      await vpnGateways.renew(caller, parameters.VpnGatewayId, readRenewFlag(parameters.InstanceChargePrepaid));
      return {};
    },
  };
}

function readGateway(parameters: RequestOf<typeof vpnGatewayActions.CreateVpnGateway>): NewVpnGateway {
  const { VpcId: vpcId, Type: type = 'IPSEC', InstanceChargePrepaid: prepaidOptions } = parameters;
  if (type === 'SSL' || type === 'SSL_CCN') {
    reject('feature-not-built', {
      name: 'Type',
      feature: { en: `remote access by SSL VPN (type ${type})`, zh: `SSL VPN 远程接入（类型 ${type}）` },
    });
  }
  const prepaid = parameters.InstanceChargeType === 'PREPAID';
  if (prepaid && prepaidOptions === undefined) reject('missing-parameter', { name: 'InstanceChargePrepaid' });
  return {
    name: parameters.VpnGatewayName,
    ...readNetworkSide(type, vpcId),
    bandwidthMbps: parameters.InternetMaxBandwidthOut,
    zone: parameters.Zone ?? '',
    prepaid,
    renewFlag: readRenewFlag(prepaidOptions),
    bgpAsn: parameters.BgpAsn ?? null,
    maxConnections: parameters.MaxConnection ?? null,
    tags: readTags(parameters.Tags),
  };
}

function readNetworkSide(type: 'IPSEC' | 'CCN', vpcId: string): Pick<NewVpnGateway, 'kind' | 'vpcId'> {
  if (type === 'CCN') {
    if (vpcId !== '') reject('gateway-takes-no-vpc', { type });
    return { kind: 'ccn', vpcId: null };
  }
  if (vpcId === '') reject('gateway-needs-vpc', { type });
  if (!isResourceId('vpc', vpcId)) {
    reject('malformed-value', {
      name: 'VpcId',
      rule: { en: 'vpc- and 8 lower-case letters or digits are expected', zh: '应为 vpc- 加 8 位小写字母或数字' },
    });
  }
  return { kind: 'vpc', vpcId };
}

/**
 * The flag of a postpaid gateway means nothing, but terraform wants to read this one (docs/spec/actions.md,
 * CreateVpnGateway).
 */
function readRenewFlag(options: Static<typeof prepaidRequest> | undefined): VpnGateway['renewFlag'] {
  return options?.RenewFlag === 'NOTIFY_AND_MANUAL_RENEW' ? 'manual-renew' : 'auto-renew';
}

function wireType({ kind }: VpnGateway): 'IPSEC' | 'CCN' {
  return kind === 'vpc' ? 'IPSEC' : 'CCN';
}

/** docs/spec/actions.md, VpnGatewayQuota. */
const bandwidthNames = [
  'cdmini',
  'cdsmall',
  'cdmiddle',
  'cdlarge',
  'cdsuperLarge',
  'cdsuperLarge2',
  'cdsuperLarge3',
  'cdsuperLarge4',
  'cdsuperLarge5',
];

function wireVpnGateway(gateway: VpnGatewayView): WireVpnGateway {
  return {
    VpnGatewayId: gateway.id,
    VpcId: gateway.vpcId ?? '',
    VpnGatewayName: gateway.name,
    Type: wireType(gateway),
    State: gateway.isApplied ? 'AVAILABLE' : 'PENDING',
    PublicIpAddress: gateway.publicAddress,
    RenewFlag: wireRenewFlags[gateway.renewFlag],
    InstanceChargeType: gateway.prepaid ? 'PREPAID' : 'POSTPAID_BY_HOUR',
    InternetMaxBandwidthOut: gateway.bandwidthMbps,
    CreatedTime: wireTime(gateway.createdAt),
    ExpiredTime: noTime,
    IsAddressBlocked: false,
    NewPurchasePlan: '',
    RestrictState: 'NORMAL',
    Zone: gateway.zone,
    VpnGatewayQuotaSet: bandwidths.map((bandwidth, index) => {
      return { Bandwidth: bandwidth, Cname: `${bandwidth}M`, Name: bandwidthNames[index] ?? '' };
    }),
    Version: '4.0',
    NetworkInstanceId: gateway.ccnId ?? '',
    CdcId: '',
    MaxConnection: gateway.maxConnections ?? 0,
    BgpAsn: gateway.bgpAsn ?? 0,
    TagSet: wireTags(gateway.tags),
  };
}
