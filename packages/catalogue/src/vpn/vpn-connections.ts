import { Type, type Static } from 'typebox';
import { changes, reads } from '../action-definition.ts';
import type { ErrorReason } from '../errors/error-registry.ts';
import { about } from '../schema/about.ts';
import {
  anyText,
  filterList,
  idList,
  idOf,
  integer,
  list,
  maybe,
  nameInCharacters,
  object,
  oneOf,
  oneOfNumbers,
  paging,
  secret,
  tagList,
  text,
} from '../schema/request-schemas.ts';
import { anyOf, nothing, page, tags, time } from '../schema/response-schemas.ts';
import { tagErrors } from '../tag/tag-errors.ts';
import { espOptions, espRequest, ikeOptions, ikeRequest } from './negotiation.ts';

/** Tunnels (docs/spec/actions.md section 1.3). */

const bgpConfig = object({
  TunnelCidr: about(text(), 'A /30.'),
  LocalBgpIp: about(text(), 'The address of the gateway in it.'),
  RemoteBgpIp: about(text(), 'The address of the peer in it.'),
});

/**
 * Far above any quota that an operator may set: quotas answer with a message of their own, this one keeps a request
 * within reason.
 */
const mostRanges = 1000;
const policyList = () =>
  maybe(
    about(
      list(
        object({
          LocalCidrBlock: about(text(), 'A range on the side of the gateway.'),
          RemoteCidrBlock: about(list(text(), mostRanges), 'Ranges behind the peer.'),
        }),
        mostRanges,
      ),
      'What passes; host bits are shown as given and count as cleared. 0.0.0.0/0 on both sides means destination routing.',
    ),
  );

const probeAddress = (whose: string) =>
  maybe(about(text(), `Of ${whose}; from 169.254.128.0/17 unless given. Empty and \`0.0.0.0\` count as not given.`));

const negotiationType = oneOf('active', 'passive', 'flowTrigger');
export type WireNegotiationType = Static<typeof negotiationType>;

/** What both creation and change take. */
const negotiation = () => ({
  SecurityPolicyDatabases: policyList(),
  IKEOptionsSpecification: maybe(about(ikeRequest, 'Options of the IKE_SA.')),
  IPSECOptionsSpecification: maybe(about(espRequest, 'Options of the CHILD_SAs.')),
  EnableHealthCheck: maybe(
    about(Type.Boolean(), 'Probes the peer through the tunnel. Only with destination routing; a new tunnel has none.'),
  ),
  HealthCheckLocalIp: probeAddress('the gateway'),
  HealthCheckRemoteIp: probeAddress('the peer'),
  NegotiationType: maybe(
    about(
      negotiationType,
      'Who begins: the gateway at once, the peer, or the gateway with the first packet. active for a new tunnel.',
    ),
  ),
  DpdEnable: maybe(about(oneOfNumbers([0, 1]), 'Dead peer detection: 1 on, 0 off.')),
  DpdTimeout: maybe(
    about(
      Type.Unsafe<string>({
        type: 'string',
        pattern: '^[0-9]{1,4}$',
        means: { en: 'a number of seconds is expected', zh: '应为秒数' },
        lenient: true,
      }),
      'Seconds without an answer until the peer counts as dead: 5 to 3600; 30 for a new tunnel.',
    ),
  ),
  DpdAction: maybe(
    about(oneOf('clear', 'restart'), 'Then: drop the SAs, or negotiate anew. restart for a new tunnel.'),
  ),
  BgpConfig: maybe(about(bgpConfig, 'Refused: no BGP is spoken.')),
  HealthCheckConfig: maybe(
    about(
      object({
        ProbeType: maybe(about(oneOf('NQA'), 'The only one there is.')),
        // The product's lower bound is 1000 ms.
        ProbeInterval: maybe(about(integer(100, 5000), 'Milliseconds from probe to probe; 5000 for a new tunnel.')),
        ProbeThreshold: maybe(
          about(integer(3, 8), 'Unanswered probes in a row that fail the tunnel; 3 for a new one.'),
        ),
        ProbeTimeout: maybe(about(integer(10, 5000), 'Milliseconds that an answer has; 150 for a new tunnel.')),
      }),
      'How the health check probes.',
    ),
  ),
});

/** What creation and change refuse alike. */
const negotiationErrors: readonly ErrorReason[] = [
  'not-found',
  'feature-not-built',
  'algorithm-unsupported',
  'quota-reached',
  'vpn-connection-pair-exists',
  'peer-is-gateway-itself',
  'peer-address-is-probed',
  'address-is-ours',
  'policy-local-overlaps-remote',
  'policy-remote-inside-vpc',
  'policy-remotes-overlap',
  'policy-conflict',
  'aead-needs-ikev2',
  'local-name-missing',
  'identity-is-pattern',
  'pre-shared-key-ambiguous',
  'pre-shared-key-masked',
  'health-check-needs-destination-routing',
  'health-check-addresses-equal',
  'health-check-address-is-public',
  'health-check-address-not-private',
  'health-check-address-in-range',
  'health-check-address-taken',
  'health-check-no-address-left',
];

const preSharedKey = () =>
  about(secret(anyText()), 'The same on both sides: 1 to 1024 bytes of any text without line breaks and NUL.');

const routeType = oneOf('STATIC', 'StaticRoute', 'Policy');
export type WireRouteType = Static<typeof routeType>;

const vpnConnection = object({
  VpnConnectionId: idOf('vpnx'),
  VpnConnectionName: Type.String(),
  VpcId: about(Type.String(), 'The VPC of its gateway; empty for a gateway of type CCN.'),
  VpnGatewayId: idOf('vpngw'),
  CustomerGatewayId: idOf('cgw'),
  PreShareKey: about(secret(Type.String()), 'In clear.'),
  VpnProto: oneOf('IPSEC'),
  EncryptProto: oneOf('IKE'),
  RouteType: about(routeType, 'As given. What was left out is Policy with policies, and StaticRoute without.'),
  CreatedTime: time(),
  State: about(
    oneOf('PENDING', 'AVAILABLE'),
    'AVAILABLE once its newest change is in force. It tells nothing of the peer.',
  ),
  NetStatus: about(oneOf('AVAILABLE', 'UNAVAILABLE'), 'Whether it is negotiated with the peer.'),
  SecurityPolicyDatabaseSet: about(
    anyOf(object({ LocalCidrBlock: Type.String(), RemoteCidrBlock: anyOf(Type.String()) })),
    'What passes. Destination routing shows 0.0.0.0/0 on both sides with RouteType StaticRoute, or when it was given so; else nothing.',
  ),
  IKEOptionsSpecification: ikeOptions,
  IPSECOptionsSpecification: espOptions,
  EnableHealthCheck: Type.Boolean(),
  HealthCheckLocalIp: about(Type.String({ format: 'ipv4' }), '0.0.0.0 for none.'),
  HealthCheckRemoteIp: about(Type.String({ format: 'ipv4' }), '0.0.0.0 for none.'),
  HealthCheckStatus: maybe(
    about(oneOf('AVAILABLE', 'UNAVAILABLE'), 'Whether the peer answers. Not there without a health check.'),
  ),
  DpdEnable: about(oneOfNumbers([0, 1]), '1: on.'),
  DpdTimeout: about(Type.String({ pattern: '^[0-9]+$' }), 'Seconds, as text.'),
  DpdAction: oneOf('clear', 'restart'),
  TagSet: tags(),
  NegotiationType: negotiationType,
  BgpConfig: about(Type.Null(), 'Always null: no BGP is spoken.'),
  HealthCheckConfig: object({
    ProbeType: oneOf('NQA'),
    ProbeInterval: about(Type.Integer(), 'Milliseconds.'),
    ProbeThreshold: Type.Integer(),
    ProbeTimeout: about(Type.Integer(), 'Milliseconds.'),
  }),
});
/** A tunnel as replies show it. */
export type WireVpnConnection = Static<typeof vpnConnection>;

export const vpnConnectionActions = {
  CreateVpnConnection: changes({
    summary: {
      en: 'Creates a tunnel between a VPN gateway and a customer gateway.',
      zh: '在 VPN 网关与对端网关之间创建通道。',
    },
    completes: 'later',
    request: object({
      VpnGatewayId: idOf('vpngw'),
      CustomerGatewayId: idOf('cgw'),
      VpnConnectionName: nameInCharacters(),
      PreShareKey: preSharedKey(),
      VpcId: maybe(about(text(), 'The VPC of the gateway. It goes without saying; another one is refused.')),
      Tags: tagList(),
      RouteType: maybe(
        about(
          oneOf('STATIC', 'StaticRoute', 'Policy', 'Bgp'),
          'Policy: what the policies name passes. StaticRoute: the route table of the gateway decides, and policies are ignored. STATIC, or nothing: the policies if there are any. Bgp is refused. It never changes.',
        ),
      ),
      Route: maybe(
        about(
          object({
            DestinationCidrBlock: about(text(), 'A range behind the peer.'),
            Priority: maybe(about(oneOfNumbers([0, 100]), '0 comes first.')),
            Description: maybe(about(text(), 'For people.')),
          }),
          'Refused: CreateVpnGatewayRoutes makes routes.',
        ),
      ),
      ...negotiation(),
    }),
    response: object({ VpnConnection: vpnConnection }),
    errors: [
      ...negotiationErrors,
      'policies-missing',
      'vpn-gateway-vpc-mismatch',
      'vpn-gateway-not-available',
      'no-if-id-left',
      'host-full',
      ...tagErrors,
    ],
  }),
  DescribeVpnConnections: reads({
    summary: { en: 'Lists tunnels, by ids or by filters.', zh: '按 ID 或过滤条件查询通道列表。' },
    request: object({ VpnConnectionIds: idList('vpnx'), Filters: filterList(10, 5), ...paging() }),
    response: page('VpnConnectionSet', vpnConnection),
    filters: {
      'vpc-id': 'the VPC',
      'vpn-gateway-id': 'the VPN gateway',
      'customer-gateway-id': 'the customer gateway',
      'vpn-connection-name': 'the name',
      'vpn-connection-id': 'the id',
    },
  }),
  ModifyVpnConnectionAttribute: changes({
    summary: {
      en: 'Changes a tunnel. What is left out stays as it is.',
      zh: '修改通道，未指定的参数保持不变。',
    },
    completes: 'later',
    request: object({
      VpnConnectionId: idOf('vpnx'),
      VpnConnectionName: maybe(nameInCharacters()),
      PreShareKey: maybe(preSharedKey()),
      CustomerGatewayId: maybe(idOf('cgw')),
      ...negotiation(),
    }),
    response: nothing(),
    errors: [...negotiationErrors, 'policies-with-gateway-routes'],
  }),
  DeleteVpnConnection: changes({
    summary: { en: 'Deletes a tunnel that no gateway route leads into.', zh: '删除没有网关路由指向的通道。' },
    completes: 'later',
    request: object({ VpnGatewayId: idOf('vpngw'), VpnConnectionId: idOf('vpnx') }),
    response: nothing(),
    errors: ['not-found', 'vpn-connection-in-use'],
  }),
  ResetVpnConnection: changes({
    summary: {
      en: 'Drops the SAs of a tunnel and negotiates anew; its traffic is interrupted.',
      zh: '清除通道的 SA 并重新协商，期间流量会中断。',
    },
    completes: 'later',
    request: object({ VpnGatewayId: idOf('vpngw'), VpnConnectionId: idOf('vpnx') }),
    response: nothing(),
    errors: ['not-found'],
  }),
  GenerateVpnConnectionDefaultHealthCheckIp: reads({
    summary: {
      en: 'Proposes two free addresses for the health check of a tunnel. They are not reserved.',
      zh: '为通道的健康检查推荐一对空闲地址（不会预留）。',
    },
    request: object({ VpnGatewayId: idOf('vpngw') }),
    response: object({
      HealthCheckLocalIp: about(Type.String({ format: 'ipv4' }), 'For the gateway.'),
      HealthCheckRemoteIp: about(Type.String({ format: 'ipv4' }), 'For the peer.'),
    }),
    errors: ['not-found', 'health-check-no-address-left'],
  }),
};
