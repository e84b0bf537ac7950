import { Type } from 'typebox';
import { describeDropReason } from '../../../domain/operator/dropped-packets.ts';
import type { Services } from '../../../services/create-services.ts';
import type { DropView } from '../../../services/vpn/source-checks.ts';
import { action, type Action } from '../../action.ts';
import { filterList, idOf, object, paging } from '@landbridge/catalogue/schema/request-schemas';
import { equals, selectRows, type SelectionRules } from '../../wire/row-selection.ts';

/** Sources of packets: whether they are checked, and what the check has dropped (service landbridge, docs/adr/0019). */
const modifyRequest = object({ VpnGatewayId: idOf('vpngw'), SourceCheck: Type.Boolean() });
const describeRequest = object({ Filters: filterList(), ...paging() });

const selection: SelectionRules<DropView> = {
  filters: {
    'resource-id': equals(({ entrance }) => entrance),
    'vpn-gateway-id': equals(({ vpnGatewayId }) => vpnGatewayId ?? ''),
    reason: equals(({ reason }) => wireReason(reason)),
  },
};

export function sourceCheckActions({ sourceChecks }: Services): Action[] {
  return [
    action('ModifyVpnGatewaySourceCheck', modifyRequest, async (caller, { VpnGatewayId, SourceCheck }) => {
      await sourceChecks.set(caller, VpnGatewayId, SourceCheck);
      return {};
    }),
    action('DescribeDroppedPackets', describeRequest, async (caller, parameters) => {
      const { total, page } = selectRows(await sourceChecks.listDrops(caller), parameters, selection);
      return { TotalCount: total, DroppedPacketSet: page.map(wireDrops) };
    }),
  ];
}

/** Counts since the resource's packet filter was first made; at most half a minute old. */
function wireDrops({ entrance, vpnGatewayId, reason, packets, bytes }: DropView) {
  return {
    ResourceId: entrance,
    VpnGatewayId: vpnGatewayId ?? '',
    Reason: wireReason(reason),
    Message: describeDropReason(reason),
    Packets: packets,
    Bytes: bytes,
  };
}

/** `unrouted-source` → `UNROUTED_SOURCE`. */
function wireReason(reason: DropView['reason']): string {
  return reason.toUpperCase().replaceAll('-', '_');
}
