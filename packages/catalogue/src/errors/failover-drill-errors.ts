import type { ErrorEntry } from './error-entry.ts';

/** What DrillFailover refuses. */
export const failoverDrillErrors = {
  'drill-other-way': {
    code: 'UnsupportedOperation.InvalidState',
    en: '`DestinationAddress`: packets to `{address}` do not pass `{id}` now, so nothing of a failover could be measured. TracePath tells which way they go.',
    zh: '`DestinationAddress`：发往 `{address}` 的报文当前不经过 `{id}`，无法测量切换。可用 TracePath 查看路径。',
  },
  'drill-not-used': {
    code: 'UnsupportedOperation.InvalidState',
    en: '`VpnConnectionId`: the routes of `{id}` are not used now. Drill a tunnel that works.',
    zh: '`VpnConnectionId`：`{id}` 的路由当前未被使用。请选择正常工作的通道。',
  },
  'drill-no-standby': {
    code: 'UnsupportedOperation.InvalidState',
    en: '`VpnConnectionId`: beside `{id}` no other tunnel of its gateway is known to work that leads to the same ranges. A drill would be an outage.',
    zh: '`VpnConnectionId`：网关上没有其他正常且指向相同网段的通道可替代 `{id}`，演练将造成中断。',
  },
  'drill-unanswered': {
    code: 'UnsupportedOperation.InvalidState',
    en: '`DestinationAddress`: `{address}` answers no pings, so nothing could be measured. Name a host that does.',
    zh: '`DestinationAddress`：`{address}` 不应答 ICMP 回显请求，无法测量。请指定会应答的主机。',
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
