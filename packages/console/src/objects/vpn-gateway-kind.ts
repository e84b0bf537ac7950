import { call, type Parameters } from '../calls/call.ts';
import { change } from '../changes/change.ts';
import type { Form } from '../changes/difference.ts';
import { slugs } from './addresses.ts';
import { choices } from './choices.ts';
import { formOf, requestOf, type Field, type PathOf } from './field.ts';
import { GatewayRoutes } from './gateway-routes.tsx';
import { selected, type ObjectKind } from './object-kind.ts';

type Attributes = Parameters<'ModifyVpnGatewayAttribute'>;
type Bandwidth = Parameters<'ResetVpnGatewayInternetMaxBandwidth'>;

const fields = [
  { path: 'VpnGatewayName', type: 'text', required: true },
  { path: 'BgpAsn', type: 'number' },
  { path: 'InternetMaxBandwidthOut', type: 'number-choice', choices: choices.bandwidth },
] as const satisfies readonly (Field & { path: PathOf<Attributes> | PathOf<Bandwidth> })[];

export const vpnGatewayKind: ObjectKind = {
  slug: slugs.vpngw,
  prefix: 'vpngw',
  word: 'kinds.vpn-gateways',
  rows: ['vpnGateways'],
  fields,
  filters: { ids: { vpngw: 'vpn-gateway-id', vpc: 'vpc-id' }, address: 'public-ip-address' },
  Parts: GatewayRoutes,
  read: async (selection, options) => {
    const asked = selected('VpnGatewayIds', selection);
    const { VpnGatewaySet, TotalCount } = await call('DescribeVpnGateways', asked, options);
    const objects = VpnGatewaySet.map((row) => {
      const { VpnGatewayId, VpnGatewayName: name, VpcId, Type, PublicIpAddress, NetworkInstanceId, CreatedTime } = row;
      return {
        ...{ id: VpnGatewayId, name, region: options.region, summary: PublicIpAddress, within: VpcId },
        facts: { PublicIpAddress, Type, VpcId, CcnId: NetworkInstanceId, CreatedTime },
        form: formOf(fields, row),
        // What it sends at most has a call of its own.
        save: (changed: readonly string[], draft: Form) => {
          const attributes = changed.filter((path) => path !== 'InternetMaxBandwidthOut');
          const InternetMaxBandwidthOut = Number(draft['InternetMaxBandwidthOut']);
          return [
            ...(attributes.length === 0
              ? []
              : [change('ModifyVpnGatewayAttribute', { ...requestOf(fields, attributes, draft), VpnGatewayId })]),
            ...(attributes.length === changed.length
              ? []
              : [change('ResetVpnGatewayInternetMaxBandwidth', { VpnGatewayId, InternetMaxBandwidthOut })]),
          ];
        },
        removal: change('DeleteVpnGateway', { VpnGatewayId }),
      };
    });
    return { objects, total: TotalCount };
  },
};
