import { call, type Parameters } from '../calls/call.ts';
import { change } from '../changes/change.ts';
import type { Form } from '../changes/difference.ts';
import { slugs } from './addresses.ts';
import { choices } from './choices.ts';
import { formOf, requestOf, type Field, type PathOf } from './field.ts';
import { selected, type ObjectKind } from './object-kind.ts';

const fields = [
  { path: 'DirectConnectGatewayName', type: 'text', required: true },
  { path: 'ModeType', type: 'choice', choices: choices.mode },
] as const satisfies readonly (Field & { path: PathOf<Parameters<'ModifyDirectConnectGatewayAttribute'>> })[];

export const directConnectGatewayKind: ObjectKind = {
  slug: slugs.dcg,
  prefix: 'dcg',
  word: 'kinds.direct-connect-gateways',
  ...{ rows: ['directConnectGateways'], fields },
  filters: {
    ids: { dcg: 'direct-connect-gateway-id', ccn: 'ccn-id', vpc: 'vpc-id' },
    address: 'direct-connect-gateway-ip',
  },
  read: async (selection, options) => {
    const asked = selected('DirectConnectGatewayIds', selection);
    const reply = await call('DescribeDirectConnectGateways', asked, options);
    const objects = reply.DirectConnectGatewaySet.map((row) => {
      const { DirectConnectGatewayId, DirectConnectGatewayName: name, VpcId, NetworkType, CcnId } = row;
      return {
        ...{ id: DirectConnectGatewayId, name, region: options.region, summary: NetworkType, within: VpcId },
        facts: { Type: NetworkType, VpcId, CcnId, IpAddress: row.DirectConnectGatewayIp, CreatedTime: row.CreateTime },
        form: formOf(fields, row),
        save: (changed: readonly string[], draft: Form) => [
          change('ModifyDirectConnectGatewayAttribute', {
            ...requestOf(fields, changed, draft),
            DirectConnectGatewayId,
          }),
        ],
        removal: change('DeleteDirectConnectGateway', { DirectConnectGatewayId }),
      };
    });
    return { objects, total: reply.TotalCount };
  },
};
