import { Type, type Static } from 'typebox';
import { reads } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import { integer, maybe, object, oneOf, text } from '../schema/request-schemas.ts';
import { anyOf, count, orNull } from '../schema/response-schemas.ts';

/** The way of a packet through the network (service landbridge). */

const placeKinds = ['subnet', 'vpn-connection', 'direct-connect-gateway'] as const;

const candidate = {
  Kind: about(
    oneOf('vpc-range', 'vpc-route', 'mapping', 'gateway-route', 'announcement', 'ccn-route', 'health-check', 'ike'),
    '`vpc-range`: local to the VPC. `mapping`: a pair of ranges of an SPD tunnel. `announcement`: what its CCN tells the resource. `health-check`, `ike`: the gateway’s own packets.',
  ),
  Id: about(Type.String(), 'Of the route, or of the tunnel whose policies they are; empty where there is none.'),
  Range: about(Type.String(), 'That the destination is in; empty where ranges do not count.'),
  SourceRange: about(Type.String(), 'That the source has to be in; empty: any.'),
  Priority: about(orNull(Type.Integer()), 'Of a gateway route.'),
  NextHopId: about(Type.String(), 'What it leads to; empty where that is not told.'),
};

const rival = object({
  ...candidate,
  LostBy: about(
    oneOf(
      ...([
        'shorter-prefix',
        'lower-priority',
        'own-routes-first',
        'local-first',
        'policies-first',
        'disabled',
        'unusable',
        'not-attached',
        'overlap',
        'default-route',
        'not-announced',
        'other-ranges',
      ] as const),
    ),
    'Why it does not decide. `unusable`: its tunnel does not work now, or is held down.',
  ),
  Detail: about(Type.String(), 'Which fault the tunnel has, or which route of the CCN is in the way; often empty.'),
});
export type WireRival = Static<typeof rival>;

const hop = object({
  ResourceId: about(Type.String(), 'A VPC, VPN gateway, Direct Connect gateway or CCN.'),
  Name: about(Type.String(), 'Its name; empty for another account’s.'),
  OtherAccount: about(Type.Boolean(), 'It is another account’s: nothing is told of its inside.'),
  Decision: about(orNull(object(candidate)), 'What decided; null: nothing did, or it is not told.'),
  Rivals: about(anyOf(rival), 'What might have decided, the longest prefixes first.'),
  RivalCount: about(count(), 'How many there are.'),
});
export type WireHop = Static<typeof hop>;

const end = object({
  Kind: about(
    oneOf('subnet', 'router', 'tunnel', 'line', 'uplink', 'other-account', 'dropped'),
    '`subnet`: delivered. `router`: to the address that hosts of the subnet have as their gateway. `tunnel`: encrypted and sent to the peer. `line`: a dedicated line. `uplink`: sent as it is. `other-account`: handed over to another account’s instance.',
  ),
  ResourceId: about(
    Type.String(),
    'Where it ends: a subnet, tunnel or instance; of `dropped` who drops it. Empty where that is not told.',
  ),
  Name: Type.String(),
  Reason: about(
    oneOf(
      ...([
        '',
        'unknown',
        'not-forwardable',
        'foreign-source',
        'no-route',
        'no-subnet',
        'not-in-vpc',
        'no-mapping',
        'no-line',
        'back-to-ccn',
        'not-joined',
      ] as const),
    ),
    'Of `dropped`: why. `foreign-source`: nobody there has this source. `no-mapping`: no policy of the tunnel names it. `no-subnet`: in the VPC and in no subnet. `back-to-ccn`: what a CCN sent never goes back to it.',
  ),
  PeerAddress: about(Type.String(), 'Of `tunnel` and `uplink`: the address that it is sent to.'),
  CustomerGatewayId: about(Type.String(), 'That device.'),
  CustomerGatewayName: Type.String(),
  State: about(Type.String(), 'Of `tunnel`: its state, as DescribeTunnelHealth tells it.'),
  Findings: about(anyOf(Type.String()), 'Of `tunnel`: codes of what is wrong with it.'),
});
export type WireEnd = Static<typeof end>;

const way = object({ Hops: about(anyOf(hop), 'In turn.'), End: end });
export type WireWay = Static<typeof way>;

/** Of TracePath, and beside what packets did (ProvePath). */
export const direction = object({
  SourceAddress: Type.String(),
  DestinationAddress: Type.String(),
  FromKind: about(orNull(oneOf(...placeKinds)), 'Where it is put into the network; null: a gateway makes it.'),
  FromId: about(Type.String(), 'Empty where a gateway makes it.'),
  Ways: about(anyOf(way), 'Several where a multipath route decides; a flow takes one of them.'),
  WayCount: about(count(), 'How many there are.'),
});
export type WireDirection = Static<typeof direction>;

const place = (what: string) =>
  maybe(
    about(
      text({ maxLength: 40 }),
      `${what}: a subnet, a tunnel (behind its peer) or a Direct Connect gateway (behind its line). Not needed where one of your places alone has the address.`,
    ),
  );
const address = (what: string) => about(text({ maxLength: 15 }), `An IPv4 address: ${what}.`);

export const pathTraceActions = {
  TracePath: reads({
    summary: {
      en: 'Follows a packet and its answer through the network by today’s routes, policies and tunnel states: what decides at each hop, what lost against it, and where the packet ends.',
      zh: '按当前路由、策略和通道状态逐跳追踪报文及其应答：每一跳由谁决定、谁被淘汰，以及报文的去向。',
    },
    request: object({
      SourceAddress: address('who sends'),
      SourceId: place('Where the source is'),
      DestinationAddress: address('who is meant'),
      DestinationId: place(
        'Where the destination is meant to be: from there the answer is followed if the packet does not arrive',
      ),
      Protocol: maybe(
        about(
          oneOf('icmp', 'tcp', 'udp', 'esp'),
          'Tells probes and IKE of a gateway from other packets; no route or policy looks at it.',
        ),
      ),
      Port: maybe(about(integer(1, 65_535), 'Of the destination; it counts as `Protocol` does.')),
    }),
    response: object({
      Traffic: about(
        oneOf('network', 'health-check', 'ike'),
        '`network`: a host’s packet. `health-check`, `ike`: the gateway’s own, which go by their tunnel and no route table.',
      ),
      Protocol: about(Type.String(), 'As asked; empty if it was not.'),
      Port: about(orNull(Type.Integer()), 'As asked.'),
      PortsCount: about(
        Type.Boolean(),
        'Whether protocol and port made a difference: for a gateway’s own packets only.',
      ),
      Forward: direction,
      Return: about(
        orNull(direction),
        'The way of the answer; null where nobody answers, or where it begins at another account’s.',
      ),
    }),
    errors: ['not-found', 'address-at-no-place', 'address-at-several-places'],
  }),
};
