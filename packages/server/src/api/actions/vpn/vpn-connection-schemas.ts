import { Type } from 'typebox';
import { espRequest, ikeRequest } from './negotiation-wire.ts';
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
  tagList,
  text,
} from '@landbridge/catalogue/schema/request-schemas';

/** Requests of tunnels (docs/spec/actions.md section 1.3). */

const bgpConfig = object({ TunnelCidr: text(), LocalBgpIp: text(), RemoteBgpIp: text() });

/**
 * Far above any quota that an operator may set: quotas answer with a message of their own, this one keeps a request
 * within reason.
 */
const mostRanges = 1000;
const policyList = () =>
  maybe(list(object({ LocalCidrBlock: text(), RemoteCidrBlock: list(text(), mostRanges) }), mostRanges));

/** What both creation and change take. */
const negotiation = () => ({
  SecurityPolicyDatabases: policyList(),
  IKEOptionsSpecification: maybe(ikeRequest),
  IPSECOptionsSpecification: maybe(espRequest),
  EnableHealthCheck: maybe(Type.Boolean()),
  HealthCheckLocalIp: maybe(text()),
  HealthCheckRemoteIp: maybe(text()),
  NegotiationType: maybe(oneOf('active', 'passive', 'flowTrigger')),
  DpdEnable: maybe(oneOfNumbers([0, 1])),
  DpdTimeout: maybe(
    Type.Unsafe<string>({
      type: 'string',
      pattern: '^[0-9]{1,4}$',
      means: 'a number of seconds is expected',
      lenient: true,
    }),
  ),
  DpdAction: maybe(oneOf('clear', 'restart')),
  BgpConfig: maybe(bgpConfig),
  HealthCheckConfig: maybe(
    object({
      ProbeType: maybe(oneOf('NQA')),
      // The product's lower bound is 1000 ms.
      ProbeInterval: maybe(integer(100, 5000)),
      ProbeThreshold: maybe(integer(3, 8)),
      ProbeTimeout: maybe(integer(10, 5000)),
    }),
  ),
});

export const createRequest = object({
  VpnGatewayId: idOf('vpngw'),
  CustomerGatewayId: idOf('cgw'),
  VpnConnectionName: nameInCharacters(),
  PreShareKey: anyText(),
  VpcId: maybe(text()),
  Tags: tagList(),
  RouteType: maybe(oneOf('STATIC', 'StaticRoute', 'Policy', 'Bgp')),
  Route: maybe(
    object({
      DestinationCidrBlock: text(),
      Priority: maybe(oneOfNumbers([0, 100])),
      Description: maybe(text()),
    }),
  ),
  ...negotiation(),
});

export const describeRequest = object({ VpnConnectionIds: idList('vpnx'), Filters: filterList(10, 5), ...paging() });

export const modifyRequest = object({
  VpnConnectionId: idOf('vpnx'),
  VpnConnectionName: maybe(nameInCharacters()),
  PreShareKey: maybe(anyText()),
  CustomerGatewayId: maybe(idOf('cgw')),
  ...negotiation(),
});

export const nameRequest = object({ VpnGatewayId: idOf('vpngw'), VpnConnectionId: idOf('vpnx') });
export const probeRequest = object({ VpnGatewayId: idOf('vpngw') });
