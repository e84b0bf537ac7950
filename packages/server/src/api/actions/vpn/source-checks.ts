import {
  sourceCheckActions,
  type WireDroppedPackets,
  type WireDropReason,
} from '@landbridge/catalogue/vpn/source-checks';
import { describeDropReason, type DropReason } from '../../../domain/operator/dropped-packets.ts';
import type { Services } from '../../../services/create-services.ts';
import type { DropView } from '../../../services/vpn/source-checks.ts';
import type { Handlers } from '../../action.ts';
import { describing } from '../../describe-action.ts';
import { equals } from '../../wire/row-selection.ts';

/** Sources of packets: whether they are checked, and what the check has dropped (service landbridge, docs/adr/0019). */

const wireReasons = {
  'outside-vpc': 'OUTSIDE_VPC',
  'others-source': 'OTHERS_SOURCE',
  'network-source': 'NETWORK_SOURCE',
  'unrouted-source': 'UNROUTED_SOURCE',
  'outside-mappings': 'OUTSIDE_MAPPINGS',
  unmapped: 'UNMAPPED',
  'outside-ranges': 'OUTSIDE_RANGES',
  ipv6: 'IPV6',
} as const satisfies Record<DropReason, WireDropReason>;

export function sourceCheckHandlers({ sourceChecks }: Services): Handlers<typeof sourceCheckActions> {
  return {
    ModifyVpnGatewaySourceCheck: async (caller, { VpnGatewayId, SourceCheck }) => {
      await sourceChecks.set(caller, VpnGatewayId, SourceCheck);
      return {};
    },
    DescribeDroppedPackets: describing(sourceCheckActions.DescribeDroppedPackets, {
      list: (caller) => sourceChecks.listDrops(caller),
      show: (page) => page.map(wireDrops),
      filters: {
        'resource-id': equals(({ entrance }) => entrance),
        'vpn-gateway-id': equals(({ vpnGatewayId }) => vpnGatewayId ?? ''),
        reason: equals(({ reason }) => wireReasons[reason]),
      },
    }),
  };
}

/** Counts since the resource's packet filter was first made; at most half a minute old. */
function wireDrops({ entrance, vpnGatewayId, reason, packets, bytes }: DropView): WireDroppedPackets {
  return {
    ResourceId: entrance,
    VpnGatewayId: vpnGatewayId ?? '',
    Reason: wireReasons[reason],
    Message: describeDropReason(reason),
    Packets: packets,
    Bytes: bytes,
  };
}
