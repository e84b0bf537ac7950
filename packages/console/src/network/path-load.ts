import { call } from '../calls/call.ts';
import type { Load } from '../live/loaded.ts';
import type { PathQuestion } from './path-ends.ts';
import type { Trace } from './reach.ts';

/** What a packet's way may depend on. */
export const wayKinds = [
  ...['vpcs', 'subnets', 'routeTables', 'vpcRoutes', 'vpnGateways', 'customerGateways', 'vpnConnections'],
  ...['vpnGatewayRoutes', 'tunnelStates', 'ccns', 'ccnAttachments', 'ccnRouteTables', 'ccnRoutePolicyLists'],
  ...['ccnSelectionPolicies', 'ccnRouteChoices', 'ccnRangeChoices', 'directConnectGateways', 'directConnectRanges'],
  'directConnectLines',
] as const;

export function pathLoad(question: PathQuestion | null): Load<Trace | null> {
  return {
    kinds: wayKinds,
    everyMs: 30_000,
    load: (isBackground) => (question === null ? Promise.resolve(null) : trace(question, isBackground)),
  };
}

function trace({ from, to, protocol, port }: PathQuestion, isBackground: boolean): Promise<Trace> {
  const asked = {
    ...{ SourceAddress: from.address, DestinationAddress: to.address },
    ...(from.placeId === null ? {} : { SourceId: from.placeId }),
    ...(to.placeId === null ? {} : { DestinationId: to.placeId }),
    ...(protocol === null ? {} : { Protocol: protocol }),
    ...(port === null ? {} : { Port: port }),
  };
  return call('TracePath', asked, { isBackground });
}
