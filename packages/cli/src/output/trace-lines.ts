import type { ResponseOf } from '@landbridge/catalogue/action-definition';
import type {
  pathTraceActions,
  WireDirection,
  WireEnd,
  WireHop,
  WireRival,
  WireWay,
} from '@landbridge/catalogue/operator/path-traces';

/** What TracePath answers. */
export type TraceReply = ResponseOf<typeof pathTraceActions.TracePath>;

/** The way of a packet hop by hop, what was beaten below each, and where it ends; then the answer's. */
export function traceLines({ Traffic, Protocol, Port, PortsCount, Forward, Return }: TraceReply): string[] {
  const asked = [Protocol, Port === null ? '' : `port ${Port}`].filter((word) => word !== '').join(' ');
  return [
    ...directionLines(Forward, asked),
    ...(asked === '' || PortsCount ? [] : ['no route, policy or filter on the way looks at protocols or ports']),
    ...(Traffic === 'network' ? [] : ['made by the gateway itself: no route table decides about it']),
    ...(Return === null ? [] : ['', ...directionLines(Return, 'the answer')]),
  ];
}

export function directionLines(direction: WireDirection, remark: string): string[] {
  const { SourceAddress, DestinationAddress, FromId, Ways, WayCount } = direction;
  const from = FromId === '' ? '' : ` (${FromId})`;
  const head = `${SourceAddress}${from} -> ${DestinationAddress}${remark === '' ? '' : `, ${remark}`}`;
  const more = WayCount - Ways.length;
  return [
    head,
    ...Ways.flatMap((way, number) => [
      ...(Ways.length > 1 ? [`  way ${number + 1} of ${WayCount}; each flow takes one`] : []),
      ...wayLines(way),
    ]),
    ...(more > 0 ? [`  and ${more} more ways`] : []),
  ];
}

function wayLines({ Hops, End }: WireWay): string[] {
  return [...Hops.flatMap(hopLines), `  => ${endText(End)}`];
}

function hopLines({ ResourceId, Name, OtherAccount, Decision, Rivals, RivalCount }: WireHop): string[] {
  const decided = Decision === null ? (OtherAccount ? "another account's" : 'nothing decides') : decisionText(Decision);
  const more = RivalCount - Rivals.length;
  return [
    `  ${named(ResourceId, Name)}: ${decided}`,
    ...Rivals.map((rival) => `      not ${decisionText(rival)}: ${lossText(rival)}`),
    ...(more > 0 ? [`      nor ${more} others`] : []),
  ];
}

type Decision = NonNullable<WireHop['Decision']>;

function decisionText({ Kind, Id, Range, SourceRange, Priority, NextHopId }: Decision): string {
  switch (Kind) {
    case 'vpc-range':
      return `${Range} is local to the VPC`;
    case 'announcement':
      return `${Range}, announced by the CCN`;
    case 'mapping':
      return `policy ${SourceRange} - ${Range} of ${Id}`;
    case 'health-check':
      return `health check of ${Id}`;
    case 'ike':
      return `IKE and ESP of ${Id}`;
    case 'vpc-route':
    case 'gateway-route':
    case 'ccn-route':
      return `route ${Id} ${Range}${Priority === null ? '' : `, priority ${Priority},`} to ${NextHopId}`;
  }
}

const losses: Readonly<Record<WireRival['LostBy'], string>> = {
  'shorter-prefix': 'a longer prefix decides',
  'lower-priority': 'standby: another one has the higher priority',
  'own-routes-first': 'routes of users come before those of the CCN',
  'local-first': "what is the VPC's own stays there",
  'policies-first': 'policies come before routes',
  disabled: 'it is disabled',
  unusable: 'no tunnel that it needs is usable',
  'not-attached': 'the gateway is not attached to that CCN',
  overlap: 'it came later than what it overlaps',
  'default-route': 'a default route has to be enabled by hand',
  'not-announced': 'the policies of its table do not announce it here',
  'other-ranges': 'it names other ranges',
};

function lossText({ LostBy, Detail }: WireRival): string {
  return `${losses[LostBy]}${Detail === '' ? '' : ` (${Detail})`}`;
}

const drops: Readonly<Record<WireEnd['Reason'], string>> = {
  '': '',
  unknown: 'there is no such place',
  'not-forwardable': 'such addresses are never forwarded',
  'foreign-source': 'nobody there has this source address',
  'no-route': 'no route leads there',
  'no-subnet': 'it is in the VPC and in no subnet',
  'not-in-vpc': 'it is not in the VPC',
  'no-mapping': 'no policy of the tunnel names it',
  'no-line': 'the Direct Connect gateway has no line',
  'back-to-ccn': 'what a CCN sent never goes back to it',
  'not-joined': 'the gateway joins neither VPC nor CCN',
};

function endText(end: WireEnd): string {
  const { Kind, ResourceId, Name, Reason, State, Findings } = end;
  switch (Kind) {
    case 'subnet':
      return `delivered to ${named(ResourceId, Name)}`;
    case 'router':
      return `delivered to the gateway address of ${named(ResourceId, Name)}`;
    case 'tunnel': {
      const wrong = Findings.length === 0 ? '' : ` (${Findings.join(', ')})`;
      return `into tunnel ${named(ResourceId, Name)}, encrypted to ${peerText(end)}; it is ${State}${wrong}`;
    }
    case 'line':
      return `onto the line of ${named(ResourceId, Name)}`;
    case 'uplink':
      return `by the uplink to ${peerText(end)}`;
    case 'other-account':
      return `handed over to another account${ResourceId === '' ? '' : ` (${ResourceId})`}`;
    case 'dropped':
      return `DROPPED${ResourceId === '' ? '' : ` by ${ResourceId}`}: ${drops[Reason]} (${Reason})`;
  }
}

function peerText({ PeerAddress, CustomerGatewayId, CustomerGatewayName }: WireEnd): string {
  return `${PeerAddress} (${CustomerGatewayName === '' ? CustomerGatewayId : CustomerGatewayName})`;
}

function named(id: string, name: string): string {
  return name === '' ? id : `${id} (${name})`;
}
