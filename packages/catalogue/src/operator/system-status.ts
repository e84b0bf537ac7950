import { Type, type Static } from 'typebox';
import { reads } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import { idOf, object, oneOf } from '../schema/request-schemas.ts';
import { tunnelState } from './tunnel-state.ts';
import { anyOf, count, orNull, time } from '../schema/response-schemas.ts';

/** One picture of the whole (service landbridge). */

const healthCheck = object({
  State: about(oneOf('UNKNOWN', 'AVAILABLE', 'UNAVAILABLE'), 'UNKNOWN: no probe was answered yet.'),
  Sent: about(count(), 'Probes of the last minute.'),
  Lost: about(count(), 'Not answered in time, those that could not be sent included.'),
  NotSent: about(count(), 'Those that could not be sent.'),
  DelayMs: about(orNull(Type.Number()), 'The mean time to the answer, milliseconds; null without answers.'),
  IntervalMs: about(Type.Number(), 'How often it is probed in fact, milliseconds.'),
});

const tunnel = object({
  VpnConnectionId: idOf('vpnx'),
  ...tunnelState,
  Notes: about(anyOf(Type.String()), 'What was asked for and may not be what was meant, for people.'),
  NetStatus: about(oneOf('AVAILABLE', 'UNAVAILABLE'), 'AVAILABLE: all CHILD_SAs are installed.'),
  IkeEstablished: Type.Boolean(),
  Children: about(anyOf(object({ Name: Type.String(), Installed: Type.Boolean() })), 'Its CHILD_SAs.'),
  LastError: about(Type.String(), 'For people; empty for none.'),
  ChangedAt: about(Type.String(), 'UTC, `YYYY-MM-DD HH:MM:SS`; empty while nothing was seen of it.'),
  Usable: about(Type.Boolean(), 'Its routes are used and announced.'),
  Fault: about(oneOf('', 'no-child-sa', 'probe', 'hold-down'), 'Why they are not.'),
  HealthCheck: about(orNull(healthCheck), 'Null without a health check.'),
});

const gateway = object({
  VpnGatewayId: idOf('vpngw'),
  SourceCheck: about(Type.Boolean(), 'What comes out of its tunnels from elsewhere than behind them is dropped.'),
  Generation: about(Type.Integer(), 'Since which its plan is as it is.'),
  Applied: about(Type.Integer({ minimum: -1 }), 'Of the plan carried out last; -1 before the first.'),
  Error: about(Type.String(), 'What of the newest plan is not applied, for people; empty when all of it is.'),
  Tunnels: anyOf(tunnel),
});

const uplink = object({
  Mode: oneOf('routed', 'bridged', 'nat'),
  Device: about(Type.String(), 'The device of the host.'),
  PathMtu: about(Type.Integer(), 'Bytes.'),
  Addresses: about(count(), 'Public addresses for gateways.'),
  Free: about(count(), 'Those that no gateway has.'),
});

const room = object({
  More: about(orNull(count()), 'How many more the host carries; null where nothing ends that is known.'),
  EndsBy: about(Type.String(), 'The resource that ends first; empty where none does.'),
  Reason: about(Type.String(), 'How much of it there is, what one more takes and what to do, for people.'),
});

const amount = () => Type.Number({ minimum: 0 });
const capacity = object({
  VpnGateways: room,
  VpnConnections: room,
  Resources: about(
    anyOf(
      object({
        Resource: about(Type.String(), '`memory`, `netnsd-files` and such.'),
        Name: about(Type.String(), 'For people.'),
        Limit: about(amount(), 'Bytes of memory; of everything else how many.'),
        Kept: about(amount(), 'Of the limit: left to everything else on the host.'),
        Used: about(amount(), 'With what all that was made by now will use.'),
        PerVpnGateway: about(amount(), 'What one more takes.'),
        PerVpnConnection: about(amount(), 'What one more takes.'),
      }),
    ),
    'What gateways and tunnels take a part of, as far as the host tells.',
  ),
});

const condition = object({
  Name: Type.String(),
  Ok: Type.Boolean(),
  Message: about(Type.String(), 'What is wrong and what to do; empty when nothing is.'),
});

const status = object({
  Version: Type.String(),
  DataPlane: about(oneOf('kernel', 'uxfrm', 'none'), 'What carries packets.'),
  DataPlaneReason: about(Type.String(), 'Why it is that; empty for others than administrators.'),
  StartedAt: time(),
  LoopLagMs: about(
    orNull(Type.Number()),
    'The longest time of the last minute that the event loop came too late, milliseconds; null for others than administrators.',
  ),
  Uplink: about(orNull(uplink), 'Null without an uplink, and for others than administrators.'),
  Capacity: about(
    orNull(capacity),
    'How many more gateways and tunnels the host carries; null where it is not known, and for others than administrators.',
  ),
  Counts: object({
    Vpcs: count(),
    Subnets: count(),
    VpnGateways: count(),
    CustomerGateways: count(),
    VpnConnections: count(),
  }),
  Gateways: about(anyOf(gateway), 'Of every account for administrators, otherwise your own.'),
  Conditions: about(anyOf(condition), 'Facts about the host and the program; none for others than administrators.'),
});
export type WireGatewayStatus = Static<typeof gateway>;
export type WireTunnelStatus = Static<typeof tunnel>;
export type WireHealthCheck = Static<typeof healthCheck>;
export type WireCapacity = Static<typeof capacity>;
export type WireRoom = Static<typeof room>;
export type WireUplink = Static<typeof uplink>;
export type WireCondition = Static<typeof condition>;

export const systemStatusActions = {
  DescribeSystemStatus: reads({
    summary: {
      en: 'Shows gateways and tunnels of every region with their states, and for administrators the host.',
      zh: '查询所有地域的网关与通道状态；管理员还可查看主机状态。',
    },
    request: object({}),
    response: status,
  }),
};
